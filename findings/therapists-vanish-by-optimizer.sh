#!/usr/bin/env bash
# interlace-lme 0.3.2, mixed models. Where therapists differ moderately, the default optimizer may
# take its first step to a variance of zero, where the slope is zero too, and stay there. The fit is
# reported as converged and singular, as if the data had no differences between therapists, although
# another optimizer of the same package finds a log-likelihood 3.6 higher. The data are balanced, so
# the variance can be computed by hand from two mean squares. The standard error of a training of
# therapists falls by a third, as if their clients were independent. Of the studies drawn with seeds 0
# to 19, 7 end so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    interlace-lme==0.3.2 statsmodels==0.15.0 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 \
    formulaic==1.2.2 narwhals==2.29.0 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
from importlib.metadata import version

import interlace
import numpy as np
import pandas as pd

therapists, clients = 20, 8
draw = np.random.default_rng(11)
who = np.repeat(np.arange(therapists), clients)
rows = pd.DataFrame({"therapist": [f"therapist {number}" for number in who], "trained": who % 2})
skill = 0.5 * draw.normal(size=therapists)
rows["relief"] = 0.3 * rows["trained"] + skill[who] + draw.normal(size=len(who))


def fitted(optimizer):
    model = interlace.fit(
        "relief ~ trained", data=rows, groups="therapist", optimizer=optimizer
    )
    return {
        "log-likelihood": round(float(model.llf), 2),
        "variance": round(float(model.variance_components["therapist"]), 3),
        "standard error": round(float(model.fe_bse["trained"]), 3),
        "converged": model.converged,
    }


means = rows.groupby(["trained", "therapist"])["relief"].mean()
between = clients * (means - means.groupby("trained").transform("mean")).pow(2).sum() / 18
within = rows.groupby("therapist")["relief"].var().mean()
by_hand = round(float((between - within) / clients), 3)
default, simplex = fitted("lbfgsb"), fitted("nelder-mead")
print(f"interlace-lme {version('interlace-lme')}")
print(f"expected: a variance of {by_hand} between therapists, from mean squares")
print(f"happens by default: {default}")
print(f"with Nelder-Mead:   {simplex}")
if default["variance"] > 0.001 or abs(simplex["variance"] - by_hand) > 0.001:
    raise SystemExit(f"This has changed: the default finds {default}.")
EOF
