#!/usr/bin/env bash
# pyemmeans 0.1.0, estimated marginal means after R's emmeans, of a mixed model fitted by statsmodels
# 0.15.0. Where whole therapists were trained or not, the comparison rests on as many means as there
# are therapists, and R's emmeans goes by Kenward and Roger's degrees of freedom for such models. One
# would expect these, or the normal distribution that statsmodels goes by, or a refusal. The model is
# accepted, and t is given the rows less the coefficients: 78 for 80 clients of 8 therapists, where
# there are 6. In a balanced study that is known without approximation: it is a t-test of the eight
# means. Below p = .024 where it is .061. The documentation does not name mixed models.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    pyemmeans==0.1.0 statsmodels==0.15.0 numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 patsy==1.0.3 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
from importlib.metadata import version

import numpy as np
import pandas as pd
import pyemmeans
import statsmodels.formula.api as smf
from scipy.stats import t, ttest_ind

draw = np.random.default_rng(6)
therapist = np.repeat(np.arange(8), 10)
relief = 1.3 * (therapist >= 4) + draw.normal(size=8)[therapist] + draw.normal(size=80)
rows = pd.DataFrame(
    {"therapist": therapist, "trained": np.where(therapist < 4, "no", "yes"), "relief": relief}
)

model = smf.mixedlm("relief ~ trained", rows, groups="therapist").fit()
compared = pyemmeans.pairs(pyemmeans.emmeans(model, "trained")).summary()
ratio, found, freedom = (float(compared[name].iloc[0]) for name in ("t.ratio", "p.value", "df"))

means = rows.groupby("therapist")["relief"].mean().to_numpy()
right = ttest_ind(means[:4], means[4:])
print(f"pyemmeans {version('pyemmeans')}, statsmodels {version('statsmodels')}, 8 therapists")
print(f"expected: t = {right.statistic:.3f}, {right.df:.0f} degrees of freedom, p = {right.pvalue:.3f}")
print(f"by the normal distribution, statsmodels: p = {model.pvalues['trained[T.yes]']:.3f}")
print(f"happens: t = {ratio:.3f}, {freedom:.0f} degrees of freedom, p = {found:.3f}")
as_described = (
    abs(ratio - right.statistic) < 0.001
    and freedom == len(rows) - 2
    and abs(found - 2 * t.sf(abs(ratio), len(rows) - 2)) < 1e-6
    and found < 0.03 < 0.06 < right.pvalue
)
if not as_described:
    raise SystemExit(f"This has changed: {freedom} degrees of freedom, p = {found:.3f}.")
EOF
