#!/usr/bin/env bash
# numba 0.68.1, np.median in a compiled function. If one outcome is missing (not a number), numpy gives
# not a number, and numba's mean, max, percentile and quantile do so too. One would expect the same of
# its median, and in any case one value for the same outcomes in any order. Compiled, it is some number
# near the middle, another one when the rows come in another order, and now and then not a number. The
# value looks right and is not the median of those who answered either. Nothing is said. np.nanmedian,
# compiled, is right.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    numba==0.68.1 llvmlite==0.50.0 numpy==2.4.6 || exit 2

cd "$folder"
venv/bin/python -W error - <<'EOF'
from importlib.metadata import version

import numba
import numpy as np


@numba.njit
def middle(outcomes):
    return np.median(outcomes)


@numba.njit
def half_way(outcomes):
    return np.percentile(outcomes, 50.0)


outcomes = np.array([12.0, 14, 15, 19, 23, 24, 28, 30, 31, 35, np.nan, np.nan, np.nan])
draw = np.random.default_rng(0)
orders = [draw.permutation(outcomes) for _ in range(200)]
of_those_who_answered = float(np.nanmedian(outcomes))
found = {float(middle(order)) for order in orders}
values = sorted(value for value in found if not np.isnan(value))
print(f"numba {version('numba')}, numpy {version('numpy')}: 13 outcomes, 3 of them missing")
print(f"expected in any order: {np.median(outcomes)}, as numpy; of those who answered {of_those_who_answered}")
print(f"happens in 200 orders of the same outcomes: {values}")
if not np.isnan(np.median(outcomes)) or not all(np.isnan(half_way(order)) for order in orders):
    raise SystemExit("This has changed: numpy's median or numba's percentile is a number.")
if len(values) < 3:
    raise SystemExit(f"This has changed: {values}.")
EOF
