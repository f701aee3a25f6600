#!/usr/bin/env bash
# gower 0.1.2, Gower's distance between clients, to find groups of them. A number counts by the
# difference of two clients, divided by the range of all, so that one would expect the same distances
# whether change is after less before or before less after, and wherever zero lies. Both numbers are
# first divided by the largest value. If that is exactly 0, as with changes of distress where the least
# successful client stayed the same, the variable is set to 0 for everybody and still counts in the
# mean: no client differs from another in it, and all distances fall. Below, two clients who differ in
# everything are at .5 instead of 1, and others are the most alike. Nothing is said.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    gower==0.1.2 numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 || exit 2

cd "$folder"
venv/bin/python -W error - <<'EOF'
from importlib.metadata import version

import gower
import numpy as np
import pandas as pd

change = np.array([-20.0, -18.0, 0.0, -5.0])
sessions = np.array([10.0, 16.0, 20.0, 11.0])


def by_hand(*columns):
    """Gower (1971): the mean of the differences, each divided by the range of its variable."""
    return np.mean([abs(x[:, None] - x) / (x.max() - x.min()) for x in columns], axis=0)


def distances(change):
    return gower.gower_matrix(pd.DataFrame({"change": change, "sessions": sessions}))


def nearest(table):
    """The two clients who are most alike."""
    pairs = [(table[a, b], (a + 1, b + 1)) for a in range(len(table)) for b in range(a)]
    return min(pairs)[1]


right = by_hand(change, sessions)
found, turned, moved = distances(change), distances(-change), distances(change + 100)
print(f"gower {version('gower')}, changes {change}, sessions {sessions}")
print(f"expected: clients 1 and 3 at {right[0, 2]:.3f}, most alike {nearest(right)}, by hand")
print(f"with the sign turned: {turned[0, 2]:.3f}, {nearest(turned)}")
print(f"with 100 added: {moved[0, 2]:.3f}, {nearest(moved)}")
print(f"happens: {found[0, 2]:.3f}, {nearest(found)}")
without = by_hand(sessions) / 2
as_described = (
    np.allclose(found, without, atol=1e-6)
    and np.allclose(turned, right, atol=1e-6)
    and np.allclose(moved, right, atol=1e-5)
    and nearest(found) != nearest(right)
)
if not as_described:
    raise SystemExit(f"This has changed: {found.round(3).tolist()}, by hand {right.round(3).tolist()}.")
EOF
