#!/usr/bin/env bash
# gen_surv 3.1.2, which draws waiting times of a known truth, to see whether a method finds it. In an
# accelerated failure time model a coefficient of .5 makes times longer, and the documentation of
# gen_aft_weibull gives the formula: survival is exp(-(t/scale)^shape exp(-X beta)). The times drawn
# follow it with the other sign, so that what should lengthen therapy shortens it by as much: below, at
# X = 1 it should last 1.4 times as long as at X = 0, and lasts .7 times as long. gen_aft_log_normal
# lengthens, so one list of coefficients means opposite things in two models. A method that is right
# is found to fail, and worst where effects are largest. Nothing is said.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    gen-surv==3.1.2 lifelines==0.30.3 numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
import inspect
from importlib.metadata import version

import numpy as np
from gen_surv import gen_aft_log_normal, gen_aft_weibull
from lifelines import LogNormalAFTFitter, WeibullAFTFitter

BETA, SHAPE, SCALE, SIGMA = 0.5, 1.5, 2.0, 0.8
DRAWN = {"n": 4000, "beta": [BETA], "model_cens": "uniform", "cens_par": 20.0, "seed": 1}


def longer(rows, fitter, name):
    """Log of how many times longer therapy lasts at X = 1 than at X = 0, with its standard error."""
    found = fitter.fit(rows[["time", "status", "X0"]], "time", "status")
    return float(found.params_[name, "X0"]), float(found.standard_errors_[name, "X0"])


weibull = gen_aft_weibull(shape=SHAPE, scale=SCALE, **DRAWN)
log_normal = gen_aft_log_normal(sigma=SIGMA, **DRAWN)
found, error = longer(weibull, WeibullAFTFitter(), "lambda_")
other, other_error = longer(log_normal, LogNormalAFTFitter(), "mu_")
promised = "exp(-(t/scale)^shape * exp(-X*beta))" in inspect.getdoc(gen_aft_weibull)

# Solved for the time at which survival is a half, as documented.
right = np.log((np.log(2) * np.exp(BETA)) ** (1 / SHAPE)) - np.log(np.log(2) ** (1 / SHAPE))
print(f"gen-surv {version('gen-surv')}, {len(weibull)} clients, beta = {BETA}, shape = {SHAPE}")
print(f"expected by the documented formula: {right:.2f}, {np.exp(right):.1f} times as long")
print(f"happens: {found:.2f} (SE {error:.2f}), {np.exp(found):.1f} times as long")
print(f"log-normal: expected {BETA:.2f}, happens {other:.2f} (SE {other_error:.2f})")
if not promised or abs(found + right) > 3 * error or abs(other - BETA) > 3 * other_error:
    raise SystemExit(f"This has changed: {found:.3f}, log-normal {other:.3f}, documented {promised}.")
EOF
