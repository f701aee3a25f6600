#!/usr/bin/env bash
# dabest 2025.10.20, paired comparisons of a long table. The column with the number of the client must
# be named (id_col). One would expect a client's second measurement to be set against the same
# client's first. But the number serves only to drop clients with a missing answer: the n-th row of
# one measurement is paired with the n-th row of the other. If rows are in the order in which forms
# came in, clients are paired with strangers. Below all twelve improve by about 3; the very same
# answers in another order give an interval over ten times as wide, and p = .07 rather than below .0001.
# Nothing is raised and nothing is warned about. Sorting by measurement and client helps.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    dabest==2025.10.20 numba==0.61.2 numpy==2.1.3 scipy==1.15.3 pandas==2.2.3 \
    matplotlib==3.10.9 seaborn==0.13.2 statsmodels==0.15.0 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
import contextlib
import io
import warnings
from importlib.metadata import version

import numpy as np
import pandas as pd
from scipy.stats import ttest_rel

with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    import dabest

draw = np.random.default_rng(0)
clients = np.arange(12)
before = draw.normal(20, 5, 12)
after = before - 3 + draw.normal(0, 0.5, 12)
came_in = draw.permutation(12)


def compared(order):
    rows = pd.DataFrame(
        {
            "client": np.concatenate([clients, clients[order]]),
            "time": np.repeat(["before", "after"], 12),
            "distress": np.concatenate([before, after[order]]),
        }
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        paired = dabest.load(
            rows, x="time", y="distress", idx=("before", "after"), paired="baseline", id_col="client"
        )
        row = paired.mean_diff.results.iloc[0]
    width = float(row["bca_high"] - row["bca_low"])
    return float(row["pvalue_paired_students_t"]), round(width, 1)


right = float(ttest_rel(before, after).pvalue)
sorted_p, sorted_width = compared(clients)
shuffled_p, shuffled_width = compared(came_in)
print(f"dabest {version('dabest')}")
print(f"expected in any order: p = {right:.1g}, as by scipy; sorted rows: {sorted_p:.1g}, width {sorted_width}")
print(f"happens in order of arrival: p = {shuffled_p:.2f}, width {shuffled_width}")
if not np.isclose(sorted_p, right) or not 0.05 < shuffled_p < 0.1 or shuffled_width < 8 * sorted_width:
    raise SystemExit(f"This has changed: p = {shuffled_p}, width {shuffled_width}.")
EOF
