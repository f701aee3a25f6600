#!/usr/bin/env bash
# statsmodels 0.15.0, mediation analysis (Mediation). Guided and usual care are coded 1 and 2, as SPSS
# files mostly have it. One would expect that the two groups of the data are compared, so that the
# effects do not depend on the codes. The effects compared are always those of the codes 0 and 1, even
# if nobody has the code 0 and half have 2. Where care changes what the alliance is worth, a group is
# made up beyond the data: below, the very same answers give a total effect of 1.5 or of -0.2. In a
# balanced trial the right one is the difference of two means, and that is checked. The documentation
# of exposure does not name the codes, and nothing is said. Recode the groups to 0 and 1.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    statsmodels==0.15.0 pandas==2.3.3 numpy==2.4.6 scipy==1.17.1 patsy==1.0.3 || exit 2

cd "$folder"
venv/bin/python -W error - <<'EOF'
from importlib.metadata import version

import numpy as np
import pandas as pd
import statsmodels.formula.api as smf
from statsmodels.stats.mediation import Mediation

draw = np.random.default_rng(4)
guided = np.tile([0, 1], 300)
alliance = 0.8 * guided + draw.normal(size=guided.size)
relief = 0.5 * alliance + 0.3 * guided + 0.9 * guided * alliance + draw.normal(size=guided.size)


def effects(codes):
    """The mediated and the total effect of the second group against the first."""
    rows = pd.DataFrame({"care": codes, "alliance": alliance, "relief": relief}, dtype=float)
    np.random.seed(1)
    analysis = Mediation(
        smf.ols("relief ~ care * alliance", rows), smf.ols("alliance ~ care", rows), "care", "alliance"
    )
    estimates = analysis.fit(n_rep=500).summary()["Estimate"]
    return round(float(estimates["ACME (average)"]), 1), round(float(estimates["Total effect"]), 1)


means = [relief[guided == group].mean() for group in (0, 1)]
right = round(float(means[1] - means[0]), 1)
zero_and_one, one_and_two = effects(guided), effects(guided + 1)
print(f"statsmodels {version('statsmodels')}, two groups of {guided.size // 2} clients")
print(f"expected with any codes: a total effect of {right}, the difference of the two means")
print(f"codes 0 and 1: through the alliance {zero_and_one[0]}, in all {zero_and_one[1]}")
print(f"happens with codes 1 and 2: through the alliance {one_and_two[0]}, in all {one_and_two[1]}")
if abs(zero_and_one[1] - right) > 0.15 or not one_and_two[1] < 0 < right:
    raise SystemExit(f"This has changed: {one_and_two} with codes 1 and 2, {zero_and_one} with 0 and 1.")
EOF
