#!/usr/bin/env bash
# bib-dedupe 0.11.0: a record is no duplicate of itself where title and journal are in another script than Latin.
#
# Guess: two rows that agree in every field are duplicates, in whatever language.
# Behaviour: what is not Latin is dropped from title and journal while they are prepared; nothing remains to compare, and the
#   pair is not matched, without a word. With the journal in Latin letters the same rows are matched.
# Seen: Cyrillic title and journal, two equal rows: no pair. Journal transliterated: one pair.
# Why it matters: Chinese and Russian case reports come from several databases in their own script; each stays in the set as
#   often as it was found, and its patients are screened, or counted, twice.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check bib-dedupe==0.11.0
cd "$work"
"$work/venv/bin/python" - 2>/dev/null <<'PY'
import sys

import bib_dedupe.bib_dedupe as bib
import pandas as pd

ROW = {
    "ENTRYTYPE": "article", "title": "Лечение вымышленной анемии: описание двух случаев", "author": "Roux, Anna and Petit, Bob",
    "year": "2021", "journal": "Вымышленная гематология", "volume": "42", "number": "3", "pages": "233-236", "doi": "",
    "abstract": "",
}


def found(journal: str) -> int:
    """Return how many sets of duplicates two equal rows make."""
    rows = pd.DataFrame([{"ID": key, **ROW, "journal": journal} for key in ("a", "b")])
    blocked = bib.block(bib.prep(rows, cpu=1, verbosity_level=0), cpu=1, verbosity_level=0)
    return len(bib.cluster(bib.match(blocked, cpu=1, verbosity_level=0), verbosity_level=0))


cyrillic, latin = found(ROW["journal"]), found("Vymyshlennaya gematologiya")
print(f"sets of duplicates: journal in Cyrillic {cyrillic}, in Latin letters {latin}")
if (cyrillic, latin) != (0, 1):
    print("CHANGED: records in another script are matched.")
    sys.exit(1)
print("Still so: two equal rows are no duplicates.")
PY
