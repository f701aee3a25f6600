#!/usr/bin/env bash
# pyirr 0.84.1.2, agreement of raters after R's irr: Krippendorff's alpha (kripp_alpha). One would
# expect alpha for any number of levels. The half of the table that is summed begins at a place that
# depends on how many levels were used, and is the right one for four and five only. With two or three,
# agreements on the diagonal are taken for disagreements, and alpha can fall far below 0 although raters
# agree; with six or more it is an error. With four and five it is right, so that a trial on such a
# scale shows nothing. Below, two raters agree in ten sessions of twelve: -.68 instead of .76. Nothing
# is said.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    pyirr==0.84.1.2 setuptools==79.0.1 krippendorff==0.8.2 numpy==2.4.6 scipy==1.17.1 \
    pandas==2.3.3 || exit 2

cd "$folder"
venv/bin/python -W ignore::UserWarning - <<'EOF'
from importlib.metadata import version

import krippendorff
import numpy as np
from pyirr import kripp_alpha

SESSIONS = {
    "two levels": ([0, 1, 0, 1, 1, 0, 1, 0, 1, 1], [0, 1, 0, 1, 0, 0, 1, 0, 1, 1]),
    "three levels": ([1, 2, 3, 1, 2, 3, 3, 2, 1, 2, 3, 1], [1, 2, 3, 1, 2, 3, 2, 2, 1, 3, 3, 1]),
    "four levels": ([1, 2, 3, 4, 1, 2, 3, 4, 1, 2], [1, 2, 3, 4, 2, 2, 3, 3, 1, 2]),
    "six levels": ([1, 2, 3, 4, 5, 6, 1, 2, 3, 4], [1, 2, 3, 4, 5, 6, 2, 2, 3, 4]),
}


def by_hand(one, other):
    """Nominal alpha of two raters: observed disagreement over that of any two ratings."""
    every = np.array([*one, *other])
    observed = np.mean(np.array(one) != np.array(other))
    apart = (every[:, None] != every).sum() / (len(every) * (len(every) - 1))
    return 1 - observed / apart


print(f"pyirr {version('pyirr')}, Krippendorff's alpha of two raters")
found, right = {}, {}
for levels, (one, other) in SESSIONS.items():
    right[levels] = by_hand(one, other)
    again = krippendorff.alpha(np.array([one, other], float), level_of_measurement="nominal")
    assert np.isclose(again, right[levels])
    try:
        found[levels] = kripp_alpha(np.array([one, other]).T, "nominal").value
    except IndexError as error:
        found[levels] = str(error)
    print(f"{levels}\n    expected: {right[levels]:.3f}, by hand and by krippendorff 0.8.2")
    print(f"    happens: {found[levels]}")
as_described = (
    max(found["two levels"], found["three levels"]) < -0.4
    and np.isclose(found["four levels"], right["four levels"])
    and isinstance(found["six levels"], str)
)
if not as_described:
    raise SystemExit(f"This has changed: {found}, by hand {right}.")
EOF
