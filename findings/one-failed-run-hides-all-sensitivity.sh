#!/usr/bin/env bash
# SALib 1.6.0, Sobol analysis. If a single model run out of thousands failed and its outcome is not a
# number, one would expect every index to be not a number, or an error. Instead every first-order and
# total index is exactly 0, every interval has width 0, and there is no warning: the analysis
# reports with certainty that no factor matters. The output is centred first, which spreads the
# missing value to all runs; the division that follows then keeps its prepared zeros, because a
# variance that is not a number is not above the threshold. A table or a plot shows a clean result.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    SALib==1.6.0 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 matplotlib==3.11.2 multiprocess==0.70.19 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
import warnings
from importlib.metadata import version

import numpy as np
from SALib.analyze import sobol
from SALib.sample import sobol as design

problem = {"num_vars": 3, "names": ["trust", "empathy", "strain"], "bounds": [[0, 1]] * 3}
points = design.sample(problem, 1024, seed=1)
outcome = points[:, 0] + 2 * points[:, 1] ** 2
one_failed = outcome.copy()
one_failed[7] = np.nan


def analysed(values):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        found = sobol.analyze(problem, values, seed=1)
    return np.round(found["ST"], 2).tolist(), np.round(found["ST_conf"], 2).tolist(), len(said)


whole, _, _ = analysed(outcome)
total, interval, warned = analysed(one_failed)
print(f"SALib {version('SALib')}, {len(outcome):,} runs")
print(f"total indices of all runs: {whole}")
print("expected with one run missing: not a number, or an error")
print(f"happens: {total}, intervals {interval}, {warned} warnings")
if whole[1] < 0.5 or total != [0, 0, 0] or interval != [0, 0, 0] or warned:
    raise SystemExit(f"This has changed: the indices are {total}, with {warned} warnings.")
EOF
