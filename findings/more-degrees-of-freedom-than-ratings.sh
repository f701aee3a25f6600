#!/usr/bin/env bash
# interlace-lme 0.3.2, mixed models with Satterthwaite degrees of freedom, after lmerTest. In a
# balanced study the answer is known without approximation: with 20 therapists in two trainings, the
# comparison of trainings has 18. One would expect 18 from Satterthwaite and from Kenward-Roger. The
# first gives an eighth more, and for a covariate of the clients over ten times as many as there are
# clients in the study: the residual variance is taken as known, only its ratio to the therapists' is
# uncertain. If the therapists do not differ the number is without bound and the test is one of z.
# Kenward-Roger of the same package, and Satterthwaite of mixedlm 1.3.0, are right.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    interlace-lme==0.3.2 mixedlm==1.3.0 statsmodels==0.15.0 numpy==2.4.6 scipy==1.17.1 \
    pandas==3.1.1 formulaic==1.2.2 narwhals==2.29.0 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
from importlib.metadata import version

import interlace
import mixedlm
import numpy as np
import pandas as pd

therapists, clients = 20, 8
draw = np.random.default_rng(0)
who = np.repeat(np.arange(therapists), clients)
rows = pd.DataFrame(
    {
        "therapist": [f"therapist {number}" for number in who],
        "trained": who % 2,
        "intake": draw.normal(size=len(who)),
        "relief": draw.normal(size=therapists)[who] + draw.normal(size=len(who)),
    }
)


def degrees(method):
    model = interlace.fit(
        "relief ~ trained + intake", data=rows, groups="therapist", df_method=method
    )
    return {name: round(float(model.fe_df[name]), 1) for name in ("trained", "intake")}


satterthwaite, kenward_roger = degrees("satterthwaite"), degrees("kenward-roger")
print(f"interlace-lme {version('interlace-lme')}, {len(rows)} clients of {therapists} therapists")
print(f"expected: 18 for the training; Kenward-Roger gives {kenward_roger}")
print(f"happens with Satterthwaite: {satterthwaite}")
print(mixedlm.lmer("relief ~ trained + intake + (1 | therapist)", rows).summary())
right = 17.5 < kenward_roger["trained"] < 18.5 and kenward_roger["intake"] < len(rows)
if not right or satterthwaite["trained"] < 19 or satterthwaite["intake"] < len(rows):
    raise SystemExit(f"This has changed: {satterthwaite}, by Kenward-Roger {kenward_roger}.")
EOF
