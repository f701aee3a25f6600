#!/usr/bin/env bash
# statsmodels 0.15.0, combine_effects after DerSimonian and Laird. Where studies differ no more than
# by chance, the variance between them is set to 0, and the random-effects interval is that of the
# fixed effect. Here the variance is negative. It is subtracted from the variance of every study, the
# most precise study weighs more under random effects than under a fixed effect, and the
# random-effects interval, chosen to be cautious, is nearly a quarter narrower. I² is negative too,
# and that also with the iterated method, which does stop at 0. Nothing is raised and nothing is
# warned about, unless a study's variance as a whole becomes negative.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    statsmodels==0.15.0 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
import warnings

import numpy as np
import statsmodels
from statsmodels.stats.meta_analysis import combine_effects

effects = np.array([0.15, 0.45, 0.30, 0.10, 0.50])
variances = np.array([0.04, 0.05, 0.09, 0.06, 0.05])


def pooled(method):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = combine_effects(effects, variances, method_re=method)
        table = found.summary_frame()[["ci_low", "ci_upp"]].round(2)
    intervals = {name: table.loc[f"{name} effect"].tolist() for name in ("fixed", "random")}
    return round(float(found.tau2), 3), round(float(found.i2), 2), intervals


one_step, iterated = pooled("dl"), pooled("iterated")
print(f"statsmodels {statsmodels.__version__}")
print("variance between studies, I², intervals")
print(f"expected: 0, 0, and twice {one_step[2]['fixed']}")
print(f"happens with dl:       {one_step}")
print(f"happens with iterated: {iterated}")
width = {name: high - low for name, (low, high) in one_step[2].items()}
if one_step[0] >= 0 or max(one_step[1], iterated[1]) >= 0 or width["random"] > 0.8 * width["fixed"]:
    raise SystemExit(f"This has changed: {one_step} and {iterated}.")
EOF
