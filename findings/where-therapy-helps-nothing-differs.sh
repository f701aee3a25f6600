#!/usr/bin/env bash
# PyMARE 0.0.13, the permutation test of a random-effects meta-analysis. Beside the p-value of the mean
# effect it gives one for the variance between studies (tau2_p). One would expect a small one where
# studies differ far beyond chance. Without moderators the signs of the effects are flipped at random.
# That suits the question whether the mean is zero. But where it is not, flipping puts effects on both
# sides of zero and makes the variance larger than it ever was. So the better therapy works, the nearer
# the p-value comes to 1. Below, twelve studies lie between .2 and 1.4; Cochran's Q, by hand and by the
# package, has p < 1e-12, and of 4096 simulated sets of equal studies none varies so much; tau2_p is 1.
# Nothing is said, and the documentation promises for the variance what it does for the mean. p(Q) of
# get_heterogeneity_stats is right.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    PyMARE==0.0.13 numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 || exit 2

cd "$folder"
venv/bin/python -W error::UserWarning - <<'EOF'
from importlib.metadata import version

import numpy as np
from pymare import Dataset
from pymare.estimators import DerSimonianLaird
from scipy.stats import chi2

effects = np.array([0.2, 0.3, 0.4, 0.5, 0.7, 0.8, 0.8, 0.9, 1.1, 1.2, 1.3, 1.4])
variances = np.full(effects.size, 0.02)


def variance_between(studies):
    """DerSimonian and Laird's variance between studies, by hand; they all have the same weight."""
    return np.maximum(0, studies.var(axis=-1, ddof=1) - variances[0])


fitted = DerSimonianLaird().fit_dataset(Dataset(effects[:, None], variances[:, None])).summary()
np.random.seed(0)
permuted = float(np.ravel(fitted.permutation_test(n_perm=4096).perm_p["tau2_p"])[0])
cochran = float(np.ravel(fitted.get_heterogeneity_stats()["p(Q)"])[0])
spread = np.sum((effects - effects.mean()) ** 2 / variances)
by_hand = float(chi2.sf(spread, effects.size - 1))
equal_studies = np.random.default_rng(0).normal(effects.mean(), np.sqrt(variances), (4096, effects.size))
as_large = int(np.sum(variance_between(equal_studies) >= variance_between(effects)))
print(f"PyMARE {version('PyMARE')}, {effects.size} studies with a mean effect of {effects.mean():.1f}")
print(f"expected: tau2_p small; Cochran's Q has p = {cochran:.1g}, by hand {by_hand:.1g},")
print(f"    and {as_large} of 4096 simulated sets of equal studies have a variance as large")
print(f"happens with all 4096 ways to flip signs: tau2_p = {permuted:.3f}")
if not np.isclose(cochran, by_hand) or by_hand > 1e-12 or as_large:
    raise SystemExit(f"This has changed: p(Q) is {cochran}, by hand {by_hand}.")
if not np.isclose(np.ravel(fitted.tau2)[0], variance_between(effects)) or permuted < 0.9:
    raise SystemExit(f"This has changed: the variance is {fitted.tau2}, tau2_p is {permuted}.")
EOF
