#!/usr/bin/env bash
# pycrr 0.1.0, Gray's test whether two clinics differ in one of two endings (gray_test). Clients who
# ended otherwise stay among those at risk, but only as far as they would have been followed: Gray
# weighs them by how many still are. Here they stay for ever, while others leave when they are last
# seen. A clinic that was followed for less so has too many at risk, and seems to have too few endings.
# Below, both clinics have the very same clients, only that the second was last seen at four months.
# Up to then nothing differs, and one would expect p = 1. CompRiskReg 1.0.0 gives it; pycrr has
# p = .024. Of a hundred pairs of clinics that are drawn alike and followed for 5 and 30 months, pycrr
# calls 25 different at the level of 5 %, CompRiskReg 8. The documentation names Gray's article.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    pycrr==0.1.0 CompRiskReg==1.0.0 lifelines==0.30.3 numpy==2.2.6 scipy==1.14.1 pandas==2.3.3 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
from importlib.metadata import version

import numpy as np
from CompRiskReg import cuminc
from pycrr import Surv, gray_test

CENSORED, COMPLETED, DROPPED_OUT = 0, 1, 2


def ended(draw, clients, completing, dropping):
    """Months to whichever ending comes first, and which it is."""
    completed, dropped = draw.exponential(completing, clients), draw.exponential(dropping, clients)
    return np.minimum(completed, dropped), np.where(completed < dropped, COMPLETED, DROPPED_OUT)


def last_seen_at(month, months, endings):
    return np.minimum(months, month), np.where(months > month, CENSORED, endings)


def both(months, endings, clinic):
    """The p-value of completing by each of the packages."""
    by_gray = cuminc(months, endings, clinic)
    row = [str(label) for label in by_gray["_test_labels"]].index(str(COMPLETED))
    return gray_test(Surv(months, endings), clinic).pvalue, float(by_gray["Tests"][row][1])


whole = ended(np.random.default_rng(0), 400, completing=10, dropping=5)
cut = last_seen_at(4, *whole)
same, right = both(
    np.concatenate([whole[0], cut[0]]), np.concatenate([whole[1], cut[1]]), np.repeat([0, 1], 400)
)

called = np.zeros(2)
for seed in range(100):
    months, endings = ended(np.random.default_rng(seed), 200, completing=10, dropping=10)
    clinic = np.arange(200) % 2
    called += np.less(both(*last_seen_at(np.where(clinic == 0, 5, 30), months, endings), clinic), 0.05)

print(f"pycrr {version('pycrr')}, CompRiskReg {version('CompRiskReg')}")
print(f"expected for the very same clients, followed for less: p = 1, CompRiskReg {right:.3f}")
print(f"happens: p = {same:.3f}")
print(f"called different, of a hundred drawn alike: pycrr {called[0]:.0f}, CompRiskReg {called[1]:.0f}")
if right < 0.999 or not 0.02 < same < 0.03 or called[0] < 20 or called[1] > 10:
    raise SystemExit(f"This has changed: p = {same}, {right}; called {called}.")
EOF
