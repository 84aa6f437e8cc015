#!/usr/bin/env bash
# nbib 0.3.2: a DOI that PubMed gives as LID alone is not read; of two languages the last one remains.
#
# Guess: the DOI of a record is read wherever PubMed marks it ("LID - 10.… [doi]" or "AID - 10.… [doi]"), and all
#   languages of a record are kept, as all authors and publication types are.
# Behaviour: only AID is looked at; a record that has its DOI as LID alone has none, and no error is
#   raised. A second LA overwrites the first.
# Seen: no key `doi` in the record; language "fre" of eng and fre.
# Why it matters: without the DOI the record does not meet its twin from another database, and the report is screened twice;
#   a search limited by language loses the English edition.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check nbib==0.3.2
cd "$work"
"$work/venv/bin/python" - <<'PY'
import sys

import nbib

lines = (
    "PMID- 99999901", "OWN - NLM", "STAT- Publisher", "DP  - 2021 Mar 1", "TI  - An invented case, ahead of print.",
    "LID - 10.99999/invented.1 [doi]", "FAU - Imaginary, Anna", "AU  - Imaginary A", "LA  - eng", "LA  - fre",
    "PT  - Journal Article", "JT  - Journal of Inventions",
)
(record,) = nbib.read("\n".join(lines) + "\n")
print(record)
if "doi" in record or record["language"] != "fre":
    sys.exit("CHANGED: nbib reads the DOI of LID, or all languages.")
print("Still so: no DOI, one language of two.")
PY
