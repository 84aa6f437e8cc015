#!/usr/bin/env bash
# python-docx 1.2.0: a paragraph style that is added is based on nothing; "Normal" set to Arial leaves its text in Cambria.
#
# Guess: a new paragraph style inherits from Normal, as every style does that one makes in Word, so that setting the font
#   of Normal sets the font of the document.
# Behaviour: `styles.add_style()` writes no w:basedOn; the text takes the defaults of the template (theme font, 11 pt).
#   A heading or caption of the template is based on Normal and follows it: two fonts in one table.
# Seen: base_style of the new style None, of "Caption" Normal; its font None while Normal is Arial.
# Why it matters: a table whose cells, notes and captions have named styles (the way a thesis restyles them) comes in two
#   faces, with other widths than were reckoned: words of its cells are broken.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check python-docx==1.2.0
cd "$work"
"$work/venv/bin/python" - <<'PY'
import sys

import docx
from docx.enum.style import WD_STYLE_TYPE

document = docx.Document()
document.styles["Normal"].font.name = "Arial"
style = document.styles.add_style("Table Note", WD_STYLE_TYPE.PARAGRAPH)
caption = document.styles["Caption"].base_style
print(f"base of the new style: {style.base_style}; of Caption: {caption.name}; font of the new style: {style.font.name}")
if style.base_style is not None or caption.name != "Normal":
    sys.exit("CHANGED: a new paragraph style is based on another one.")
print("Still so: the new style follows no other.")
PY
