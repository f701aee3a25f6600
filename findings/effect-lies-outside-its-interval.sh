#!/usr/bin/env bash
# esek 0.1.38, effect sizes of before and after, with the intervals that articles ask for. Hedges' g_rm
# is the change in units of the spread of people, not of changes, so that it can stand beside effects of
# other designs. One would expect its interval and standard error to be those of that effect, as they
# are for Cohen's d_rm in the line above it. They are those of another effect, g_z, which is larger the
# more before and after go together. Below, 40 clients improve by one standard deviation, and before and
# after correlate at .9: g_rm is .98, as by hand, and its interval goes from 1.59 to 2.79, the very one
# printed for g_z. In 2000 drawn studies of that kind, 95 of 100 g_rm lie between .77 and 1.28. Only for
# a correlation of .5 are the two the same. The "pivotal" interval is that of d_z for d_rm as well.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    esek==0.1.38 numpy==2.4.6 pandas==2.3.3 scipy==1.17.1 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
from importlib.metadata import version

import numpy as np
from esek.calculators.two_paired_mean.two_paired_t import TwoPairedTTests
from scipy.special import gamma

CLIENTS, CORRELATION, SPREAD = 40, 0.9, 6.0
half = (CLIENTS - 1) / 2
CORRECTION = gamma(half) / (np.sqrt(half) * gamma(half - 0.5))


def hedges(mean, deviation, correlation):
    """g_rm by hand: the change over the spread of people, as the changes' own tells it."""
    return CORRECTION * mean * np.sqrt(2 * (1 - correlation)) / deviation


def limits(effect):
    return np.array([effect.ci.lower, effect.ci.upper], dtype=float)


def study(correlation):
    return TwoPairedTTests.from_parameters(20, 14, SPREAD, SPREAD, CLIENTS, correlation, 0.95)


found = study(CORRELATION)
by_hand = hedges(6, SPREAD * np.sqrt(2 * (1 - CORRELATION)), CORRELATION)
random = np.random.default_rng(0)
drawn = []
for _ in range(2000):
    covariance = SPREAD**2 * np.array([[1, CORRELATION], [CORRELATION, 1]])
    before, after = random.multivariate_normal([20, 14], covariance, CLIENTS).T
    change = before - after
    drawn.append(hedges(change.mean(), change.std(ddof=1), np.corrcoef(before, after)[0, 1]))
lower, upper = np.quantile(drawn, [0.025, 0.975])
g_rm, g_z = found.hedge_grm, found.hedge_g
printed = limits(g_rm)
print(f"esek {version('esek')}, {CLIENTS} clients, before and after correlate at {CORRELATION}")
print(f"expected: g_rm {by_hand:.2f}, by hand; 95 % of 2000 drawn studies {lower:.2f} to {upper:.2f};")
print(f"    Cohen's d_rm of the same package {found.cohens_drm.value:.2f}, {limits(found.cohens_drm).round(2)}")
print(f"happens: g_rm {g_rm.value:.2f}, interval {printed.round(2)}; g_z {g_z.value:.2f}, {limits(g_z).round(2)}")
if abs(g_rm.value - by_hand) > 1e-6 or not lower < by_hand < upper:
    raise SystemExit(f"This has changed: g_rm is {g_rm.value}, by hand {by_hand}, {lower} to {upper}.")
if (printed != limits(g_z)).any() or printed[0] < upper:
    raise SystemExit(f"This has changed: the interval is {printed}, that of g_z {limits(g_z)}.")
same = study(0.5)
if abs(same.hedge_grm.value - same.hedge_g.value) > 1e-9:
    raise SystemExit(f"This has changed: at .5 {same.hedge_grm.value} and {same.hedge_g.value}.")
EOF
