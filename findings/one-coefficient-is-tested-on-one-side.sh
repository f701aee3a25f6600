#!/usr/bin/env bash
# irrCAC 0.4.4, agreement of two raters. From the same ratings it gives Brennan and Prediger's coefficient, Fleiss' and
# Conger's kappa, Gwet's AC1 and Krippendorff's alpha, each with an interval and a p-value. One would expect one kind of
# p-value. Four are two-sided, that of Brennan and Prediger (bp) is half of it: below, z = -1.83 with the 95 % interval
# -.39 to .02 goes with p = .037, while Fleiss' kappa with z = -1.87 has p = .070. Nothing is said. Take the interval.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    irrCAC==0.4.4 numpy==1.26.4 pandas==2.3.3 scipy==1.12.0 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
from importlib.metadata import version

import pandas as pd
from irrCAC.raw import CAC
from scipy.stats import t

TABLE = [[3, 5, 4], [6, 3, 5], [4, 6, 2]]
pairs = [
    (one, other)
    for one, row in enumerate(TABLE, 1)
    for other, count in enumerate(row, 1)
    for _ in range(count)
]
agreement = CAC(pd.DataFrame(pairs, columns=["therapist", "observer"]))
print(f"irrCAC {version('irrCAC')}, {len(pairs)} sessions rated by two")
sides = {}
for name in ("bp", "fleiss", "conger", "gwet", "krippendorff"):
    found = getattr(agreement, name)()["est"]
    upper_tail = t.sf(abs(found["z"]), len(pairs) - 1)
    sides[name] = round(found["p_value"] / upper_tail)
    low, high = found["confidence_interval"]
    print(f"{name:12} z {found['z']:.2f}, 95 % {low:.2f} to {high:.2f}, p {found['p_value']:.3f}")
print("tails counted:", sides)
expected = {"bp": 1, "fleiss": 2, "conger": 2, "gwet": 2, "krippendorff": 2}
raise SystemExit(sides != expected)
EOF
