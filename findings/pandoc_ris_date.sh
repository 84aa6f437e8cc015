#!/usr/bin/env bash
# pandoc 3.9 (pypandoc_binary 1.17): a RIS date written as the format says loses the year.
#
# Guess: PY and Y1 hold YYYY/MM/DD/other, as RIS has always said; "2021/03/15/" is read as 15 March 2021, or at
#   least as 2021. "2021///" (year only, what reference managers write) is 2021.
# Behaviour: the value is cut at the slashes and every piece is taken for a year of a range. If a piece has a
#   leading zero or is a word, the whole date is dropped without a message; empty pieces become the year 0. DA
#   is not read at all.
# Seen: "2021" -> 2021; "2021/03/15/" -> no date; "2021///" -> 2021 and three times the year 0; DA "2021/03/15/"
#   -> none.
# Why it matters: the year is what records are matched by when there is no DOI. An export that went through
#   pandoc on its way to us has records without a year, and they are compared as if it were not known.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check pypandoc_binary==1.17
cd "$work"
"$work/venv/bin/python" - <<'PY'
import json
import sys

import pypandoc

print("seen with pandoc", pypandoc.get_pandoc_version())


def date(line):
    ris = f"TY  - JOUR\nTI  - A case\nAU  - Durand, Anne\n{line}\nER  - \n"
    entry = json.loads(pypandoc.convert_text(ris, "csljson", format="ris"))[0]
    return entry.get("issued", {}).get("date-parts")


expected = {
    "PY  - 2021": [[2021]],
    "PY  - 2021/03/15/": [],
    "Y1  - 2021/03/15/": [],
    "PY  - 2021///": [[2021], [0], [0], [0]],
    "DA  - 2021/03/15/": None,
}
seen = {line: date(line) for line in expected}
for line, parts in seen.items():
    print(f"{line:20} -> {parts}")
if seen != expected:
    sys.exit("CHANGED: pandoc reads RIS dates otherwise.")
print("Still so: only a bare year is read; a full date is lost, and empty parts are the year 0.")
PY
