#!/usr/bin/env bash
# pypdfium2 5.15.2: a page that is a whole number of pixels wide is rendered one pixel wider.
#
# Guess: a page of 595.2 by 841.92 points (A4 as 2,480 by 3,508 pixels) is a picture of 2,480 by 3,508 at 300 dots an inch.
# Behaviour: pdfium gives sizes as floats of 32 bits, here 595.2000122 points, and `render` rounds the product up; whether a
#   pixel is added depends on the digits of the size. The page is stretched over it, so that every line is elsewhere.
# Seen: 595.2 points give 2,481 pixels, 595.44 give 2,482; 600 give 2,500 and 540.48 give 2,252, as they should.
# Why it matters: figures of a journal are made for a width in pixels; a picture of a PDF cannot be compared with that
#   of another program pixel by pixel.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check pypdfium2==5.15.2
cd "$work"
"$work/venv/bin/python" - <<'PY'
import sys

import pypdfium2

more = {}
for points in (595.2, 595.44, 600.0, 540.48):
    document = pypdfium2.PdfDocument.new()
    page = document.new_page(points, 841.92)
    wanted = round(points * 300 / 72, 6)
    more[points] = page.render(scale=300 / 72).width - wanted
    print(f"{points} points, seen as {page.get_size()[0]:.7f}: {wanted:g} pixels, and {more[points]:g} more")
if list(more.values()) != [1, 1, 0, 0]:
    sys.exit("CHANGED: whole numbers of pixels are no longer, or elsewhere, exceeded.")
print("Still so: some pages of whole pixels get one more.")
PY
