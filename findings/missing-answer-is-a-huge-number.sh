#!/usr/bin/env bash
# sav-reader 2.0.8 for Node, reading SPSS files. An answer that is missing without a code of its own
# should come as null or undefined. In a compressed file it does. In an uncompressed one, as
# pyreadstat 1.3.7 writes by default, it comes as the number with which SPSS stores it, the lowest
# that there is, minus 1.8 times ten to the 308th. It passes as a number everywhere: a mean of four
# answers is minus 4.5 times ten to the 307th, and a minimum or a count of answers is wrong without
# being noticed. The README speaks of missing values that the questionnaire declares only, and a check
# against those does not find it.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    pyreadstat==1.3.7 pyspssio==0.6.0 pandas==2.3.3 numpy==2.4.6 narwhals==2.29.0 || exit 2
npm install --silent --no-fund --no-audit --prefix "$folder" sav-reader@2.0.8 || exit 2

cd "$folder"
venv/bin/python - <<'EOF'
import pandas as pd
import pyreadstat
import pyspssio

answers = pd.DataFrame({"felt_understood": [5.0, 2.0, None, 4.0]})
pyreadstat.write_sav(answers, "plain.sav")
pyspssio.write_sav("compressed.sav", answers)
EOF
node - <<'EOF'
const fs = require("fs");
const { SavBufferReader } = require("sav-reader");

async function third(name) {
  const reader = new SavBufferReader(fs.readFileSync(name));
  await reader.open();
  return (await reader.readAllRows())[2].felt_understood;
}

(async () => {
  const plain = await third("plain.sav");
  const compressed = await third("compressed.sav");
  const { version } = JSON.parse(fs.readFileSync("node_modules/sav-reader/package.json"));
  console.log(`sav-reader ${version}`);
  console.log("expected of the third answer, which is missing: null or undefined");
  console.log(`happens: ${plain} from a plain file, ${compressed} from a compressed one`);
  if (plain !== -Number.MAX_VALUE || compressed != null) {
    console.log(`This has changed: ${plain} and ${compressed}.`);
    process.exit(1);
  }
})();
EOF
