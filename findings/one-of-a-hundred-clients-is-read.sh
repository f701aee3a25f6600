#!/usr/bin/env bash
# sav-reader 2.0.8 for Node, reading a compressed SPSS file that pyreadstat 1.3.7 wrote. In such a
# file eight codes are followed by the values that they announce, and a code of 0 is to be skipped.
# pyreadstat starts new codes for every client and fills up with zeros, and SPSS's own library, inside
# pyspssio 0.6.0, reads all clients. sav-reader ends at the first zero: readAllRows gives one client
# and no error, although the header that it has read says 100. An uncompressed file of the same table
# is read whole.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    pyreadstat==1.3.7 pyspssio==0.6.0 pandas==2.3.3 numpy==2.4.6 narwhals==2.29.0 || exit 2
npm install --silent --no-fund --no-audit --prefix "$folder" sav-reader@2.0.8 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
from importlib.metadata import version

import pandas as pd
import pyreadstat
import pyspssio

clients = pd.DataFrame({"client": range(1, 101), "alliance": [1.0, 3.0, 5.0, 7.0] * 25})
for name, compressed in {"plain.sav": False, "compressed.sav": True}.items():
    pyreadstat.write_sav(clients, name, row_compress=compressed)
read, _ = pyspssio.read_sav("compressed.sav")
print(f"pyreadstat {version('pyreadstat')}, pyspssio {version('pyspssio')}")
print(f"expected: {len(read)} clients, as SPSS's own library reads from the compressed file")
if len(read) != len(clients):
    raise SystemExit(f"This has changed: SPSS's own library reads {len(read)} clients.")
EOF
node - <<'EOF'
const fs = require("fs");
const { SavBufferReader } = require("sav-reader");

async function clients(name) {
  const reader = new SavBufferReader(fs.readFileSync(name));
  await reader.open();
  return [(await reader.readAllRows()).length, reader.meta.header.n_cases];
}

(async () => {
  const [plain] = await clients("plain.sav");
  const [compressed, announced] = await clients("compressed.sav");
  const { version } = JSON.parse(fs.readFileSync("node_modules/sav-reader/package.json"));
  console.log(`sav-reader ${version}`);
  console.log(`happens: ${compressed} of ${announced} announced, ${plain} from the plain file`);
  if (plain !== 100 || compressed !== 1) {
    console.log(`This has changed: ${compressed} clients are read from the compressed file.`);
    process.exit(1);
  }
})();
EOF
