#!/usr/bin/env bash
# scikit-learn 1.9.1, weighted kappa of two raters (cohen_kappa_score with weights). Ratings are
# numbers, so one would expect two of them to be as far apart as their difference. What counts is the
# number of steps between levels that somebody has used: where nobody chose the middle of a scale from
# 1 to 7, a 2 and a 7 are as near as a 1 and a 2. Below, raters disagree by five points in six of
# twenty sessions, and have .73 where it is .34. With four more sessions, in which they agree to the
# point, it falls to .41. With all levels named (labels) both are right. The documentation speaks of
# labels as a choice of levels, and nothing says that they are distances.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    scikit-learn==1.9.1 numpy==2.4.6 scipy==1.17.1 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
from importlib.metadata import version

import numpy as np
from sklearn.metrics import cohen_kappa_score

SCALE = [1, 2, 3, 4, 5, 6, 7]
THERAPIST = [1] * 6 + [2] * 6 + [7] * 2 + [2] * 3 + [7] * 3
OBSERVER = [1] * 6 + [2] * 6 + [7] * 2 + [7] * 3 + [2] * 3
AGREED = [3, 4, 5, 6]


def by_hand(one, other):
    """Weighted kappa with squared distances in points of the scale."""
    one, other = np.array(one, float), np.array(other, float)
    by_chance = (one[:, None] - other[None, :]) ** 2
    return 1 - ((one - other) ** 2).mean() / by_chance.mean()


print(f"scikit-learn {version('scikit-learn')}")
values = []
for what, more in (("twenty sessions", []), ("and four with agreement", AGREED)):
    pair = (THERAPIST + more, OBSERVER + more)
    found = cohen_kappa_score(*pair, weights="quadratic")
    named = cohen_kappa_score(*pair, weights="quadratic", labels=SCALE)
    values += [found, named - by_hand(*pair)]
    print(f"{what}: expected {by_hand(*pair):.3f}, happens {found:.3f}, with labels {named:.3f}")
first, first_gap, second, second_gap = values
if max(abs(first_gap), abs(second_gap)) > 1e-9:
    raise SystemExit("This has changed: with labels it is not what it is by hand.")
if not first > 0.7 > 0.5 > second:
    raise SystemExit(f"This has changed: {first:.3f}, then {second:.3f}.")
EOF
