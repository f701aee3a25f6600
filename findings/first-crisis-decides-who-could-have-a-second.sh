#!/usr/bin/env bash
# survival 2.0.0, the model of Andersen and Gill for events that come again (andersen_gill). Each client
# has one row per episode, from start_time to stop_time, and is at risk in a row only after it began.
# Without that, a client's next crises stand beside the first as if they were other people, all waiting
# since intake. One would expect the coefficient of a Cox model of (start, stop), as coxph of the same
# package gives it. andersen_gill takes start_time and does nothing with it: the coefficient is to the
# last digit the same if every row is said to start at 0. Below, the rate of crises goes with
# exp(0.7 burden), drawn for 200 clients: .68 by hand and by coxph, .29 by andersen_gill, with the truth
# far outside the interval by its robust standard error. There is no warning, and no docstring at all.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    survival==2.0.0 numpy==2.4.6 scipy==1.17.1 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
from importlib.metadata import version

import numpy as np
import survival
from scipy.optimize import minimize_scalar
from survival.recurrent import andersen_gill

TRUTH = 0.7
random = np.random.default_rng(2)
rows = []
for client in range(200):
    burden, start, end = random.normal(), 0.0, random.uniform(5, 15)
    while start < end:
        stop = start + random.exponential(4 / np.exp(TRUTH * burden))
        rows.append((client, start, min(stop, end), int(stop <= end), burden))
        start = stop
client, start, stop, crisis, burden = (np.array(column) for column in zip(*rows))


def minus_partial_likelihood(coefficient):
    """Cox's partial likelihood: at each crisis, all rows that have begun and not ended are at risk."""
    risk = np.exp(coefficient * burden)
    log_terms = [
        np.log(risk[row] / risk[(start < stop[row]) & (stop >= stop[row])].sum())
        for row in np.flatnonzero(crisis)
    ]
    return -np.sum(log_terms)


by_hand = minimize_scalar(minus_partial_likelihood, bounds=(-2, 2), method="bounded").x
columns = {"start": start.tolist(), "stop": stop.tolist(), "crisis": crisis.tolist(), "burden": burden.tolist()}
coxph = survival.coxph("Surv(start, stop, crisis) ~ burden", data=columns).coefficients[0]


def fitted(starts):
    return andersen_gill(
        client.tolist(), starts, columns["stop"], columns["crisis"], columns["burden"], len(rows), 1
    )


model = fitted(columns["start"])
found, error = model.coefficients[0], model.robust_se[0]
all_at_zero = fitted([0.0] * len(rows)).coefficients[0]
print(f"survival {version('survival')}, {crisis.sum()} crises of 200 clients, true coefficient {TRUTH}")
print(f"expected: {by_hand:.3f} by hand, {coxph:.3f} by its own coxph")
print(f"happens: andersen_gill {found:.3f}, interval {found - 1.96 * error:.3f} to {found + 1.96 * error:.3f};")
print(f"    {all_at_zero:.3f} if all rows start at 0")
if abs(by_hand - coxph) > 1e-4 or abs(by_hand - TRUTH) > 0.1:
    raise SystemExit(f"This has changed: by hand {by_hand}, coxph {coxph}.")
if found != all_at_zero or found + 1.96 * error > by_hand:
    raise SystemExit(f"This has changed: {found}, {all_at_zero} if all rows start at 0, by hand {by_hand}.")
EOF
