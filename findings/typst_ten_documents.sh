#!/usr/bin/env bash
# typst 0.15.2 (Python): what one compile took of memory stays taken over the next ten, and the same document is not set faster for it.
#
# Guess: `typst.compile(...)` is a function: when it returns the PDF, what it needed on the way is free again. A program that sets
#   one document after another needs the memory of the largest.
# Behaviour: what was laid out is kept in a store of the process, and thrown away when it was not used in the last ten compiles.
#   The caller has no way to empty it. Set once more, the same text takes as long as the first time.
# Seen: listings of 1,000 rows and 6 columns, each another: some 100 MB more for each of the first ten, 1.2 GB then, and no more; a
#   document of one word afterwards leaves it so.
# Why it matters: a report in two languages, or one for each centre, set in one process: with lists of ten thousand patients each
#   language took 3 GB, and both were held. Whoever sets large documents does it in processes of their own.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check typst==0.15.2
"$work/venv/bin/python" - <<'PY'
import re
import sys
import time
from pathlib import Path

import typst


def held():
    """Return the memory of this process in MB."""
    return int(re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024


def listing(number):
    cells = ",".join(f"[{number} {row} {column}]" for row in range(1000) for column in range(6))
    return f"#table(columns: 6, {cells})".encode()


def seconds(page):
    begun = time.process_time()
    typst.compile(page)
    return time.process_time() - begun


typst.compile(b"one word")
before, after, times = held(), [], []
for number in range(14):
    times.append(seconds(listing(number)))
    after.append(held() - before)
again = seconds(listing(13))
typst.compile(b"one word")
print("MB held after each document:", *(f"{one:.0f}" for one in after))
print(f"after one word more: {held() - before:.0f}")
print(f"the last document took {times[-1]:.2f} s, and once more {again:.2f} s")
grows = after[4] > 3 * after[0] and after[9] > 6 * after[0]
stays = after[13] < 1.25 * after[10] and held() - before > 0.8 * after[13]
if not (grows and stays and again > 0.5 * times[-1]):
    sys.exit("CHANGED: the memory of a compile is given back, or used.")
print("Still so: the memory of ten documents is held.")
PY
