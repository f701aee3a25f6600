#!/usr/bin/env bash
# lme-python 0.2.7, logistic mixed models. Laplace's approximation, with one point of quadrature, is
# rough where therapists have few clients, so one asks for more points and expects to come nearer to
# the maximum of the likelihood. With 7 or 25 points the variance between therapists becomes 63 or 64,
# the end of the range that is searched, where the maximum is at 1. The effect grows by three tenths,
# and the fit is reported as converged. The likelihood it reports is far above the highest that there
# is, here computed by the sum over 61 points. With one point the results are those of no point at
# all, and the effect is too small.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    lme-python==0.2.7 polars==2.1.0 pandas==3.1.1 pyarrow==26.0.1 numpy==2.4.6 scipy==1.17.1 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
from importlib.metadata import version

import lme_python
import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import expit, log_expit, logsumexp

therapists, clients = 30, 8
draw = np.random.default_rng(1)
who = np.repeat(np.arange(therapists), clients)
alliance = draw.normal(size=len(who))
skill = 1.2 * draw.normal(size=therapists)
recovered = draw.random(len(who)) < expit(-0.5 + 0.8 * alliance + skill[who])
rows = pd.DataFrame(
    {
        "therapist": [f"therapist {number}" for number in who],
        "alliance": alliance,
        "recovered": recovered.astype(int),
    }
)
points, weights = np.polynomial.hermite_e.hermegauss(61)


def log_likelihood(intercept, effect, spread):
    """The likelihood of the clients, averaged over where their therapist may stand."""
    odds = intercept + effect * alliance[:, None] + spread * points
    each = log_expit(np.where(recovered[:, None], odds, -odds))
    of_therapist = each.reshape(therapists, clients, -1).sum(axis=1)
    return logsumexp(of_therapist, b=weights / weights.sum(), axis=1).sum()


best = minimize(lambda guess: -log_likelihood(*guess), [0.0, 0.0, 1.0])
expected = (round(float(best.x[1]), 2), round(float(best.x[2] ** 2), 1), round(float(-best.fun), 1))
found = {}
for number in (0, 1, 7, 25):
    model = lme_python.glmer(
        "recovered ~ alliance + (1 | therapist)", rows, "binomial", n_agq=number
    )
    variance = next(row[3] for row in model.var_corr if row[0] == "therapist")
    found[number] = (
        round(model.coefficients[1], 2), round(variance, 1), round(model.log_likelihood, 1)
    )
    assert model.converged

print(f"lme-python {version('lme-python')}")
print("effect, variance between therapists, log-likelihood")
print(f"expected: nearer and nearer to {expected}")
for number, said in found.items():
    print(f"happens with n_agq={number}: {said}")
if found[0] != found[1] or min(found[7][1], found[25][1]) < 50 or found[7][2] < expected[2] + 5:
    raise SystemExit(f"This has changed: {found}.")
EOF
