#!/usr/bin/env bash
# statsmodels 0.15.0, generalised estimating equations with an autoregressive working correlation. The
# analyst hands over the time of each rating, and the documentation says that the dependence is
# defined by that time, so the order of the rows should not matter. It does: with the rows in the
# order in which ratings happened to be entered, the same data give another effect, and a standard
# error half as large again or more. Exchangeable dependence, which has no time, gives the same in any
# order. Nothing is raised and nothing is warned about. Sort by client and time before fitting.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    statsmodels==0.15.0 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 patsy==1.0.3 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
import numpy as np
import pandas as pd
import statsmodels
import statsmodels.api as sm
import statsmodels.formula.api as smf

clients, sessions = 60, 10
draw = np.random.default_rng(0)
error = np.zeros((clients, sessions))
for session in range(sessions):
    before = 0.7 * error[:, session - 1] if session else 0
    error[:, session] = before + draw.normal(size=clients)
alliance = draw.normal(size=(clients, sessions))
sorted_rows = pd.DataFrame(
    {
        "client": np.repeat(np.arange(clients), sessions),
        "session": np.tile(np.arange(float(sessions)), clients),
        "alliance": alliance.ravel(),
        "relief": (0.5 * alliance + error).ravel(),
    }
)
shuffled_rows = sorted_rows.sample(frac=1, random_state=1)


def fitted(rows, dependence):
    model = smf.gee(
        "relief ~ alliance", groups="client", time="session", data=rows, cov_struct=dependence
    )
    result = model.fit()
    return float(result.params["alliance"].round(3)), float(result.bse["alliance"].round(3))


print(f"statsmodels {statsmodels.__version__}")
print("expected: the same effect and standard error whatever the order of the rows")
moved = {}
for name, dependence in {
    "autoregressive": lambda: sm.cov_struct.Autoregressive(grid=False),
    "autoregressive on a grid": lambda: sm.cov_struct.Autoregressive(grid=True),
    "exchangeable": sm.cov_struct.Exchangeable,
}.items():
    in_order, shuffled = fitted(sorted_rows, dependence()), fitted(shuffled_rows, dependence())
    moved[name] = shuffled[1] > 1.3 * in_order[1]
    print(f"{name}: effect and standard error {in_order} sorted, {shuffled} shuffled")
if list(moved.values()) != [True, True, False]:
    raise SystemExit(f"This has changed: the order of rows matters as {moved}.")
EOF
