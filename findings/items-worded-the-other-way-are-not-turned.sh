#!/usr/bin/env bash
# scorify 2024.7.19, scoring of questionnaires by a scoresheet, which says of each item which scale it
# belongs to and whether it is to be turned. score_data turns them, and one would expect the same of
# reliability, which reads the same scoresheet and prints Cronbach's alpha of each scale. It takes the
# raw answers, with transforms and exclusions left out. So alpha is that of items of which some run the
# other way, and dropping those seems to make a poor scale better. Below, six items of nine are worded
# as distress and three as wellbeing: alpha is .88 by hand, .88 from what score_data writes, and .02 by
# reliability, where omitting a turned item raises it and omitting any other lowers it further. The
# documentation says that alpha of each measure is computed, and nothing of raw answers.
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

TURNED = [2, 5, 8]
random = np.random.default_rng(1)
distress = random.normal(size=(200, 1))
answers = np.clip(np.round(2.5 + 0.9 * distress + 0.8 * random.normal(size=(200, 9))), 1, 5).astype(int)
raw = answers.copy()
raw[:, TURNED] = 6 - raw[:, TURNED]
items = [f"item{number}" for number in range(1, 10)]
sheet = [["layout", "header"], ["layout", "data"], ["transform", "as_is", "map(1:5,1:5)"]]
sheet += [["transform", "turned", "map(1:5,5:1)"], ["score", "client"]]
sheet += [["score", item, "distress", "turned" if i in TURNED else "as_is"] for i, item in enumerate(items)]
sheet += [["measure", "distress", "mean(distress)"]]


def write(name, rows):
    with open(name, "w", newline="") as file:
        csv.writer(file).writerows([*row, *[""] * (4 - len(row))] for row in rows)


def run(command):
    done = subprocess.run([f"venv/bin/{command}", "sheet.csv", "data.csv"], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def alpha(table):
    return table.shape[1] / (table.shape[1] - 1) * (1 - table.var(0, ddof=1).sum() / table.sum(1).var(ddof=1))


write("sheet.csv", sheet)
write("data.csv", [["client", *items], *([f"c{i}", *row] for i, row in enumerate(raw.tolist(), start=1))])
scored = [line.split(",") for line in run("score_data")]
from_scores = alpha(np.array([row[1:10] for row in scored[1:] if row[0].startswith("c")], dtype=float))
printed = [line.split() for line in run("reliability")]
found = next(float(words[3]) for words in printed if words[:1] == ["distress"])
omitted = {words[1]: float(words[4]) for words in printed if words[:1] == ["omit"]}
better = sorted(item for item, value in omitted.items() if value > found)
print(f"scorify {version('scorify')}, nine items, of which the scoresheet turns {len(TURNED)}")
print(f"expected: alpha {alpha(answers):.2f} by hand, {from_scores:.2f} from what score_data writes")
print(f"happens: reliability says {found:.2f}, and more without {', '.join(better)}")
if abs(alpha(answers) - from_scores) > 1e-9:
    raise SystemExit(f"This has changed: {from_scores} from score_data, {alpha(answers)} by hand.")
if abs(found - alpha(raw)) > 1e-4 or better != [items[i] for i in TURNED]:
    raise SystemExit(f"This has changed: {found}, of raw answers {alpha(raw)}.")
EOF
