#!/usr/bin/env bash
# statsmodels 0.15.0, mixed models with therapists within clinics. The documentation says of
# re_formula that the default gives a random intercept for each group, so with clinics as groups and
# therapists as a variance component one would expect both levels. Giving vc_formula takes the
# clinic's intercept away: the model has therapists only, as if the clinics were alike, and the
# standard error of a mean over clinics is far too small. Neither a warning nor the summary says that
# a level is missing. With re_formula="1", the documented default, it is there.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    statsmodels==0.15.0 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 patsy==1.0.3 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
import warnings

import numpy as np
import pandas as pd
import statsmodels
import statsmodels.formula.api as smf

clinics, therapists, clients = 10, 4, 6
draw = np.random.default_rng(1)
clinic = np.repeat(np.arange(clinics), therapists * clients)
therapist = np.tile(np.repeat(np.arange(therapists), clients), clinics)
of_clinic = 1.5 * draw.normal(size=clinics)
of_therapist = draw.normal(size=(clinics, therapists))
relief = of_clinic[clinic] + of_therapist[clinic, therapist] + draw.normal(size=len(clinic))
rows = pd.DataFrame({"clinic": clinic, "therapist": therapist, "relief": relief})


def fitted(**more):
    model = smf.mixedlm(
        "relief ~ 1", rows, groups="clinic", vc_formula={"therapist": "0 + C(therapist)"}, **more
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = model.fit()
    levels = int(model.k_re) + int(model.k_vc)
    return levels, round(float(result.llf), 1), round(float(result.bse_fe["Intercept"]), 2)


default, documented = fitted(), fitted(re_formula="1")
print(f"statsmodels {statsmodels.__version__}")
print("levels above the client, log-likelihood, and standard error of the mean:")
print(f"expected by default: {documented}, as with the documented default written out")
print(f"happens: {default}")
if documented[0] != 2 or default[0] != 1 or not default[2] < 0.7 * documented[2]:
    raise SystemExit(f"This has changed: {default} by default, {documented} written out.")
EOF
