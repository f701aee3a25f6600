#!/usr/bin/env bash
# statsmodels 0.15.0, mixed models, the summary. Beside the variance between therapists stands its
# standard error. One would expect both in the squared unit of the outcome, so that their ratio is the
# same whether distress is counted in points or in tenths of a point. The variance is multiplied by
# the residual variance, its standard error only by the root of it. Below, the very same answers give
# a ratio of 1, 10 or 101, by unit. The data are balanced, so two mean squares give both by hand, and
# the ratio is 2.8. params and bse hold another pair, both divided by the residual variance. Nothing
# is said.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    statsmodels==0.15.0 pandas==2.3.3 numpy==2.4.6 scipy==1.17.1 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
from importlib.metadata import version

import numpy as np
import pandas as pd
import statsmodels.formula.api as smf

THERAPISTS, CLIENTS = 20, 10
draw = np.random.default_rng(5)
therapist = np.repeat(np.arange(THERAPISTS), CLIENTS)
points = draw.normal(0, 4, THERAPISTS)[therapist] + draw.normal(0, 4, therapist.size)


def by_hand(frame):
    """The variance between therapists and its standard error, from two mean squares."""
    groups = frame.groupby("therapist")["distress"]
    between, within = CLIENTS * groups.mean().var(), groups.var().mean()
    spread = between**2 / (THERAPISTS - 1) + within**2 / (THERAPISTS * (CLIENTS - 1))
    return (between - within) / CLIENTS, np.sqrt(2 * spread) / CLIENTS


print(f"statsmodels {version('statsmodels')}, {THERAPISTS} therapists with {CLIENTS} clients each")
ratios = []
for unit, factor in (("tens of points", 0.1), ("points", 1), ("tenths of a point", 10)):
    frame = pd.DataFrame({"distress": points * factor, "therapist": therapist})
    fit = smf.mixedlm("distress ~ 1", frame, groups="therapist").fit()
    row = fit.summary().tables[1].loc["therapist Var"]
    printed, error = float(row["Coef."]), float(row["Std.Err."])
    variance, right = by_hand(frame)
    if abs(printed / variance - 1) > 0.01:
        raise SystemExit(f"This has changed: the variance is {printed}, by hand {variance}.")
    ratios.append(round(printed / error))
    print(f"{unit}: summary {printed:.3f} ({error:.3f}), by hand {variance:.3f} ({right:.3f})")
print("expected: one ratio of the variance to its standard error, by hand", round(variance / right, 1))
print("happens:", ratios)
raise SystemExit(ratios != [1, 10, 101])
EOF
