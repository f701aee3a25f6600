#!/usr/bin/env bash
# greenwood 0.8.0, the log-rank test, with polars 2.1.0. Of six clients it is not known whether they
# had guided or usual care. With the response as a formula they are left out, as one would expect.
# With the response as an object they become a group of their own, whether the group is given as a
# column or by its name in the same table: the test has two degrees of freedom, and p = .002 where
# guided and usual care do not differ (p = .38). Nothing is raised and nothing is warned about. The
# degrees of freedom are the only sign; the same text in pandas 3 ends in an error instead.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    greenwood==0.8.0 polars==2.1.0 numpy==2.4.6 scipy==1.17.1 narwhals==2.29.0 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
import warnings
from importlib.metadata import version

import numpy as np
import polars as pl

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import greenwood

draw = np.random.default_rng(1)
sessions = draw.integers(1, 13, size=60).astype(float)
sessions[:12] = 1
clients = pl.DataFrame(
    {
        "sessions": sessions,
        "left": (draw.random(60) < 0.7).astype(int),
        "care": [None] * 6 + ["guided"] * 24 + ["usual"] * 30,
    }
)
response = greenwood.Surv(clients["sessions"], event=clients["left"])


def tested(*response_and_group, data=None):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = greenwood.logrank_test(*response_and_group, data=data)
    return int(result.df), round(float(result.p_value), 3)


expected = tested("Surv(sessions, left) ~ care", data=clients)
by_name = tested(response, "care", data=clients)
by_column = tested(response, clients["care"])
print(f"greenwood {version('greenwood')}, polars {pl.__version__}: degrees of freedom and p")
print(f"expected, and happens with a formula: {expected}")
print(f"happens otherwise: {by_name} by name, {by_column} by column")
if expected[0] != 1 or by_name[0] != 2 or by_column != by_name:
    raise SystemExit(f"This has changed: {expected} by formula, {by_name} and {by_column}.")
EOF
