#!/usr/bin/env bash
# pimeta 1.1.0, random-effects meta-analysis after Hartung and Knapp (test="knha"). With four studies
# the interval goes by t with three degrees of freedom, since how much studies differ is hardly known.
# The fit does so: p = .029, .10 to .94, as by hand. One would expect the same of its summary and of
# predict. Both take this very fit and go by the normal distribution, as if there were many studies:
# p = .00008, .26 to .78, and a new study is expected between .01 and 1.03 rather than -.30 and 1.34.
# metagen takes the method by an argument (method_random_ci="HK") and gives the interval without it,
# as it does for any word. Nothing is said; the summary names the test as knha. Read the fit's fields.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    pimeta==1.1.0 numpy==2.4.6 scipy==1.17.1 matplotlib==3.11.2 || exit 2

cd "$folder"
venv/bin/python -W error - <<'EOF'
from importlib.metadata import version

import numpy as np
import pimeta
from scipy.stats import t

EFFECTS = np.array([0.2, 0.5, 0.8, 0.6])
VARIANCES = np.array([0.02, 0.03, 0.02, 0.05])

fit = pimeta.rma(EFFECTS, VARIANCES, test="knha")

weights = 1 / (VARIANCES + fit.tau2)
mean = (weights * EFFECTS).sum() / weights.sum()
error = np.sqrt((weights * (EFFECTS - mean) ** 2).sum() / (len(EFFECTS) - 1) / weights.sum())
by_t = t.ppf(0.975, len(EFFECTS) - 1)
right = mean - by_t * error, mean + by_t * error
right_p = 2 * t.sf(mean / error, len(EFFECTS) - 1)
spread = np.sqrt(fit.tau2 + error**2)
right_new = mean - by_t * spread, mean + by_t * spread

in_fit = fit.ci_lb[0], fit.ci_ub[0]
line = pimeta.summary(fit)["beta"]["intrcpt"]
in_summary = line["ci.lb"], line["ci.ub"]
predicted = pimeta.predict(fit)
in_prediction, new = (predicted.ci_lb, predicted.ci_ub), (predicted.pi_lb, predicted.pi_ub)
pooled = {
    method: (found.lower_random, found.upper_random)
    for method in ("classic", "HK", "no such method")
    for found in [pimeta.metagen(EFFECTS, np.sqrt(VARIANCES), method_random_ci=method)]
}


def shown(interval):
    return f"{interval[0]:.2f} to {interval[1]:.2f}"


print(f"pimeta {version('pimeta')}, {len(EFFECTS)} studies")
print(f"expected: {shown(right)}, p = {right_p:.4f}, a new study {shown(right_new)}, by hand")
print(f"the fit: {shown(in_fit)}, p = {fit.pval[0]:.4f}")
print(f"happens in the summary: {shown(in_summary)}, p = {line['pval']:.5f}")
print(f"happens in predict: {shown(in_prediction)}, a new study {shown(new)}")
for method, interval in pooled.items():
    print(f"happens in metagen, method_random_ci={method!r}: {shown(interval)}")
as_described = (
    np.allclose(in_fit, right)
    and np.allclose(in_summary, in_prediction)
    and line["pval"] < right_p / 100
    and in_summary[0] > right[0] + 0.1
    and new[0] > right_new[0] + 0.2
    and len(set(pooled.values())) == 1
    and not np.allclose(pooled["HK"], right, atol=0.1)
)
if not as_described:
    raise SystemExit(f"This has changed: summary {in_summary}, predict {in_prediction}, {pooled}.")
EOF
