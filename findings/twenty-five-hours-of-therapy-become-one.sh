#!/usr/bin/env bash
# pyreadstat 1.3.7, reading SPSS files. A variable of format TIME holds hours, minutes and seconds,
# and may hold more than a day, as hours of therapy received do. One would expect a duration, as
# SPSS's own library in pyspssio 0.6.0 gives, or an error. pyreadstat gives a time of day and drops
# whole days: 25 hours come back as 01:00, a full day as midnight, and clients with much therapy rank
# among those with least. Nothing is raised and nothing is warned about. The number of seconds is
# right with disable_datetime_conversion=True.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    pyreadstat==1.3.7 pyspssio==0.6.0 pandas==2.3.3 numpy==2.4.6 narwhals==2.29.0 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
import warnings
from importlib.metadata import version

import pandas as pd
import pyreadstat
import pyspssio

clients = pd.DataFrame({"received": pd.to_timedelta([1, 24, 25, 49], unit="h")})
pyspssio.write_sav("hours.sav", clients)
expected = [str(duration) for duration in pyspssio.read_sav("hours.sav")[0]["received"]]
with warnings.catch_warnings():
    warnings.simplefilter("error")
    table, about = pyreadstat.read_sav("hours.sav")
seen = [str(moment) for moment in table["received"]]
plain, _ = pyreadstat.read_sav("hours.sav", disable_datetime_conversion=True)
hours = (plain["received"] / 3600).tolist()
print(f"pyreadstat {version('pyreadstat')}, pyspssio {version('pyspssio')}")
print(f"format of the variable: {about.original_variable_types['received']}")
print(f"expected: {expected}")
print(f"happens: {seen}; unconverted, in hours: {hours}")
if seen != ["01:00:00", "00:00:00", "01:00:00", "01:00:00"] or hours != [1, 24, 25, 49]:
    raise SystemExit(f"This has changed: {seen}.")
EOF
