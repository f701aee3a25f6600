#!/usr/bin/env bash
# mixedlm 1.3.0, degrees of freedom after Kenward and Roger (kenward_roger_df, pvalues_with_ddf). Where
# therapists are few and have very different numbers of clients, Satterthwaite's may be far too many,
# and one asks for Kenward and Roger's to be on the safe side. What is returned under their name is
# Satterthwaite's to the last digit: a correction is computed and comes out as none. Below, two
# trainings of three therapists each are compared. Satterthwaite has 9.1 degrees of freedom, more than
# there are therapists; Kenward and Roger have 5.3. kamino-lme 0.0.1 gives both, and pbkrtest 0.5.2 of
# R agrees. Their larger standard error is not used either: p is .073 where it is .104.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    mixedlm==1.3.0 kamino-lme==0.0.1 numpy==2.2.6 scipy==1.14.1 pandas==2.3.3 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
from importlib.metadata import version

import kamino
import mixedlm
import numpy as np
import pandas as pd

CLIENTS = [1, 2, 3, 20, 2, 15]
PBKRTEST = 5.312289

draw = np.random.default_rng(4)
who = np.repeat(np.arange(6), CLIENTS)
intake = draw.normal(size=len(who))
rows = pd.DataFrame(
    {
        "therapist": [f"therapist {number}" for number in who],
        "trained": (who >= 3) * 1.0,
        "intake": intake,
        "relief": 0.7 * draw.normal(size=6)[who] + draw.normal(size=len(who)),
    }
)
FORMULA = "relief ~ trained + intake + (1 | therapist)"
TRAINED = [0.0, 1.0, 0.0]

model = mixedlm.lmer(FORMULA, rows)
satterthwaite, named = mixedlm.satterthwaite_df(model), mixedlm.kenward_roger_df(model)
other = kamino.lmer(FORMULA, rows, reml=True)
right, right_satterthwaite = other.kenward_roger().test(TRAINED), other.satterthwaite().test(TRAINED)
place = named.param_names.index("trained")
p = mixedlm.pvalues_with_ddf(model, method="Kenward-Roger")["trained"][2]

print(f"mixedlm {version('mixedlm')}, kamino-lme {version('kamino-lme')}, {len(CLIENTS)} therapists")
print(f"expected: Satterthwaite {right_satterthwaite.denominator_df:.2f}, Kenward-Roger {right.denominator_df:.2f}")
print(f"happens: Satterthwaite {satterthwaite.df[place]:.2f}, {named.method} {named.df[place]:.2f}")
print(f"p of the training: expected {right.p_value:.3f}, happens {p:.3f}")
as_described = (
    abs(right.denominator_df - PBKRTEST) < 1e-4
    and right.p_value > 0.1 > 0.08 > p
    and abs(right_satterthwaite.denominator_df - satterthwaite.df[place]) < 1e-2
    and named.method == "Kenward-Roger"
    and np.array_equal(named.df, satterthwaite.df)
)
if not as_described:
    raise SystemExit(f"This has changed: {named}, {satterthwaite}, kamino {right.denominator_df}.")
EOF
