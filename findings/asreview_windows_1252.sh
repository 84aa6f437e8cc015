#!/usr/bin/env bash
# ASReview 3.0.8: in a CSV or RIS of a Windows program each ’, “ ” and – becomes a control character that nobody sees.
#
# Guess: a file that is no UTF-8 is read as Windows-1252, which is what such files are, or refused.
# Behaviour: it is read as ISO 8859-1: letters with accents are right, so the file looks well read; the 27 signs that only
#   Windows-1252 has (apostrophe, quotation marks, dashes, œ, €) become characters U+0080 to U+009F. Nothing is said.
# Seen: "l’adulte – étude" is read as "l\x92adulte \x96 étude".
# Why it matters: French titles hold an apostrophe as a rule and œ often (cœur, œdème). The words around it are no longer
#   those that the model has learnt, and a decision that comes back by its title finds no record.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check asreview==3.0.8
cd "$work"
"$work/venv/bin/python" -W ignore - <<'PY'
import sys
from pathlib import Path

from asreview.data.loader import load_records

title = "Cœur de l’adulte – étude"
Path("export.csv").write_bytes(f"title,abstract\n{title},Deux cas\n".encode("cp1252"))
Path("export.ris").write_bytes(f"TY  - JOUR\nTI  - {title}\nAB  - Deux cas\nER  - \n".encode("cp1252"))
read = [load_records(Path(name), "invented")[0].title for name in ("export.csv", "export.ris")]
print([ascii(one) for one in read])
if read != [title.encode("cp1252").decode("latin-1")] * 2:
    sys.exit("CHANGED: signs of Windows-1252 are read otherwise.")
print("Still so: apostrophe, dash and œ are control characters.")
PY
