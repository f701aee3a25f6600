#!/usr/bin/env bash
# lifelines 0.30.3 and scikit-survival 0.28.0, survival curves predicted by a Cox model. Below, nobody
# leaves before the fifth session. The Kaplan-Meier curves of both packages are 1 until then, and one
# would expect the same of a prediction asked for at sessions 0 and 2. Both answer with the value
# after the fifth: the curve begins at the first time in the data and is continued to the left as it
# is there, so that one in seven has left before anybody did. An average over early sessions, or a
# Brier score there, is wrong. No message is given, though times after the last are refused by
# scikit-survival.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    lifelines==0.30.3 scikit-survival==0.28.0 numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
import warnings
from importlib.metadata import version

import lifelines
import numpy as np
import pandas as pd
from sksurv.linear_model import CoxPHSurvivalAnalysis
from sksurv.util import Surv

draw = np.random.default_rng(1)
clients = pd.DataFrame({"sessions": draw.integers(5, 13, size=60), "alliance": draw.normal(size=60)})
clients["left"] = (draw.random(60) < 0.7) | (clients["sessions"] == 5)
asked = [0, 2, 5]
average = pd.DataFrame({"alliance": [0.0]})


def by_lifelines():
    model = lifelines.CoxPHFitter().fit(clients, "sessions", "left")
    return model.predict_survival_function(average, times=asked)[0].round(2).tolist()


def by_scikit_survival():
    outcome = Surv.from_arrays(clients["left"], clients["sessions"])
    model = CoxPHSurvivalAnalysis(ties="efron").fit(clients[["alliance"]], outcome)
    (curve,) = model.predict_survival_function(average)
    return [round(float(curve(session)), 2) for session in asked]


with warnings.catch_warnings():
    warnings.simplefilter("error", UserWarning)
    found = {"lifelines": by_lifelines(), "scikit-survival": by_scikit_survival()}
observed = lifelines.KaplanMeierFitter().fit(clients["sessions"], clients["left"])
kept = observed.survival_function_at_times(asked).round(2).tolist()
print(f"expected still there at sessions {asked}: about {kept}, as Kaplan-Meier")
for name, predicted in found.items():
    print(f"happens in {name} {version(name)}: {predicted}")
    if kept[:2] != [1, 1] or not predicted[0] == predicted[1] == predicted[2] < 0.95:
        raise SystemExit(f"This has changed: {name} predicts {predicted}.")
EOF
