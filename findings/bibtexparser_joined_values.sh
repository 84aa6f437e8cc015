#!/usr/bin/env bash
# bibtexparser 2.1.0: a value that is joined with # is not joined, and its macro is not filled in.
#
# Guess: `journal = jinv # { B}` with @string{jinv = "Journal of Inventions"} is "Journal of Inventions B", as in BibTeX;
#   the default stack of 2.x fills in macros ("ResolveStringReferences"), and a macro alone is filled in.
# Behaviour: the value stays the text `jinv # { B}`, braces, # and name of the macro included; nothing is logged, and
#   the entry is none of the failed blocks.
# Seen: macro alone "Journal of Inventions"; joined "jinv # { B}".
# Why it matters: bibliographies of departments and of publishers join macros of journals with series or months; the
#   journal of such a record agrees with no other, so the same report stays twice in the list to screen.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check bibtexparser==2.1.0
cd "$work"
"$work/venv/bin/python" - <<'PY'
import sys

import bibtexparser

library = bibtexparser.parse_string(
    '@string{jinv = "Journal of Inventions"}\n'
    "@article{alone, journal = jinv}\n"
    "@article{joined, journal = jinv # { B}}\n"
)
found = {entry.key: entry["journal"] for entry in library.entries}
print(f"{found}; failed blocks: {len(library.failed_blocks)}")
if found != {"alone": "Journal of Inventions", "joined": "jinv # { B}"} or library.failed_blocks:
    sys.exit("CHANGED: bibtexparser joins values, or says that it does not.")
print("Still so: a joined value is left as it was typed, without a word.")
PY
