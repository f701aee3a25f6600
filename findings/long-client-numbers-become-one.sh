#!/usr/bin/env bash
# pyreadstat 1.3.7, writing SPSS, Stata and SAS transport files. Pseudonyms may be whole numbers of 17
# digits or more, if a program made them. None of these formats holds such a number exactly, so one
# would expect an error, or a warning as from pandas 3.1.1 when it writes Stata files itself.
# pyreadstat rounds to the nearest number that the format holds: three clients in a row come back as
# one, in all four formats, from pandas as from polars, and a join by the number gives each of them the
# answers of all. Nothing is raised and nothing is warned about. Write such numbers as text.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    pyreadstat==1.3.7 pandas==3.1.1 polars==2.1.0 numpy==2.4.6 narwhals==2.29.0 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
import warnings

import pandas as pd
import polars as pl
import pyreadstat

numbers = [240000000000000001, 240000000000000002, 240000000000000003]
FORMATS = {
    "sav": (pyreadstat.write_sav, pyreadstat.read_sav),
    "por": (pyreadstat.write_por, pyreadstat.read_por),
    "dta": (pyreadstat.write_dta, pyreadstat.read_dta),
    "xpt": (pyreadstat.write_xport, pyreadstat.read_xport),
}


def clients_left(table, kind):
    write, read = FORMATS[kind]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        write(table, f"clients.{kind}")
        return read(f"clients.{kind}")[0].iloc[:, 0].nunique()


tables = {"pandas": pd.DataFrame({"client": numbers}), "polars": pl.DataFrame({"client": numbers})}
with warnings.catch_warnings(record=True) as by_pandas:
    warnings.simplefilter("always")
    tables["pandas"].to_stata("pandas.dta", write_index=False)
happens = {
    name: {kind: clients_left(table, kind) for kind in FORMATS} for name, table in tables.items()
}
print(f"pyreadstat {pyreadstat.__version__}, pandas {pd.__version__}, polars {pl.__version__}")
print(f"expected: {len(numbers)} clients, an error or a warning")
print(f"pandas itself warns: {[message.category.__name__ for message in by_pandas]}")
print(f"happens: {happens}")
if not by_pandas or {left for kinds in happens.values() for left in kinds.values()} != {1}:
    raise SystemExit(f"This has changed: {happens}.")
EOF
