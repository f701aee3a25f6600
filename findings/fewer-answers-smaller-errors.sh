#!/usr/bin/env bash
# semopy 2.3.11, factor models with missing answers. Rows with a missing answer are neither refused
# nor left out: each covariance is taken from the rows that happen to have both answers, and all of
# them are treated as coming from the full number of rows. The less is known about an item, the surer
# the model is of it. Below, one item of a questionnaire was answered by 10 of 200 clients, and its
# standard error is half of what it is when all 200 answered; over the 10 complete rows it is nearly
# four times as large. No message says how many rows were complete. Drop incomplete rows yourself.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    semopy==2.3.11 numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 statsmodels==0.15.0 \
    scikit-learn==1.9.1 sympy==1.14.0 numdifftools==0.11.2 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
from importlib.metadata import version

import numpy as np
import pandas as pd
import semopy

draw = np.random.default_rng(1)
alliance = draw.normal(size=200)
answered = pd.DataFrame(
    {name: 0.7 * alliance + 0.7 * draw.normal(size=200) for name in ("task", "bond", "goal", "trust")}
)
hardly_answered = answered.copy()
hardly_answered.loc[:189, "task"] = np.nan


def standard_error(rows):
    model = semopy.Model("alliance =~ bond + task + goal + trust")
    model.fit(rows)
    table = model.inspect()
    loading = table[(table["lval"] == "task") & (table["rval"] == "alliance")]
    return round(float(loading["Std. Err"].iloc[0]), 3), model.n_samples


everybody, _ = standard_error(answered)
hardly, counted = standard_error(hardly_answered)
complete, _ = standard_error(hardly_answered.dropna())
print(f"semopy {version('semopy')}")
print(f"standard error of the loading of task: {everybody} if all 200 answered")
print(f"expected with 10 answers: much larger; over the 10 complete rows it is {complete}")
print(f"happens: {hardly}, with {counted} rows counted")
if counted != 200 or not hardly < everybody < complete:
    raise SystemExit(f"This has changed: {hardly} with {counted} rows counted.")
EOF
