#!/usr/bin/env bash
# ASReview 3.0.8 cannot read back the RIS file that it wrote itself.
#
# Guess: ASReview offers RIS among its exports, so a RIS export can be opened in ASReview again and in a reference manager.
# Behaviour: where the project began with a CSV, each letter of the authors becomes an author of its own, the journal, the
#   address and every column that RIS does not know are left out, and the year is written as `2021.0`, which ASReview
#   refuses as no integer when it reads the file. Its page says only that the format is "available" for a RIS project.
# Seen: `AU  - D`, `AU  - o`, `AU  - e` for the author "Doe"; `PY  - 2021.0`; an error when the file is read.
# Why it matters: decisions that come back by this file must be matched by DOI or title, never by author or year; and a
#   record without them has no name left but an id in a column that RIS knows (`id`).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check asreview==3.0.8 pandas==2.3.3
cd "$work"
"$work/venv/bin/python" - <<'PY' 2> "$work/warnings"
import sys
from pathlib import Path

from asreview.data import CSVReader, RISReader, RISWriter

# SYNTHETIC. The second record has no year: pandas then holds the years as 2021.0.
Path("records.csv").write_text("id,title,authors,journal,year\nr1,Invented case,Doe,J Inv,2021\nr2,Other case,Roe,J Inv,\n")
RISWriter.write_data(CSVReader.read_data(Path("records.csv")), Path("back.ris"))
lines = [line.rstrip() for line in Path("back.ris").read_text(encoding="utf8").splitlines()]
first = lines[: lines.index("2.")]
authors = [line for line in first if line.startswith("AU")]
print(f"authors of the first record: {authors}; year: {[line for line in first if line.startswith('PY')]}")
try:
    RISReader.read_records(Path("back.ris"), dataset_id="back")
    read_back = True
except ValueError as error:
    read_back = False
    print(f"read back: {error}")
kept = {line[:2] for line in first}
if read_back or authors != ["AU  - D", "AU  - o", "AU  - e"] or "PY  - 2021.0" not in first or kept & {"JO", "T2", "JF"}:
    sys.exit("CHANGED: the RIS export of ASReview keeps authors, journal and year, or is read back.")
print("Still so: letters for authors, no journal, a year that ASReview itself refuses.")
PY
