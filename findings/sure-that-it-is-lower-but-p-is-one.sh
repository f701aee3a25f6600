#!/usr/bin/env bash
# RyStats 0.5.0, statistics for psychology: t-tests to one side (tailed="Left", "Right"), for one sample,
# two groups or two occasions. A test to the left asks whether the first mean is lower, and one would
# expect a small p where it clearly is. The interval beside it is of that kind: it has no lower end, and
# excludes 0 where the first mean is clearly lower. The p-value is that of the other side. Below, guided
# care ends with less distress than usual care: to the left the interval ends at -3.3, well below 0, and
# p = .9998; to the right it holds 0 with ease and p = .0002. scipy gives the same intervals with the
# p-values exchanged. So who tests that a therapy lowers distress finds nothing, and that it raises
# it, certainty. The documentation says "left/right one tailed t-test" and no more.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    RyStats==0.5.0 numpy==2.2.6 scipy==1.14.1 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
from importlib.metadata import version

import numpy as np
from RyStats.inferential import equal_variance_ttest, one_sample_ttest, repeated_ttest, unequal_variance_ttest
from scipy.stats import ttest_1samp, ttest_ind, ttest_rel

guided = np.array([10.0, 14, 9, 12, 16, 11, 13, 8, 15, 12])
usual = np.array([17.0, 21, 13, 19, 16, 22, 18, 12, 20, 18])
TESTS = {
    "two groups": (equal_variance_ttest, ttest_ind, (guided, usual), {}),
    "two groups (Welch)": (unequal_variance_ttest, ttest_ind, (guided, usual), {"equal_var": False}),
    "two occasions": (repeated_ttest, ttest_rel, (guided, usual), {}),
    "one sample against 20": (one_sample_ttest, ttest_1samp, (guided, 20.0), {}),
}
flips = np.random.default_rng(0)
both = np.concatenate([guided, usual])
lower = sum(
    shuffled[:10].mean() - shuffled[10:].mean() <= guided.mean() - usual.mean()
    for shuffled in (flips.permutation(both) for _ in range(5000))
)
print(f"RyStats {version('RyStats')}, mean distress {guided.mean()} after guided, {usual.mean()} after usual care")
print(f"expected: p small to the left; {lower} of 5000 random divisions are as low or lower")
if lower > 20:
    raise SystemExit(f"This has changed: {lower} of 5000.")
for name, (theirs, scipys, data, options) in TESTS.items():
    for side, alternative, other in (("Left", "less", "greater"), ("Right", "greater", "less")):
        found = theirs(*data, tailed=side)
        right = scipys(*data, alternative=alternative, **options)
        turned = scipys(*data, alternative=other, **options).pvalue
        ends = np.array(right.confidence_interval(0.95))
        if name == "two groups":
            print(f"happens, {name}, {side}: interval {found['95th CI'].round(1)}, p = {found['P_value']:.4f};")
            print(f"    scipy, {alternative}: {ends.round(1)}, p = {right.pvalue:.4f}")
        if not np.allclose(found["95th CI"], ends):
            raise SystemExit(f"This has changed: {name}, {side}: {found['95th CI']}, scipy {ends}.")
        if not np.isclose(found["P_value"], turned) or np.isclose(found["P_value"], right.pvalue):
            raise SystemExit(f"This has changed: {name}, {side}: p = {found['P_value']}, scipy {right.pvalue}.")
EOF
