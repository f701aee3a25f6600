#!/usr/bin/env bash
# omnisem 1.0.0rc2, confirmatory factor analysis (cfa). SRMR, the size of the correlations that a model
# leaves unexplained, stands in the report beside RMSEA, and below .08 counts as good. One would expect
# it to be worse for a worse model. It is 0.000 for every model, in the report and in the fields, as
# for a model that leaves nothing. Below, task and bond correlate, and a model in which they do not has
# a chi-squared of 274 with 9 degrees of freedom. The correlations of task with bond alone, which it
# says are 0, make SRMR at least .36, by hand. Nothing says that it was not computed; robust indices,
# which were not either, are not a number. By the way: factors whose covariance is not written out do
# not correlate here, while R's lavaan lets them in its cfa.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    omnisem==1.0.0rc2 numpy==2.4.6 scipy==1.17.1 pandas==2.3.3 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
from importlib.metadata import version

import numpy as np
import omnisem
import pandas as pd

draw = np.random.default_rng(0)
clients = 400
task = draw.normal(size=clients)
bond = 0.8 * task + 0.6 * draw.normal(size=clients)
answers = pd.DataFrame(
    {f"task{n}": task + 0.7 * draw.normal(size=clients) for n in range(3)}
    | {f"bond{n}": bond + 0.7 * draw.normal(size=clients) for n in range(3)}
)
FACTORS = "task =~ task0 + task1 + task2\nbond =~ bond0 + bond1 + bond2"

# Of the 21 variances and correlations of six items, nine are between task and bond.
between = np.corrcoef(answers.to_numpy().T)[:3, 3:]
at_least = float(np.sqrt((between**2).sum() / 21))

apart, together = (omnisem.cfa(FACTORS + more, answers) for more in ("", "\ntask ~~ bond"))
line = next(line for line in apart.summary().splitlines() if "SRMR" in line)
print(f"omnisem {version('omnisem')}, {clients} clients")
for name, model in (("factors that correlate", together), ("factors that do not", apart)):
    fit = model.result.fit
    print(f"{name}: chi-squared {fit.chisq:.1f}, {fit.df} degrees of freedom, SRMR {fit.srmr}")
print(f"expected of the second: SRMR at least {at_least:.3f}, by hand")
print(f"happens: {' '.join(line.split())}")
worse, better = apart.result.fit, together.result.fit
if worse.srmr != 0 or better.srmr != 0 or worse.chisq < 100 or at_least < 0.2 or better.chisq > 30:
    raise SystemExit(f"This has changed: SRMR {worse.srmr} and {better.srmr}.")
EOF
