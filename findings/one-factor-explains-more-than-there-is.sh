#!/usr/bin/env bash
# spssmirror 2.1.1, reliability of a questionnaire: McDonald's omega (mcdonald_omega). Omega is made of
# the loadings on a common factor, what items share, and where all items are alike it equals Cronbach's
# alpha. One would expect so here. The loadings are those of a principal component, which has a piece
# of each item's own part in it as well, so that omega is too high, and for weak items by far. Below,
# four items correlate at exactly .25: alpha is .57 by hand and by the package, omega .76. Beside it
# stands a threshold of .70 of the package's own, which it passes. The documentation lists omega and a
# factor analysis; that loadings come from the whole correlation matrix stands in the source only.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    spssmirror==2.1.1 numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 statsmodels==0.15.0 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
from importlib.metadata import version

import numpy as np
import pandas as pd
from spssmirror import SPSSMirror

ITEMS, SHARED, CLIENTS = 4, 0.25, 200

correlations = np.full((ITEMS, ITEMS), SHARED) + np.eye(ITEMS) * (1 - SHARED)
drawn = np.random.default_rng(0).normal(size=(CLIENTS, ITEMS))
drawn -= drawn.mean(axis=0)
unrelated = drawn @ np.linalg.cholesky(np.linalg.inv(np.cov(drawn.T)))
answers = pd.DataFrame(unrelated @ np.linalg.cholesky(correlations).T, columns=list("abcd"))
assert np.allclose(answers.corr(), correlations)

# One factor reproduces these correlations exactly, with every loading the root of what is shared.
loading = np.sqrt(SHARED)
common, own = (ITEMS * loading) ** 2, ITEMS * (1 - loading**2)
right = common / (common + own)

data = SPSSMirror().load_dataframe(answers)
alpha = data.cronbach_alpha(list(answers)).statistic
omega = data.mcdonald_omega(list(answers))
print(f"spssmirror {version('spssmirror')}, {ITEMS} items that correlate at {SHARED}")
print(f"expected: omega {right:.3f}, by hand; alpha by the package {alpha:.3f}")
print(f"happens: omega {omega.statistic:.3f}, beside a threshold of {omega.threshold}")
if abs(alpha - right) > 1e-6 or not omega.statistic > omega.threshold > right + 0.1:
    raise SystemExit(f"This has changed: {omega.statistic:.3f}, by hand {right:.3f}.")
EOF
