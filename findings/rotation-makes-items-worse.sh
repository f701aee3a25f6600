#!/usr/bin/env bash
# factor_analyzer 0.5.1 with scikit-learn 1.7.2 (with 1.9.1 it cannot fit at all). A rotation spreads
# what the factors explain over them in another way; how much of each item they explain together stays.
# So one would expect the same communalities and uniquenesses before and after. With an oblique rotation
# (promax, the default, or oblimin) they are sums of squared loadings, as if factors were not correlated.
# Below, three subscales of a questionnaire correlate by .85: unrotated and by varimax 58 % of variance
# is explained, by promax 48 %, and the unique part of one item is .63 rather than .45. By hand, from the
# very loadings and correlations of factors that the package gives, it is 58 % again. Nothing is said.
# Take communalities from a fit without a rotation.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    factor_analyzer==0.5.1 scikit-learn==1.7.2 pandas==2.3.3 numpy==2.3.5 scipy==1.16.3 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
from importlib.metadata import version

import numpy as np
from factor_analyzer import FactorAnalyzer

draw = np.random.default_rng(2)
subscales = draw.multivariate_normal(np.zeros(3), np.full((3, 3), 0.85) + 0.15 * np.eye(3), 400)
answers = 0.75 * np.repeat(subscales, 4, axis=1) + 0.66 * draw.normal(size=(400, 12))


def explained(rotation):
    """Share of variance and unique parts of items: by the package, and by hand with correlated factors."""
    fitted = FactorAnalyzer(3, rotation=rotation).fit(answers)
    correlations = np.eye(3) if fitted.phi_ is None else fitted.phi_
    by_hand = np.diag(fitted.loadings_ @ correlations @ fitted.loadings_.T)
    share = round(float(fitted.get_factor_variance()[2][-1]), 2)
    return share, round(float(by_hand.mean()), 2), fitted.get_uniquenesses(), 1 - by_hand


unrotated, _, unique, _ = explained(None)
print(f"factor_analyzer {version('factor_analyzer')}, scikit-learn {version('scikit-learn')}")
print(f"expected: {unrotated:.0%} explained with any rotation, as without one")
shares = []
for rotation in ("varimax", "promax", "oblimin"):
    share, by_hand, unique_then, unique_by_hand = explained(rotation)
    shares.append(share)
    item = np.abs(unique_then - unique).argmax()
    print(
        f"happens by {rotation}: {share:.0%}, by hand {by_hand:.0%}; unique part of item {item + 1}"
        f" {unique_then[item]:.2f}, by hand {unique_by_hand[item]:.2f}, unrotated {unique[item]:.2f}"
    )
    if abs(by_hand - unrotated) > 0.005 or not np.allclose(unique_by_hand, unique, atol=0.005):
        raise SystemExit(f"This has changed: {by_hand} explained by hand, {unrotated} unrotated.")
if shares[0] != unrotated or shares[1] > unrotated - 0.08 or shares[2] >= unrotated:
    raise SystemExit(f"This has changed: {shares} explained, {unrotated} unrotated.")
EOF
