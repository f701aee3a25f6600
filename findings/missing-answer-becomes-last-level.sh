#!/usr/bin/env bash
# rdata 1.1.0 with pandas 3.1.1, writing R files. A categorical column with a missing answer is
# written as a factor whose missing entry has the code 0, where R marks a missing one with its
# smallest integer. Read back with rdata, the 0 is taken as "one before the first level", which Python
# counts from the end: the client who did not answer has given the last answer of the scale. Scales
# are mostly ordered from low to high, so nonresponse becomes the strongest agreement. pyreadr finds
# the answer missing in the same file, so the result depends on the reader.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    rdata==1.1.0 pyreadr==0.5.8 pandas==3.1.1 numpy==2.4.6 xarray==2026.9.0 || exit 2

cd "$folder"
venv/bin/python -W ignore - <<'EOF'
from importlib.metadata import version

import pandas as pd
import pyreadr
import rdata

scale = ["never", "sometimes", "always"]
answers = pd.Categorical(["never", "sometimes", None], categories=scale)
rdata.write_rds("answers.rds", pd.DataFrame({"felt_understood": answers}))

codes = rdata.parser.parse_file("answers.rds").object.value[0].value.tolist()
by_rdata = rdata.read_rds("answers.rds")["felt_understood"].tolist()
by_pyreadr = pyreadr.read_r("answers.rds")[None]["felt_understood"]
print(f"rdata {version('rdata')}")
print("expected: never, sometimes, missing")
print(f"happens: {by_rdata}; codes in the file {codes}")
print(f"pyreadr {version('pyreadr')} finds {int(by_pyreadr.isna().sum())} missing in the same file")
if codes != [1, 2, 0] or by_rdata != ["never", "sometimes", "always"]:
    raise SystemExit(f"This has changed: the answers come back as {by_rdata}, from {codes}.")
EOF
