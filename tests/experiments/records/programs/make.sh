#!/usr/bin/env bash
# Makes the files beside it again, with the programs whose forms they have: R (haven, foreign) and LibreOffice.
# On Debian: apt-get install r-base-core r-cran-haven r-cran-foreign libreoffice-calc
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

Rscript --vanilla make.R

profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT
for form in xlsx xls ods; do
  # Commas, quotation marks, UTF-8, from the first row on; dates are recognised.
  soffice --headless "-env:UserInstallation=file://$profile" --convert-to "$form" \
    "--infilter=CSV:44,34,76,1,,1033,false,true" records.csv >/dev/null 2>&1
done

Rscript --vanilla -e 'cat(R.version.string, "\n");
  for (one in c("haven", "foreign")) cat(one, format(packageVersion(one)), "\n")' >versions.txt
soffice --version | sed '/^$/d' >>versions.txt
