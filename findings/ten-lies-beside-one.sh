#!/usr/bin/env bash
# iaa-kit 0.1.2, weighted kappa of two raters. On a scale from 0 to 10, raters who differ by one point
# should weigh as a small difference, wherever on the scale it is. The levels are put in order by
# their printed form, though they are whole numbers: 0, 1, 10, 2, 3 and so on. A 10 is next to a 1,
# and eight steps of ten away from a 9. Below, two raters of distress never differ by more than a
# point, and their kappa is .19 instead of .98. With letters in place of the numbers it is right.
# Nothing is said.
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
from iaa_kit import weighted_kappa

THERAPIST = [0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 9, 10, 9, 10, 9, 10, 10]
OBSERVER = [0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 10, 9, 10, 9, 9, 10, 9, 10, 10, 10]


def by_hand(one, other):
    """Weighted kappa with squared distances in points of the scale."""
    one, other = np.array(one, float), np.array(other, float)
    by_chance = (one[:, None] - other[None, :]) ** 2
    return 1 - ((one - other) ** 2).mean() / by_chance.mean()


found = weighted_kappa(THERAPIST, OBSERVER, weight="quadratic")
letters = dict(zip(range(11), "abcdefghijk"))
lettered = weighted_kappa(
    [letters[n] for n in THERAPIST], [letters[n] for n in OBSERVER], weight="quadratic"
)
right = by_hand(THERAPIST, OBSERVER)
widest = max(abs(a - b) for a, b in zip(THERAPIST, OBSERVER))
print(f"iaa-kit {version('iaa-kit')}, {len(THERAPIST)} sessions, raters at most {widest} point apart")
print(f"expected: {right:.3f}, by hand; with a letter for each level {lettered:.3f}")
print(f"happens: {found:.3f}")
if abs(lettered - right) > 0.001 or abs(found - right) < 0.1:
    raise SystemExit(f"This has changed: {found:.3f}, by hand {right:.3f}.")
EOF
