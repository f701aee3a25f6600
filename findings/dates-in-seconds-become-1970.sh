#!/usr/bin/env bash
# pyreadstat 1.3.7 with pandas 3.1.1, writing SPSS, Stata and SAS transport files. pandas 3 keeps
# dates in microseconds when it reads text, but in whole seconds when it is given Python's own dates:
# pd.to_datetime of the dates that pyreadstat itself returns is such a column, and so is pd.date_range
# from one. pyreadstat takes the seconds for a much smaller unit, and every date in the file is the
# first of January 1970. Nothing is raised and nothing is warned about, the column has the right
# type, and a study that reads a file, cleans it and saves it has lost when each session took place.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    pyreadstat==1.3.7 pandas==3.1.1 numpy==2.4.6 narwhals==2.29.0 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
import datetime

import pandas as pd
import pyreadstat

sessions = [datetime.date(2024, 3, 5), datetime.date(2024, 4, 9)]
in_seconds = pd.DataFrame({"session": pd.to_datetime(sessions)})
in_microseconds = pd.DataFrame({"session": in_seconds["session"].dt.as_unit("us")})


def through_a_file(table, kind):
    write = {"sav": pyreadstat.write_sav, "dta": pyreadstat.write_dta, "xpt": pyreadstat.write_xport}
    read = {"sav": pyreadstat.read_sav, "dta": pyreadstat.read_dta, "xpt": pyreadstat.read_xport}
    write[kind](table, f"sessions.{kind}")
    return [str(moment.date()) for moment in read[kind](f"sessions.{kind}")[0]["session"]]


expected = [str(day) for day in sessions]
print(f"pyreadstat {pyreadstat.__version__}, pandas {pd.__version__}")
print(f"unit of the column: {in_seconds['session'].dtype}")
print(f"expected in each file: {expected}")
for kind in ("sav", "dta", "xpt"):
    seconds, microseconds = through_a_file(in_seconds, kind), through_a_file(in_microseconds, kind)
    print(f"{kind}: {seconds} from seconds, {microseconds} from microseconds")
    if seconds != ["1970-01-01", "1970-01-01"] or microseconds != expected:
        raise SystemExit(f"This has changed: {kind} now holds {seconds} and {microseconds}.")
EOF
