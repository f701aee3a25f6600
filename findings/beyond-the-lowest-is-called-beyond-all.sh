#!/usr/bin/env bash
# singlecase 0.2.2, effect sizes of single cases. The percentage of non-overlapping data (pnd) is the
# share of ratings in therapy above the highest before it, or below the lowest where a decrease is
# wanted. It is a hard measure, since a single high rating before therapy brings it down. Here the two
# ends are mixed up: counted are ratings above the lowest before therapy. Below, ratings before and in
# therapy are the same ten in another order, nothing is above the highest, and pnd is 90 %; by hand it
# is 0. Of the non-overlap of all pairs (nap), where a tie counts a half, ties count nothing: 45 % of
# pairs improved and, asked for a decrease, 45 % became worse, where without any change both are 50 %.
# The package is documented as computing pnd and nap, and nothing is said.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    singlecase==0.2.2 numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 matplotlib==3.11.2 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
from importlib.metadata import version

import numpy as np
import pandas as pd
from singlecase import Data
from singlecase.effectsize import nap, pnd

BEFORE = [4.0, 7, 3, 9, 5, 8, 6, 10, 2, 11]
IN_THERAPY = [11, 2, 10, 6, 8, 5, 9, 3, 7, 4]

rows = pd.DataFrame({"phase": ["A"] * 10 + ["B"] * 10, "mood": BEFORE + IN_THERAPY})
case = Data(rows, pvar="phase")


def share(counted):
    return 100 * float(np.mean(counted))


right = {
    "pnd up": share([one > max(BEFORE) for one in IN_THERAPY]),
    "pnd down": share([one < min(BEFORE) for one in IN_THERAPY]),
    "nap up": share([(b > a) + (b == a) / 2 for a in BEFORE for b in IN_THERAPY]),
    "nap down": share([(b < a) + (b == a) / 2 for a in BEFORE for b in IN_THERAPY]),
}
found = {
    "pnd up": float(pnd(case)["mood"]),
    "pnd down": float(pnd(case, decreasing=True)["mood"]),
    "nap up": 100 * float(nap(case)["mood"]),
    "nap down": 100 * float(nap(case, decreasing=True)["mood"]),
}
print(f"singlecase {version('singlecase')}, the same ten ratings before and in therapy")
print(f"expected: {right}, by hand")
print(f"happens: { {name: round(value, 6) for name, value in found.items()} }")
as_described = {"pnd up": 90, "pnd down": 90, "nap up": 45, "nap down": 45}
if any(abs(found[name] - value) > 1e-9 for name, value in as_described.items()):
    raise SystemExit(f"This has changed: {found}.")
EOF
