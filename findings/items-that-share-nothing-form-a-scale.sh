#!/usr/bin/env bash
# reliabilipy 0.0.36, Cronbach's alpha, McDonald's omega and Guttman's lambda. It takes either the
# answers or their correlations, and one would expect the same from both. From answers, each
# correlation loses its sign on the way. So an item that is worded the other way round and was not
# turned does no harm, which is what alpha would show, and chance adds up instead of cancelling. Below,
# sixty clients answer twenty items that are drawn independently of each other: alpha is -.44 by hand
# and from their correlations, and .71 from the answers. Of six items, three are not turned: -.95, and
# .85. Neither the documentation nor a message says so. With scikit-learn 1.9.1 nothing can be fitted.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    reliabilipy==0.0.36 factor_analyzer==0.5.1 scikit-learn==1.7.2 pandas==2.3.3 numpy==2.3.5 \
    scipy==1.16.3 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
from importlib.metadata import version

import numpy as np
import pandas as pd
from reliabilipy import reliability_analysis

draw = np.random.default_rng(2)
distress = draw.normal(size=200)
ANSWERS = {
    "twenty items that share nothing": draw.normal(size=(60, 20)),
    "six items, three not turned": np.column_stack(
        [way * distress + draw.normal(size=200) for way in (1, 1, 1, -1, -1, -1)]
    ),
}


def by_hand(correlations):
    """Standardised alpha after Cronbach."""
    items = len(correlations)
    return items / (items - 1) * (1 - items / correlations.sum())


def alpha(**given):
    analysis = reliability_analysis(**given)
    analysis.fit()
    return float(analysis.alpha_cronbach)


print(f"reliabilipy {version('reliabilipy')}, alpha")
as_described = True
for name, answers in ANSWERS.items():
    correlations = np.corrcoef(answers.T)
    right, unsigned = by_hand(correlations), by_hand(abs(correlations))
    from_answers = alpha(raw_dataset=pd.DataFrame(answers), is_corr_matrix=False)
    from_correlations = alpha(correlations_matrix=pd.DataFrame(correlations))
    print(f"{name}\n    expected: {right:.2f}, by hand; from the correlations {from_correlations:.2f}")
    print(f"    happens: {from_answers:.2f}; by hand without signs {unsigned:.2f}")
    as_described &= (
        np.isclose(from_correlations, right)
        and np.isclose(from_answers, unsigned)
        and from_answers > right + 0.5
    )
if not as_described:
    raise SystemExit("This has changed: see the coefficients above.")
EOF
