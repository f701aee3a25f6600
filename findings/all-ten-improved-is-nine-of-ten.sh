#!/usr/bin/env bash
# CLES 0.1.3, the common language effect size of two paired measurements: of 100 clients, how many
# have changed in the commoner direction. All ten clients below improve, so one would expect 100,
# whichever measurement is named first. The differences are compared with a row of zeros that is one
# too short, and the count is divided by the number there should be. With the measurement after
# therapy named first it is 100, with the one before named first 90. Where five of ten improve it is
# 55 rather than 50, and where all of four improve, 75. Nothing is said.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    CLES==0.1.3 numpy==2.4.6 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
from importlib.metadata import version

import numpy as np
from CLES.CLES import CLES_2paired

before = np.array([20.0, 21, 22, 23, 24, 25, 26, 27, 28, 29])
after = before + 3
half = before + np.tile([3, -3], 5)
seen = {
    "all ten improve, before first": (100, CLES_2paired(before, after)),
    "all ten improve, after first": (100, CLES_2paired(after, before)),
    "five of ten improve": (50, CLES_2paired(before, half)),
    "all of four improve, before first": (100, CLES_2paired(before[:4], after[:4])),
}
print(f"CLES {version('CLES')}")
for what, (expected, found) in seen.items():
    print(f"{what}: expected {expected}, happens {found:.0f}")
raise SystemExit([round(found) for _, found in seen.values()] != [90, 100, 55, 75])
EOF
