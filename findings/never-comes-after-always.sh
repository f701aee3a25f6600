#!/usr/bin/env bash
# pandas 3.1.1 with pyreadstat 1.3.7, reading labelled answers. A question has the answers 1 never, 2
# rarely, 3 often, 4 always. From a Stata file pandas makes a scale of them in the order of the
# numbers, and one would expect the same from an SPSS file. There the levels come in alphabetical
# order: always, never, often, rarely. The codes of the answers, tables and the reference of a
# regression go by this order, and the numbers themselves are gone. Below, distress rises with every
# step; its correlation with the codes is 1 from Stata and -.40 from SPSS. Nothing is said. pyreadstat
# by itself keeps the order, with formats_as_ordered_category.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    pandas==3.1.1 pyreadstat==1.3.7 numpy==2.4.6 narwhals==2.29.0 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
from importlib.metadata import version

import pandas as pd
import pyreadstat

ANSWERS = {1: "never", 2: "rarely", 3: "often", 4: "always"}
clients = pd.DataFrame({"alone": [1.0, 2, 3, 4] * 5, "distress": [10.0, 20, 30, 40] * 5})
pyreadstat.write_sav(clients, "clients.sav", variable_value_labels={"alone": ANSWERS})
pyreadstat.write_dta(clients, "clients.dta", variable_value_labels={"alone": ANSWERS})
print(f"pandas {version('pandas')}, pyreadstat {version('pyreadstat')}")
tables = {
    "Stata": pd.read_stata("clients.dta"),
    "SPSS": pd.read_spss("clients.sav"),
    "SPSS by pyreadstat": pyreadstat.read_sav(
        "clients.sav", apply_value_formats=True, formats_as_ordered_category=True
    )[0],
}
levels = {}
for source, table in tables.items():
    scale = table["alone"].cat
    levels[source] = list(scale.categories)
    print(f"{source}: {levels[source]}, correlation {scale.codes.corr(table['distress']):.2f}")
expected = list(ANSWERS.values())
print(f"expected from all: {expected}")
if levels["SPSS"] != sorted(expected) or levels["Stata"] != expected:
    raise SystemExit("This has changed: the order of the levels is another.")
if levels["SPSS by pyreadstat"] != expected:
    raise SystemExit("This has changed: pyreadstat by itself does not keep the order.")
EOF
