#!/usr/bin/env bash
# SALib 1.6.0, derivative-based sensitivity (dgsm) with factors that are normally distributed. finite_diff
# draws them as asked for, and the source says of dgsm that it is never less than the total index. For a
# normal factor that holds if the mean squared derivative is multiplied by the factor's variance. Here
# the formula is always the one for a uniform factor between two ends, and what is taken for the ends
# are the mean and the standard deviation. So how much a factor matters depends on its mean, which
# changes nothing in the model. Below, an outcome is the sum of two factors, and 99 % of its variance is
# the first one's. With means of 0 dgsm is a tenth of the total index. With means of 11 the second
# matters a hundred times as much as the first. Where its mean equals its standard deviation, the first
# has exactly 0. Nothing is raised and nothing is warned about.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    SALib==1.6.0 numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 || exit 2

cd "$folder"
venv/bin/python -W error - <<'EOF'
from importlib.metadata import version

import numpy as np
from SALib.analyze import dgsm
from SALib.sample import finite_diff

DEVIATIONS = np.array([10.0, 1.0])


def measured(means):
    """dgsm of two factors whose sum is the outcome."""
    problem = {
        "num_vars": 2,
        "names": ["distress", "alliance"],
        "bounds": [list(one) for one in zip(means, DEVIATIONS)],
        "dists": ["norm", "norm"],
    }
    runs = finite_diff.sample(problem, 1000, seed=1)
    drawn = runs[::3].std(axis=0)
    assert np.allclose(drawn, DEVIATIONS, rtol=0.05), drawn
    return np.asarray(dgsm.analyze(problem, runs, runs.sum(axis=1), seed=1)["dgsm"])


right = DEVIATIONS**2 / (DEVIATIONS**2).sum()
print(f"SALib {version('SALib')}, outcome = distress + alliance")
print(f"expected with any means: total indices, and dgsm, {right.round(3)}")
found = {}
for means in ((0.0, 0.0), (11.0, 11.0), (10.0, 0.0)):
    found[means] = measured(means)
    print(f"happens with means {means}: dgsm {found[means].round(5)}")
near, far, equal = found.values()
if not near[0] < right[0] / 5 or not far[1] > 50 * far[0] or equal[0] != 0:
    raise SystemExit(f"This has changed: {found}.")
EOF
