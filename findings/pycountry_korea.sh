#!/usr/bin/env bash
# pycountry 26.2.16: "Republic of Korea", as PubMed's affiliations write it, is found to be North Korea.
#
# Guess: search_fuzzy() gives the best match first, an exact name or its common part: Republic of Korea is KR,
#   Niger is NE; at worst several are offered.
# Behaviour: the text is sought inside the official names. "Republic of Korea" stands inside "Democratic
#   People's Republic of Korea" but not inside "Korea, Republic of", so North Korea is the only answer. "Korea"
#   gives North Korea first, "Niger" gives Nigeria first. "Turkey" and "Ivory Coast" are not found at all.
# Seen: Republic of Korea -> KP; Korea -> KP KR; Niger -> NG NE; South Korea -> KR.
# Why it matters: the country of a case report is one of the facts by which a patient reported twice is found. Many
#   reports come from Korea; "the first answer" moves all of them. Here the extractor types the country; it is
#   not looked up.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check pycountry==26.2.16
cd "$work"
"$work/venv/bin/python" - <<'PY'
import sys

import pycountry


def found(name):
    try:
        return [country.alpha_2 for country in pycountry.countries.search_fuzzy(name)]
    except LookupError:
        return []


names = ("Republic of Korea", "Korea", "South Korea", "Niger", "Turkey", "Ivory Coast")
seen = {name: found(name) for name in names}
for name, codes in seen.items():
    print(f"{name:18} -> {' '.join(codes) or 'not found'}")
expected = (["KP"], "KP", ["KR"], "NG", [], [])
told = tuple(seen[name][0] if name in {"Korea", "Niger"} and seen[name] else seen[name] for name in names)
if told != expected:
    sys.exit("CHANGED: pycountry answers otherwise.")
print("Still so: the only answer to Republic of Korea is North Korea.")
PY
