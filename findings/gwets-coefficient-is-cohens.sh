#!/usr/bin/env bash
# iaa-kit 0.1.2, Gwet's AC2 of two raters (ac2). It is used where nearly all sessions get the same
# rating, since Cohen's kappa is then low even if raters nearly always agree. One would expect
# agreement by chance as Gwet defines it, and ac1 of the same module does so. ac2 hands its data on to
# Cohen's weighted kappa. Below, two raters agree in 16 of 20 sessions and differ by one point in the
# others; AC2 by hand is .88, and ac2 gives .26, which is kappa to the last digit. The package lists
# AC2 among what it computes, and nothing says that it is not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    iaa-kit==0.1.2 numpy==2.4.6 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
from importlib.metadata import version

import numpy as np
from iaa_kit import ac1, ac2, weighted_kappa

LEVELS = [3, 4, 5]
THERAPIST = [5] * 16 + [4, 5, 4, 5]
OBSERVER = [5] * 16 + [5, 4, 3, 4]


def gwet(weights):
    """AC1 or AC2 after Gwet (2008, 2014), by the weights of agreement."""
    table = np.zeros((len(LEVELS), len(LEVELS)))
    for one, other in zip(THERAPIST, OBSERVER):
        table[LEVELS.index(one), LEVELS.index(other)] += 1 / len(THERAPIST)
    share = (table.sum(0) + table.sum(1)) / 2
    chance = weights.sum() * (share * (1 - share)).sum() / (len(LEVELS) * (len(LEVELS) - 1))
    return ((weights * table).sum() - chance) / (1 - chance)


apart = np.abs(np.subtract.outer(LEVELS, LEVELS))
right = gwet(1 - apart / apart.max())
found = ac2(THERAPIST, OBSERVER, weight="linear")
kappa = weighted_kappa(THERAPIST, OBSERVER, weight="linear")
unweighted = gwet(np.eye(len(LEVELS)))
print(f"iaa-kit {version('iaa-kit')}, {len(THERAPIST)} sessions rated by two")
print(f"AC1: {ac1(THERAPIST, OBSERVER):.3f}, by hand {unweighted:.3f}")
print(f"expected: AC2 {right:.3f}, by hand")
print(f"happens: ac2 {found:.3f}, weighted kappa {kappa:.3f}")
if found != kappa or abs(found - right) < 0.1 or abs(ac1(THERAPIST, OBSERVER) - unweighted) > 1e-9:
    raise SystemExit(f"This has changed: {found:.3f}, by hand {right:.3f}, kappa {kappa:.3f}.")
EOF
