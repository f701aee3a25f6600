#!/usr/bin/env bash
# lifelines 0.30.3, add_covariate_to_timeline with a delay, which lets a measurement count only some
# time after it was taken, so that it cannot be a consequence of the ending it is to predict. The
# function returns a new table, so one would expect to find one's own as it was. The delay is added to
# the times in the analyst's own table. A second call, for another outcome or because a notebook cell
# is run again, delays twice, a third three times, until measurements fall behind the ending and drop
# out. Nothing is said.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    lifelines==0.30.3 numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
import warnings
from importlib.metadata import version

import pandas as pd
from lifelines.utils import add_covariate_to_timeline, to_long_format

clients = pd.DataFrame({"client": [1, 2], "sessions": [10, 8], "left": [1, 0]})
ratings = pd.DataFrame({"client": [1, 1, 2], "session": [2, 4, 3], "alliance": [20, 40, 30]})
given = ratings["session"].tolist()


def first_counted():
    timeline = to_long_format(clients, "sessions")
    table = add_covariate_to_timeline(timeline, ratings, "client", "session", "left", delay=1)
    return table.dropna().groupby("client")["start"].min().astype(int).to_dict()


with warnings.catch_warnings():
    warnings.simplefilter("error")
    first, second, third = first_counted(), first_counted(), first_counted()
print(f"lifelines {version('lifelines')}")
print(f"ratings given at sessions {given}, to count one session later")
print(f"expected of every call: first counted from {first}")
print(f"happens: {first}, then {second}, then {third}; the table now has {ratings['session'].tolist()}")
if (first, second, third) != ({1: 3, 2: 4}, {1: 4, 2: 5}, {1: 5, 2: 6}):
    raise SystemExit(f"This has changed: {first}, {second}, {third}.")
EOF
