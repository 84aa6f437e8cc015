#!/usr/bin/env bash
# rispy 0.10.0: one address becomes two at a semicolon, and one wrapped author becomes two authors.
#
# Guess: every UR line is one address; a line without a tag continues the line before it, whatever its tag (the
#   abstract is continued so).
# Behaviour: UR values are cut at each semicolon, so the address of an older Wiley DOI (…3.0.CO;2-B) ends early
#   and its rest stands as a second address. A continued line of a repeatable tag is a new value: a wrapped
#   study group is two authors, a wrapped keyword two keywords. The abstract is joined with a space as guessed.
# Seen: 2 addresses from one UR line, authors "Invented Study Group on Rare" and "Autoimmune Diseases".
# Why it matters: the first address is what a reader of the tables clicks and from which a DOI may be read; a
#   wrong number of authors weakens the comparison of two records of one report.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check rispy==0.10.0
cd "$work"
"$work/venv/bin/python" - <<'PY'
import sys

import rispy

lines = (
    "TY  - JOUR",
    "TI  - An invented case",
    "AU  - Invented Study Group on Rare",
    "Autoimmune Diseases",
    "AB  - The first line",
    "and the second.",
    "UR  - https://doi.org/10.1000/(SICI)1234-5678(199901)34:1<1::AID-XYZ1>3.0.CO;2-B",
    "ER  - ",
)
entry = rispy.loads("\n".join(lines) + "\n")[0]
for name in ("urls", "authors", "abstract"):
    print(f"{name}: {entry[name]}")
seen = (len(entry["urls"]), entry["urls"][1:], entry["authors"], entry["abstract"])
expected = (
    2, ["2-B"], ["Invented Study Group on Rare", "Autoimmune Diseases"], "The first line and the second.",
)
if seen != expected:
    sys.exit("CHANGED: rispy reads semicolons or continued lines otherwise.")
print("Still so: one address is two, one author is two.")
PY
