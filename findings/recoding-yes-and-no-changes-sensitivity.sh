#!/usr/bin/env bash
# SALib 1.6.0, PAWN with a yes/no factor. The method compares the outcome within slices of a factor
# with the outcome as a whole, so it should not matter whether a crisis is coded 1 and no crisis 0, or
# the other way round. It matters: a slice holds values from its lower edge up to, but not including,
# its upper edge, the last slice too, so the highest value of a factor is never looked at. With a
# continuous factor this loses one run; with levels it loses a whole level. The same runs give a
# factor that decides everything the smallest index of all, or the largest, by its coding. No message
# is given.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    SALib==1.6.0 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 matplotlib==3.11.2 multiprocess==0.70.19 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
import warnings
from importlib.metadata import version

import numpy as np
from SALib.analyze import pawn

draw = np.random.default_rng(1)
crisis = (draw.random(1000) < 0.1).astype(float)
strain = draw.random(1000)
outcome = 5 * crisis + strain
problem = {"num_vars": 2, "names": ["crisis", "strain"], "bounds": [[0, 1]] * 2}


def indices(coded):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = pawn.analyze(problem, np.column_stack([coded, strain]), outcome, seed=1)
    return {
        name: dict(zip(("crisis", "strain"), found[name].round(2).tolist()))
        for name in ("median", "maximum")
    }


as_one, as_zero = indices(crisis), indices(1 - crisis)
print(f"SALib {version('SALib')}")
print("expected: the same indices however the crisis is coded")
print(f"happens: {as_one} with the crisis as 1")
print(f"         {as_zero} with the crisis as 0")
for name in ("median", "maximum"):
    if not as_one[name]["crisis"] < 0.2 < 0.8 < as_zero[name]["crisis"]:
        raise SystemExit(f"This has changed: the {name} is {as_one[name]} and {as_zero[name]}.")
EOF
