#!/usr/bin/env bash
# pingouin 0.7.0, pairwise_tests in a mixed design. Two clinics number their clients from 1, and the
# clinic is given as the between factor. One would expect client 1 of the first and client 1 of the
# second to be two people, or an error, which mixed_anova of the same package raises for this very
# table. pairwise_tests takes them for one: the comparisons of measurements average the two, and have
# half the degrees of freedom. The comparisons of the clinics in the same result count all clients. No
# message is given.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    pingouin==0.7.0 numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 statsmodels==0.15.0 \
    scikit-learn==1.9.1 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
import warnings

import numpy as np
import pandas as pd

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pingouin

draw = np.random.default_rng(1)
rows = pd.DataFrame(
    [(clinic, client, time) for clinic in "ab" for client in range(1, 11) for time in (1, 2)],
    columns=["clinic", "client", "time"],
)
rows["distress"] = draw.normal(size=len(rows)) - 0.5 * rows["time"]
rows["who"] = rows["clinic"] + rows["client"].astype(str)


def degrees(subject):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = pingouin.pairwise_tests(
            rows, dv="distress", within="time", between="clinic", subject=subject
        )
    return {name: int(table.loc[table["Contrast"] == name, "dof"].iloc[0]) for name in ("time", "clinic")}


try:
    pingouin.mixed_anova(rows, dv="distress", within="time", between="clinic", subject="client")
    refused = False
except ValueError:
    refused = True
unique, restarting = degrees("who"), degrees("client")
print(f"pingouin {pingouin.__version__}")
print(f"expected degrees of freedom: {unique}, as with numbers of one's own for every client")
print(f"happens where both clinics start at 1: {restarting}; mixed_anova refuses: {refused}")
if unique != {"time": 19, "clinic": 18} or restarting != {"time": 9, "clinic": 18} or not refused:
    raise SystemExit(f"This has changed: {restarting}, {unique}, refused {refused}.")
EOF
