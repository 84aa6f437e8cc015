#!/usr/bin/env bash
# phonenumbers 9.0.43: a telephone number beside a date is not found.
#
# Guess: PhoneNumberMatcher finds a valid number wherever it stands in a text, as its documentation does between words.
# Behaviour: digits on either side of the number, with a space between, belong to the candidate; a date before or after makes it
#   too long, it is dropped, and the number inside is not tried again. Between words or after a comma it is found.
# Seen: "le 12 mars, 06 12 34 56 78" -> found; "vu le 12.03.2021 06 12 34 56 78" and "06 12 34 56 78 12/03/2021" -> nothing.
# Why it matters: remarks of physicians put dates and numbers side by side; a scan for telephone numbers that relies on the matcher lets
#   them through. We look for the shape of a number ourselves and ask the library only whether it can be called.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check phonenumbers==9.0.43
cd "$work"
"$work/venv/bin/python" - <<'PY'
import sys

import phonenumbers


def found(text):
    return [match.raw_string for match in phonenumbers.PhoneNumberMatcher(text, "FR")]


apart, beside = "le 12 mars, 06 12 34 56 78", ("vu le 12.03.2021 06 12 34 56 78", "06 12 34 56 78 12/03/2021")
print(apart, found(apart))
for text in beside:
    print(text, found(text))
if found(apart) != ["06 12 34 56 78"] or any(found(text) for text in beside):
    sys.exit("CHANGED: the matcher finds numbers beside dates, or those apart no more.")
print("Still so: a date beside it hides a telephone number.")
PY
