#!/usr/bin/env bash
# pyreadstat 1.3.7, writing SPSS files from pandas 3.1.1 and polars 2.1.0. A file of SPSS has no time
# zones, so a time with a zone should keep its clock time or be refused. Given the same column, the
# same function does two other things: from pandas it writes a text variable with the offset in it,
# and from polars a date and time moved to UTC, without a word. An evening session in New York on the
# fifth of March is then a session on the sixth, and sites that exported with different tables differ
# by a day wherever two sessions a week or the day of a crisis call matter.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    pyreadstat==1.3.7 pandas==3.1.1 polars==2.1.0 numpy==2.4.6 narwhals==2.29.0 tzdata==2026.6 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
import datetime
from zoneinfo import ZoneInfo

import pandas as pd
import polars as pl
import pyreadstat

evening = datetime.datetime(2024, 3, 5, 23, 30, tzinfo=ZoneInfo("America/New_York"))
tables = {
    "pandas": pd.DataFrame({"session": [pd.Timestamp(evening)]}),
    "polars": pl.DataFrame({"session": [evening]}),
}
described = {
    "pandas": ("A25", "2024-03-05 23:30:00-05:00"),
    "polars": ("DATETIME20", "2024-03-06 04:30:00"),
}
print(f"pyreadstat {pyreadstat.__version__}, pandas {pd.__version__}, polars {pl.__version__}")
print("expected from both: a date and time of 2024-03-05 23:30:00, or a refusal")
for kind, table in tables.items():
    pyreadstat.write_sav(table, "sessions.sav")
    read, about = pyreadstat.read_sav("sessions.sav")
    seen = (about.original_variable_types["session"], str(read["session"][0]))
    print(f"{kind}: {seen[1]} in a variable of format {seen[0]}")
    if seen != described[kind]:
        raise SystemExit(f"This has changed: {kind} gives {seen}.")
EOF
