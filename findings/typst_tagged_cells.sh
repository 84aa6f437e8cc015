#!/usr/bin/env bash
# typst 0.15.2 (Python): the time of a tagged PDF grows faster than the number of cells in its tables.
#
# Guess: tags cost a share of each cell; eight times as many rows take eight times as long, as they do without tags.
# Behaviour: without tags the time grows a little less than the rows. With tags (which are the default, and which PDF/UA-1 and
#   PDF/A-2a ask for) it grows with more than the power 1.2 of them, whether they stand in one table or in many.
# Seen: tables of 6 columns, seconds of CPU time for 2,000 and 16,000 rows: tagged 0.7 and 10, untagged 0.2 and 1.1.
# Why it matters: the line listing of a registry as an accessible PDF. A thousand patients take no notice; with ten thousand the
#   report took a minute and a half and 6 GB, and the longest lists had to stay out of it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check typst==0.15.2
"$work/venv/bin/python" - <<'PY'
import math
import sys
import time

import typst


def seconds(rows, tables, tags):
    cells = ",".join(f"[{place} {column}]" for place in range(rows // tables) for column in range(6))
    page = '#set document(title: "listing")\n' + f"#table(columns: 6, {cells})\n" * tables
    begun = time.process_time()
    typst.compile(page.encode(), pdf_tags=tags)
    return time.process_time() - begun


few, many, powers = 2_000, 16_000, {}
for name, tables, tags in (("tagged, one table", 1, True), ("tagged, 16 tables", 16, True), ("untagged", 1, False)):
    short, long = (min(seconds(rows, tables, tags) for _ in range(2)) for rows in (few, many))
    powers[name] = math.log(long / short) / math.log(many / few)
    print(f"{name}: {short:.2f} s and {long:.2f} s for {few:,} and {many:,} rows; grows with the power {powers[name]:.2f}")
tagged = [power for name, power in powers.items() if name.startswith("tagged")]
if min(tagged) < 1.15 or powers["untagged"] > 1.1:
    sys.exit("CHANGED: tags cost a share of each cell now.")
print("Still so: twice as many tagged cells take more than twice as long.")
PY
