#!/usr/bin/env bash
# rispy 0.10.0: the first record of a file that begins with a byte order mark is gone, without a word.
#
# Guess: rispy.load(Path) reads UTF-8 with or without its mark (the mark is no character of the text), or refuses
#   a file whose first line it does not know.
# Behaviour: the mark stands in front of the first TY, which is then no tag; the whole record is passed over as if it
#   were a heading, and reading begins with the second record. With encoding="utf-8-sig" all records come.
# Seen: 2 records in the file, 1 read ("Second"); 2 with utf-8-sig.
# Why it matters: databases and Windows programs save RIS with the mark; one publication of every export is
#   missing, and only a count that was written down elsewhere shows it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check rispy==0.10.0
cd "$work"
"$work/venv/bin/python" - <<'PY'
import sys
from pathlib import Path

import rispy

entries = ("TY  - JOUR\nTI  - First\nER  - \n", "TY  - JOUR\nTI  - Second\nER  - \n")
path = Path("export.ris")
path.write_text("\n".join(entries), encoding="utf-8-sig")
plain = [entry["title"] for entry in rispy.load(path)]
signed = [entry["title"] for entry in rispy.load(path, encoding="utf-8-sig")]
print(f"read as it is: {plain}; as utf-8-sig: {signed}")
if (plain, signed) != (["Second"], ["First", "Second"]):
    sys.exit("CHANGED: rispy reads the first record behind a byte order mark, or says that it does not.")
print("Still so: the first record is gone.")
PY
