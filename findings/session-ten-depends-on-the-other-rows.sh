#!/usr/bin/env bash
# marginaleffects 0.6.0 with statsmodels 0.15.0: predictions at chosen values (newdata). A formula may
# hold a transform that learns from the data, such as a spline of the session, bs(), or standardize().
# statsmodels keeps what it has learnt, and one would expect the same predictions of marginaleffects.
# It evaluates the formula anew on the rows that are asked for, so that their own mean, spread or knots
# are taken. Of such transforms, scale() and center() are refused; bs(), cr() and standardize() are
# not. Below, distress falls by half a point a session and is 19.9 at the tenth. With a spline it is
# 24.5 if sessions 20 and 30 are asked for as well, and 14.6 beside sessions 5 and 15. Nothing is said.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    marginaleffects==0.6.0 statsmodels==0.15.0 polars==1.44.2 pyarrow==26.0.1 narwhals==2.29.0 \
    formulaic==1.2.2 patsy==1.0.3 pandas==2.3.3 numpy==2.4.6 scipy==1.17.1 || exit 2

cd "$folder"
venv/bin/python -W error::UserWarning - <<'EOF'
from importlib.metadata import version

import marginaleffects
import numpy as np
import pandas as pd
import polars as pl
import statsmodels.formula.api as smf

draw = np.random.default_rng(1)
sessions = draw.uniform(1, 40, 200)
rows = pd.DataFrame({"session": sessions, "distress": 25 - 0.5 * sessions + draw.normal(size=200)})
slope, start = np.polyfit(rows["session"], rows["distress"], 1)


def predicted(model, asked):
    given = pl.DataFrame({"session": asked})
    return marginaleffects.predictions(model, newdata=given)["estimate"].to_numpy()


TOGETHER, OTHERS = [10.0, 20.0, 30.0], [5.0, 10.0, 15.0]
print(f"marginaleffects {version('marginaleffects')}, statsmodels {version('statsmodels')}")
print(f"distress at sessions {TOGETHER}; the line by hand: {start + slope * np.array(TOGETHER)}")
as_described = True
for formula in (
    "distress ~ session", "distress ~ standardize(session)", "distress ~ bs(session, df=4)"
):
    model = smf.ols(formula, rows).fit()
    right = model.predict(pd.DataFrame({"session": TOGETHER})).to_numpy()
    found, with_others = predicted(model, TOGETHER), predicted(model, OTHERS)[1]
    print(f"{formula}\n    expected: {right.round(1)}, by statsmodels\n    happens: {found.round(1)}")
    print(f"    session 10 beside 5 and 15: {with_others:.1f}")
    line = start + slope * np.array(TOGETHER)
    as_described &= np.allclose(right, line, atol=0.5)
    if formula == "distress ~ session":
        as_described &= np.allclose(found, right) and np.isclose(with_others, found[0])
    else:
        as_described &= abs(found - right).max() > 2 and abs(with_others - found[0]) > 2
if not as_described:
    raise SystemExit("This has changed: see the predictions above.")
EOF
