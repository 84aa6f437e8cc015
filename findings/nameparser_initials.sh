#!/usr/bin/env bash
# nameparser 2.6.0: an author's initials are taken for a degree or a title, and the first name is empty.
#
# Guess: "Roux, JP" in the form "last, first" is last name Roux, first name JP; the comma settles it.
# Behaviour: two letters that are a degree, an order or a title somewhere (JP justice of the peace, MD, MA, PA,
#   JD, AM, DR ...) are taken out of the name, after the comma too. The first name stays empty. Which initials
#   are hit depends on English and American titles.
# Seen: Roux JP, Petit MD, Garcia MA, Morin PA: first name empty; Roy PR: kept.
# Why it matters: RIS, BibTeX and PubMed give authors as "last, initials". Two different authors Petit MA and
#   Petit JD become the same (no first name), a blocking key by first initial is empty, and Jean-Pierre is one
#   of the commonest French names. No parser of names may stand between an export and the comparison.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check nameparser==2.6.0
cd "$work"
"$work/venv/bin/python" - <<'PY'
import sys

from nameparser import HumanName

names = ("Roux, JP", "Petit, MD", "Petit, JD", "Garcia, MA", "Morin, PA", "Roy, PR")
seen = {}
for name in names:
    parsed = HumanName(name)
    seen[name] = str(parsed.first)
    print(f"{name:11} first {parsed.first!r}, last {parsed.last!r}, title {parsed.title!r}, suffix {parsed.suffix!r}")
if [name for name, first in seen.items() if first] != ["Roy, PR"]:
    sys.exit("CHANGED: nameparser keeps other initials now.")
print("Still so: five of six authors have lost their initials.")
PY
