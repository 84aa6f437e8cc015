#!/usr/bin/env bash
# Biopython 1.88: two lines LID of a PubMed record become one text, while two lines AID become a list.
#
# Guess: what stands several times in a record is a list: LID (location identifiers) as AID (article identifiers) is.
# Behaviour: Bio.Medline knows which fields are single texts, and LID and IS are among them; their values are joined
#   by a blank. The DOI, the publisher's item number and the kinds in brackets are one text, in the order of the file;
#   so are the ISSN on paper and that of the web.
# Seen: LID '10.1000/abc.2024.01 [doi] e123456 [pii]'; AID ['e123456 [pii]', '10.1000/abc.2024.01 [doi]'];
#   IS '1234-5678 (Electronic) 1234-5670 (Linking)'.
# Why it matters: a record that is ahead of print has its DOI in LID alone. Who cuts off the "[doi]" at the end, or takes
#   the whole text, gets a DOI that is none, and two reports of one case are not found to be one.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check biopython==1.88
cat > case.nbib <<'NBIB'
PMID- 90000001
IS  - 1234-5678 (Electronic)
IS  - 1234-5670 (Linking)
TI  - Daratumumab in refractory lupus: an invented case.
LID - 10.1000/abc.2024.01 [doi]
LID - e123456 [pii]
AID - e123456 [pii]
AID - 10.1000/abc.2024.01 [doi]

NBIB
venv/bin/python - <<'PY'
import sys

from Bio import Medline

record = next(Medline.parse(open("case.nbib", encoding="utf-8")))
print({name: record[name] for name in ("LID", "AID", "IS")})
seen = record["LID"], record["AID"], record["IS"]
expected = (
    "10.1000/abc.2024.01 [doi] e123456 [pii]",
    ["e123456 [pii]", "10.1000/abc.2024.01 [doi]"],
    "1234-5678 (Electronic) 1234-5670 (Linking)",
)
if seen != expected:
    sys.exit("CHANGED: Bio.Medline returns other values for fields that stand twice.")
print("Still so: two lines LID are one text, two lines AID a list.")
PY
