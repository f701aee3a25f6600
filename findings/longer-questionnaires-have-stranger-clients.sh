#!/usr/bin/env bash
# scorify 2024.7.19, its reliability command. To find careless answers it prints each client's
# Mahalanobis distance from the middle of all on a scale, and a p-value. For as many items as the scale
# has, the squared distance follows chi-square with that number of degrees of freedom, so that 5 of 100
# ordinary clients have p below .05. The p-value is taken from three degrees of freedom whatever the
# scale. The more items, the more clients look strange: below, 400 clients answer as everybody does,
# drawn from one normal distribution, and p is below .05 for 5 % of them on three items, 54 % on nine
# and all but one on twenty-one (those of the BDI). On two items it errs the other way. The
# documentation calls it the p-value of each distance. The distances themselves are right.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    scorify==2024.7.19 docopt-ng==0.9.0 schema==0.7.8 openpyxl==3.1.5 \
    numpy==2.4.6 pandas==2.3.3 scipy==1.17.1 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
import csv
import subprocess
from importlib.metadata import version

import numpy as np
from scipy.stats import chi2

CLIENTS = 400
random = np.random.default_rng(1)


def write(name, rows):
    with open(name, "w", newline="") as file:
        csv.writer(file).writerows([*row, *[""] * (4 - len(row))] for row in rows)


def distances(answers):
    """Squared distance and p of each client, by scorify and by hand."""
    items = [f"item{number}" for number in range(1, answers.shape[1] + 1)]
    write("sheet.csv", [["layout", "header"], ["layout", "data"], ["score", "client"],
                        *(["score", item, "scale"] for item in items), ["measure", "scale", "mean(scale)"]])
    write("data.csv", [["client", *items], *([f"c{i}", *row] for i, row in enumerate(answers.tolist()))])
    command = ["venv/bin/reliability", "sheet.csv", "data.csv"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    rows = [line.split() for line in printed if line.split()[1:2] == ["scale"]]
    centred = answers - answers.mean(0)
    squared = np.einsum("ij,jk,ik->i", centred, np.linalg.inv(np.cov(answers.T)), centred)
    return np.array([row[2:] for row in rows], dtype=float).T, squared


print(f"scorify {version('scorify')}, {CLIENTS} clients, all drawn from one normal distribution")
print("expected: about 5 % with p below .05 on any number of items")
shares = {}
for items in (2, 3, 9, 21):
    answers = np.round(random.normal(size=(CLIENTS, 1)) + random.normal(size=(CLIENTS, items)), 3)
    (found, p), squared = distances(answers)
    right = np.mean(chi2.sf(squared, items) < 0.05)
    shares[items] = np.mean(p < 0.05)
    print(f"happens on {items} items: {shares[items]:.1%}; by {items} degrees of freedom {right:.1%}")
    if np.abs(found - squared).max() > 1e-3 or not 0.02 < right < 0.08:
        raise SystemExit(f"This has changed: distances {found[:3]}, by hand {squared[:3]}, {right}.")
    if np.abs(p - chi2.sf(found, 3)).max() > 1e-3:
        raise SystemExit(f"This has changed: p on {items} items is no longer from three degrees of freedom.")
if shares[9] < 0.4 or shares[21] < 0.9:
    raise SystemExit(f"This has changed: {shares}.")
EOF
