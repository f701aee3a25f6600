#!/usr/bin/env bash
# statsmodels 0.15.0, survdiff (the log-rank test) and SurvfuncRight. Six clients of one clinic have
# no last date, so their duration is not a number. Most of the package drops such rows or refuses
# them. Here they sort behind every known duration: they count as at risk in all sessions, as the most
# loyal clients of all, and if they are marked as having left, as leaving together after the end. Two
# clinics with nearly the same durations then differ with p = .05 rather than .65. Nothing is raised
# and nothing is warned about.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    statsmodels==0.15.0 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
import warnings

import numpy as np
import statsmodels
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

known = np.arange(2.0, 12.0)
left = np.array([1, 1, 0, 1, 1, 0, 1, 1, 0, 1])
sessions = np.concatenate([known, known + 0.1, np.full(6, np.nan)])
ended = np.concatenate([left, left, np.ones(6, dtype=int)])
clinic = np.repeat(["a", "b"], [10, 16])
given = ~np.isnan(sessions)

with warnings.catch_warnings():
    warnings.simplefilter("error")
    expected = round(float(survdiff(sessions[given], ended[given], clinic[given])[1]), 2)
    happens = round(float(survdiff(sessions, ended, clinic)[1]), 2)
    curve = SurvfuncRight(sessions, ended)
print(f"statsmodels {statsmodels.__version__}")
print(f"expected: an error, or p = {expected} from the {given.sum()} known durations")
print(f"happens: p = {happens}")
print(f"at risk at first {curve.n_risk[0]}, and the last time of the curve is {curve.surv_times[-1]}")
if expected < 0.5 or happens > 0.1 or curve.n_risk[0] != 26 or not np.isnan(curve.surv_times[-1]):
    raise SystemExit(f"This has changed: p = {happens}, at risk {curve.n_risk[0]}.")
EOF
