#!/usr/bin/env bash
# cbps 0.2.1, covariate balancing propensity scores: what decides who gets guided care. Coefficients
# are given in the unit of each covariate, and one would expect the same of their standard errors, so
# that neither z nor p depends on the unit. The standard errors are those of covariates divided by
# their standard deviations, and are never turned back. Below, whether age matters has z = 2.8 with age
# in decades, .28 in years and .02 in months, from the very same clients. A crisis, coded 0 and 1 and
# rare, has z = 5.4, p < .0001, where a bootstrap by the package itself gives 1.8. The summary prints
# both columns side by side, and nothing is said. The weights are right; take errors by a bootstrap.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    cbps==0.2.1 numpy==2.2.6 scipy==1.14.1 pandas==2.3.3 statsmodels==0.15.0 patsy==0.5.6 \
    scikit-learn==1.9.1 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
from importlib.metadata import version

import numpy as np
import pandas as pd
from cbps import CBPS

draw = np.random.default_rng(3)
clients = 300
age = draw.normal(40, 10, clients)
crisis = (draw.random(clients) < 0.1) * 1.0
guided = draw.random(clients) < 1 / (1 + np.exp(2 - 0.05 * age - 0.2 * crisis))
rows = pd.DataFrame({"guided": guided * 1, "age": age, "crisis": crisis})


def fitted(table):
    """Coefficients of age and of a crisis, and their standard errors."""
    found = CBPS(formula="guided ~ age + crisis", data=table, att=0, method="exact")
    return np.ravel(found.coefficients)[1:], np.sqrt(np.diag(found.vcov()))[1:]


coefficients, errors = fitted(rows)
again = [fitted(rows.sample(clients, replace=True, random_state=seed))[0] for seed in range(100)]
bootstrap = np.std(again, axis=0, ddof=1)
in_units = {"decades": rows["age"] / 10, "years": rows["age"], "months": rows["age"] * 12}
z_of_age = {}
for unit, values in in_units.items():
    found, error = fitted(rows.assign(age=values))
    z_of_age[unit] = round(float(found[0] / error[0]), 3)

z, right = coefficients / errors, coefficients / bootstrap
print(f"cbps {version('cbps')}, {clients} clients")
print(f"expected: one z of age in any unit; by bootstrap {right[0]:.1f}, of a crisis {right[1]:.1f}")
print(f"happens: z of age {z_of_age}, of a crisis {z[1]:.1f}")
print(f"errors {errors.round(3)}, by bootstrap {bootstrap.round(3)}")
times_deviation = errors / rows[["age", "crisis"]].std().to_numpy()
as_described = (
    np.isclose(z_of_age["decades"], 10 * z_of_age["years"], rtol=0.02)
    and np.isclose(z_of_age["years"], 12 * z_of_age["months"], rtol=0.05)
    and np.all(np.abs(np.log(times_deviation / bootstrap)) < 0.25)
    and z[1] > 3 * right[1]
)
if not as_described:
    raise SystemExit(f"This has changed: {z_of_age}, {z}, by bootstrap {right}.")
EOF
