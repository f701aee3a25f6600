#!/usr/bin/env bash
# misaem 1.0.0, logistic regression with missing answers, after the R package of that name. All columns
# help to fill the gaps, and subsets says which of them the model is to use. One would expect the same
# model whether or not there are gaps. With a single gap in 500 clients it is so. Without any, subsets is
# left aside: all columns are in the model, and what is returned for the chosen one is its coefficient
# with the others held constant. Below, expectation brings the alliance about, and the alliance decides
# who recovers. Asked for expectation alone, it is 1.13 with one gap, as by hand, and .08 without:
# the whole effect or what is left of it beside the alliance. predict_proba then combines the intercept
# of the large model with one of its two coefficients. The standard errors are one more than the
# coefficients. The parameter is documented as "subset of features to use in model".
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    misaem==1.0.0 numpy==2.4.6 pandas==2.3.3 scipy==1.17.1 scikit-learn==1.9.1 statsmodels==0.15.0 tqdm==4.70.1 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
from importlib.metadata import version

import numpy as np
import statsmodels.api as sm
from misaem import SAEMLogisticRegression

random = np.random.default_rng(0)
expectation = random.normal(size=500)
alliance = 0.8 * expectation + 0.6 * random.normal(size=500)
recovered = (random.random(500) < 1 / (1 + np.exp(-1.5 * alliance))).astype(int)
complete = np.column_stack([expectation, alliance])
one_gap = complete.copy()
one_gap[0, 0] = np.nan


def coefficient(columns):
    return sm.Logit(recovered, sm.add_constant(complete[:, columns])).fit(disp=False).params[1]


def fitted(answers):
    model = SAEMLogisticRegression(subsets=[0], random_state=1).fit(answers, recovered, progress_bar=False)
    return model, model.coef_.ravel()[0], model.predict_proba(complete)[:, 1]


alone, beside_alliance = coefficient([0]), coefficient([0, 1])
_, with_gap, predicted_with_gap = fitted(one_gap)
model, without_gap, predicted = fitted(complete)
share = recovered.mean()
highest = expectation > 1
print(f"misaem {version('misaem')}, 500 clients, asked for expectation alone (subsets=[0])")
print(f"expected: {alone:.2f} by statsmodels; {recovered[highest].mean():.0%} of the most hopeful recovered")
print(f"happens with one gap: {with_gap:.2f}, {predicted_with_gap[highest].mean():.0%} of them predicted")
print(f"happens without: {without_gap:.2f}, {predicted[highest].mean():.0%} predicted; with the alliance in the")
print(f"    model it is {beside_alliance:.2f} by statsmodels; {model.std_err_.size} standard errors for 2 numbers")
if abs(with_gap - alone) > 0.02 or abs(predicted_with_gap[highest].mean() - recovered[highest].mean()) > 0.1:
    raise SystemExit(f"This has changed: with a gap {with_gap}, by hand {alone}.")
if abs(without_gap - beside_alliance) > 0.01 or abs(without_gap - alone) < 0.5:
    raise SystemExit(f"This has changed: {without_gap}, alone {alone}, beside the alliance {beside_alliance}.")
EOF
