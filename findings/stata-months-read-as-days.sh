#!/usr/bin/env bash
# polars-readstat 0.25.0, reading Stata files. Stata counts a monthly date in months since 1960, a
# quarterly one in quarters, a yearly one in years; the display format (%tm, %tq, %ty) says which. The
# reader recognises that these are dates and then counts all of them in days, so that assessments in
# January, February and March 2020 come back as three days in a row in December 1961, a year as a day
# in 1965. The type is a proper date and the order is right, so nothing stops an analysis in which
# the months between two assessments have become days. pandas reads the same file rightly.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    polars-readstat==0.25.0 polars==2.1.0 pandas==3.1.1 numpy==2.4.6 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
from importlib.metadata import version

import pandas as pd
import polars_readstat

starts = pd.to_datetime(["2020-01-01", "2021-01-01"])
formats = {"month": "tm", "quarter": "tq", "year": "ty", "day": "td"}
pd.DataFrame(dict.fromkeys(formats, starts)).to_stata(
    "assessments.dta", convert_dates=formats, write_index=False
)

by_pandas = pd.read_stata("assessments.dta")
by_polars = polars_readstat.read_readstat("assessments.dta")
described = {
    "month": ["1961-12-21", "1962-01-02"],
    "quarter": ["1960-08-28", "1960-09-01"],
    "year": ["1965-07-13", "1965-07-14"],
    "day": ["2020-01-01", "2021-01-01"],
}
print(f"polars-readstat {version('polars-readstat')}")
for name, wrong in described.items():
    expected = [str(day.date()) for day in by_pandas[name]]
    seen = [str(day) for day in by_polars[name]]
    print(f"{name}: expected {expected}, as pandas reads it; happens {seen}")
    if expected != ["2020-01-01", "2021-01-01"] or seen != wrong:
        raise SystemExit(f"This has changed: the {name} is read as {seen}.")
EOF
