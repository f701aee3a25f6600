#!/usr/bin/env bash
# sequenzo 0.1.42, sequence analysis after R's TraMineR. If any client has a month without a rating,
# missing is added to the states; a message says so, "for compatibility". From then on it is a state
# like any other. Below, Ana was low for three months and well for three, so that her entropy is 1, the
# most that two states can have. As soon as somebody else in the study drops out, hers is .63. Cem, who
# was only ever low, has .58 rather than 0. One would expect months without a rating to be left out
# where with_missing=False, the default, is documented to do so. It changes nothing: of Dea's rated
# months 81 % by weight are low, and the integration index says 62 %; from low, one move in five is
# to missing, and low stays low with .4 where it does with .5.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    sequenzo==0.1.42 numpy==2.2.6 scipy==1.14.1 pandas==2.3.3 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
import contextlib
import io
from importlib.metadata import version

import numpy as np
import pandas as pd
from scipy.stats import entropy

with contextlib.redirect_stdout(io.StringIO()):
    from sequenzo import SequenceData
    from sequenzo.sequence_characteristics_indicators import (
        get_integration_index,
        get_within_sequence_entropy,
    )
    from sequenzo.visualization.plot_transition_matrix import compute_transition_matrix

STATES = ["low", "well"]
MONTHS = [str(month) for month in range(1, 7)]
CLIENTS = {
    "Ana": ["low", "low", "low", "well", "well", "well"],
    "Ben": ["low", "well", "low", "well", "low", "well"],
    "Cem": ["low", "low", None, None, None, None],
    "Dea": ["well", "well", "low", "low", None, "low"],
}


def sequences(names):
    rows = pd.DataFrame([[name, *CLIENTS[name]] for name in names], columns=["client", *MONTHS])
    with contextlib.redirect_stdout(io.StringIO()):
        return SequenceData(rows, time=MONTHS, id_col="client", states=list(STATES))


def by_hand(months):
    """Entropy by two states, and the share of low with later months weighing more, of rated months."""
    rated = [(weight, state) for weight, state in enumerate(months, 1) if state]
    shares = np.bincount([STATES.index(state) for _, state in rated], minlength=2) / len(rated)
    low = sum(weight for weight, state in rated if state == "low")
    return entropy(shares, base=2), low / sum(weight for weight, _ in rated)


def found(names):
    data = sequences(names)
    entropies = get_within_sequence_entropy(data)["Entropy"]
    low = get_integration_index(data, state=1, with_missing=False)["State1"]
    return {name: (float(entropies[place]), float(low[place])) for place, name in enumerate(names)}


def next_after_low(with_missing):
    return compute_transition_matrix(sequences(list(CLIENTS)), with_missing=with_missing)[0]


pairs = [(one, two) for months in CLIENTS.values() for one, two in zip(months, months[1:])]
rated_pairs = [two for one, two in pairs if one == "low" and two]
stays_low = rated_pairs.count("low") / len(rated_pairs)
right = {name: by_hand(months) for name, months in CLIENTS.items()}
complete, with_gaps = found(["Ana", "Ben"]), found(list(CLIENTS))
left_out, counted = next_after_low(False), next_after_low(True)

print(f"sequenzo {version('sequenzo')}: entropy, integration of low")
for name, (most, low) in right.items():
    print(f"{name}: expected {most:.2f}, {low:.2f}; happens {with_gaps[name][0]:.2f}, {with_gaps[name][1]:.2f}")
print(f"Ana and Ben alone: {complete['Ana'][0]:.2f}, {complete['Ben'][0]:.2f}")
print(f"low stays low: expected {stays_low:.2f}; happens {left_out[0]:.2f}, goes on to missing {left_out[2]:.2f}")
as_described = (
    all(np.allclose(complete[name], right[name]) for name in complete)
    and abs(with_gaps["Ana"][0] - np.log(2) / np.log(3)) < 1e-6
    and with_gaps["Cem"][0] > 0.5
    and with_gaps["Dea"][1] < 0.63 < 0.8 < right["Dea"][1]
    and np.array_equal(left_out, counted)
    and left_out[2] > 0
)
if not as_described:
    raise SystemExit(f"This has changed: {with_gaps}, {left_out}.")
EOF
