#!/usr/bin/env bash
# pyreadstat 1.3.7, writing SPSS files. A table has WAI as therapists rated it and wai as clients did.
# SPSS does not tell capitals from small letters in names, so one would expect an error, as pyreadstat
# raises for other names that SPSS does not allow, such as ALL. The file is written, and pyreadstat
# reads both names back. SPSS's own library, inside pyspssio 0.6.0, reads the second as v1: the
# ratings are there, but no one can tell whose they are, and syntax for wai takes the therapists'
# instead.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    pyreadstat==1.3.7 pyspssio==0.6.0 pandas==2.3.3 numpy==2.4.6 narwhals==2.29.0 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
from importlib.metadata import version

import pandas as pd
import pyreadstat
import pyspssio

ratings = pd.DataFrame({"WAI": [1.0, 2.0], "wai": [3.0, 4.0]})
pyreadstat.write_sav(ratings, "ratings.sav")
again = list(pyreadstat.read_sav("ratings.sav")[0].columns)
in_spss, _ = pyspssio.read_sav("ratings.sav")
try:
    pyreadstat.write_sav(ratings.rename(columns={"wai": "ALL"}), "reserved.sav")
    refused = False
except pyreadstat.ReadstatError:
    refused = True
print(f"pyreadstat {version('pyreadstat')}, pyspssio {version('pyspssio')}")
print(f"expected: an error, as for the name ALL (refused: {refused})")
print(f"happens: pyreadstat reads {again}, SPSS's own library {list(in_spss.columns)}")
if again != ["WAI", "wai"] or list(in_spss.columns) != ["WAI", "v1"] or not refused:
    raise SystemExit(f"This has changed: {again}, in SPSS {list(in_spss.columns)}.")
EOF
