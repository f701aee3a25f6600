#!/usr/bin/env bash
# flash-mm 0.1.0, linear mixed models for many outcomes at once (lmmfit). It returns t and p of each
# coefficient, and one would expect p to be the share of t's distribution beyond it on both sides, as
# its own lmmtest gives it from the same fit. p in the fit has been doubled twice. Where there is no
# effect half of all p are above 1, which somebody may notice; where there is one, nothing looks wrong
# and effects are missed. Below, outcomes of 80 clients of 8 therapists: p is .09 for distress where it
# is .046, and 1.46 for the alliance. t agrees with statsmodels 0.15.0. Nothing is said.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    flash-mm==0.1.0 statsmodels==0.15.0 numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 || exit 2

cd "$folder"
venv/bin/python -W error - <<'EOF'
from importlib.metadata import version

import numpy as np
import statsmodels.api as sm
from flash_mm import lmmfit, lmmtest
from scipy.stats import t

draw = np.random.default_rng(50)
therapist = np.repeat(np.arange(8), 10)
hours = draw.normal(size=80)
EFFECTS = {"distress": 0.24, "alliance": 0.0, "sessions": 0.5}
outcomes = np.array(
    [b * hours + draw.normal(size=8)[therapist] + draw.normal(size=80) for b in EFFECTS.values()]
)
design = np.column_stack([np.ones(80), hours])
fit = lmmfit(
    outcomes, design, np.eye(8)[therapist], Y_names=list(EFFECTS), X_names=["mean", "hours"]
)
tested = lmmtest(fit)["hours_p"]

print(f"flash-mm {version('flash-mm')}, the effect of hours")
as_described = True
for outcome, name in zip(outcomes, EFFECTS):
    ratio, found = fit["t"].loc["hours", name], fit["p"].loc["hours", name]
    right = 2 * t.sf(abs(ratio), fit["df"])
    other = sm.MixedLM(outcome, design, groups=therapist).fit()
    print(f"{name}: t = {ratio:.2f}, by statsmodels {other.tvalues[1]:.2f}, df {fit['df']}")
    print(f"    expected: p = {right:.4f}, by hand; by lmmtest {tested[name]:.4f}")
    print(f"    happens: p = {found:.4f}")
    as_described &= (
        np.isclose(found, 2 * right)
        and np.isclose(tested[name], right)
        and np.isclose(ratio, other.tvalues[1], atol=0.01)
    )
if not as_described or fit["p"].loc["hours"].max() < 1:
    raise SystemExit(f"This has changed: {fit['p'].loc['hours'].to_dict()}.")
EOF
