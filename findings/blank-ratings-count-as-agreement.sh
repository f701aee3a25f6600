#!/usr/bin/env bash
# statsmodels 0.15.0, aggregate_raters before Fleiss' kappa. Where a rater left a tape blank (not a
# number), one would expect a refusal, or that the tape is left out. The blank becomes a category of
# its own, and two raters who both left a tape blank agree about it. Below, three observers look for
# ruptures in tapes and agree less than by chance. With the tapes that nobody has watched yet in the
# table, the coefficient is one that is called moderate. fleiss_kappa itself cannot see it: it is
# handed counts only.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    statsmodels==0.15.0 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
import numpy as np
import statsmodels
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

rated = np.array([[0, 0, 1], [1, 1, 0], [0, 1, 0], [1, 0, 1]] * 3, dtype=float)
not_watched = np.full_like(rated, np.nan)

watched_only = round(fleiss_kappa(aggregate_raters(rated)[0]), 2)
counts, categories = aggregate_raters(np.vstack([rated, not_watched]))
with_blanks = round(fleiss_kappa(counts), 2)
print(f"statsmodels {statsmodels.__version__}")
print(f"kappa of the tapes that were watched: {watched_only}")
print("expected with as many that nobody watched: an error, or the same kappa")
print(f"happens: {with_blanks}, from categories {categories.tolist()}")
if len(categories) != 3 or not watched_only < 0 < 0.4 < with_blanks:
    raise SystemExit(f"This has changed: {with_blanks} from {categories.tolist()}.")
EOF
