#!/usr/bin/env bash
# semopy 2.3.11, structural equations: the fit indices of calc_stats. AIC and BIC are used to choose
# between models, the smaller the better, and are made of the log-likelihood, so that one would expect
# a model which fits badly to pay for it. What stands there as LogLik is the discrepancy that the fit
# makes as small as possible, near 0 and the larger the worse, and it is subtracted like a likelihood.
# So AIC and BIC count parameters, with a small reward for misfit. Below, task and bond are two factors.
# A single factor has a chi-squared of 581 instead of 7, with one parameter less, and both prefer it, by
# 5 and 9 points, where they should be against it by more than 560. Chi-squared, CFI and RMSEA are in
# order. The source calls it log-likelihood, beside a note that this is still to be done.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    semopy==2.3.11 numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 statsmodels==0.15.0 \
    scikit-learn==1.9.1 sympy==1.14.0 numdifftools==0.11.2 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
from importlib.metadata import version

import numpy as np
import pandas as pd
import semopy
from scipy.stats import multivariate_normal

draw = np.random.default_rng(1)
clients = 400
task = draw.normal(size=clients)
bond = 0.3 * task + draw.normal(size=clients)
answers = pd.DataFrame(
    {f"task{n}": task + 0.7 * draw.normal(size=clients) for n in range(3)}
    | {f"bond{n}": bond + 0.7 * draw.normal(size=clients) for n in range(3)}
)
MODELS = {
    "one factor": "alliance =~ task0 + task1 + task2 + bond0 + bond1 + bond2",
    "two factors": "task =~ task0 + task1 + task2\nbond =~ bond0 + bond1 + bond2",
}

happens, right, misfit = {}, {}, {}
for name, words in MODELS.items():
    model = semopy.Model(words)
    model.fit(answers)
    found = semopy.calc_stats(model).loc["Value"]
    here = answers[model.vars["observed"]]
    implied = model.calc_sigma()[0]
    likelihood = multivariate_normal(here.mean(), implied).logpdf(here).sum()
    free = len(model.param_vals)
    right[name] = np.array([2 * free, np.log(clients) * free]) - 2 * likelihood
    happens[name] = found[["AIC", "BIC"]].to_numpy(float)
    misfit[name] = found["chi2"]
    print(f"{name}: chi-squared {found['chi2']:.1f}, {free} parameters, LogLik {found['LogLik']:.3f}")
    print(f"    by hand {likelihood:.1f}; AIC {happens[name][0]:.1f}, by hand {right[name][0]:.1f}")

in_favour = {
    how: value["one factor"] - value["two factors"]
    for how, value in (("right", right), ("happens", happens))
}
print(f"semopy {version('semopy')}, {clients} clients")
print("AIC and BIC of one factor, less those of two:")
print(f"expected: {in_favour['right'].round(1)}, by hand")
print(f"happens: {in_favour['happens'].round(1)}")
if in_favour["right"].min() < 480 or in_favour["happens"].max() > -4 or misfit["two factors"] > 30:
    raise SystemExit(f"This has changed: {in_favour}.")
EOF
