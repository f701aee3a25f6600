#!/usr/bin/env bash
# scia 2.1.1, the reliable change index for single cases. The confidence intervals beside it need one
# number, the point of the normal distribution below which 97.5 % lie, 1.96. One would expect the same
# interval for the same data. The point is taken from 10,000 random draws, anew in every call, so that
# intervals differ from call to call and between two authors of one report, and a limit just above or
# below a cut-off may change sides. The draws come from numpy's global stream: a seeded simulation
# that prints the index on its way goes on with other numbers than one that does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    scia==2.1.1 numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 statsmodels==0.15.0 \
    scikit-learn==1.9.1 matplotlib==3.11.2 openpyxl==3.1.5 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
import contextlib
import io
from importlib.metadata import version

import numpy as np
import pandas as pd

with contextlib.redirect_stdout(io.StringIO()):
    import scia

case = pd.DataFrame(
    {
        "phase": ["A"] * 5 + ["B"] * 5,
        "values": [20, 22, 19, 21, 23, 15, 14, 16, 13, 12],
        "mt": range(1, 11),
    }
)


def printed_interval():
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        scia.rci(case)
    rows = [line.split() for line in said.getvalue().splitlines() if line.startswith("A-Phase")]
    limits = rows[-1][1:]
    return tuple(round(float(limit), 3) for limit in limits)


np.random.seed(1)
undisturbed = np.random.random()
np.random.seed(1)
intervals = [printed_interval() for _ in range(3)]
disturbed = np.random.random() != undisturbed
spread = case["values"][:5].std() * np.sqrt(1 - 0.8) * 1.959964
exact = tuple(round(float(21 + side * spread), 3) for side in (-1, 1))
print(f"scia {version('scia')}")
print(f"expected in every call, for the mean of the first phase: {exact}")
print(f"happens in three calls: {intervals}; numpy's global stream is moved on: {disturbed}")
if len(set(intervals)) == 1 or not disturbed:
    raise SystemExit(f"This has changed: {intervals}, stream moved on {disturbed}.")
EOF
