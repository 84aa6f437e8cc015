#!/usr/bin/env bash
# docx2python 3.7.1: a non-breaking hyphen vanishes: "10-12 weeks" becomes "1012 weeks".
#
# Guess: what Word shows as a hyphen comes out as a hyphen, plain or non-breaking, as in python-docx and
#   mammoth.
# Behaviour: Word stores the non-breaking hyphen (Ctrl+Shift+hyphen) not as a character but as an element of its
#   own between two texts. docx2python does not know the element and joins the texts.
# Seen: docx2python "after 1012 weeks", "IL6"; python-docx "after 10-12 weeks", "IL-6"; mammoth with U+2011.
# Why it matters: authors put this hyphen exactly where a line must not break: in ranges, doses and names of
#   antibodies. A time of 1012 weeks is a plausible typing error, and nobody looks for the reader as its cause.
#   The paper form of the registry comes back as DOCX.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check \
  docx2python==3.7.1 python-docx==1.2.0 mammoth==1.13.0
cd "$work"
"$work/venv/bin/python" - <<'PY'
import sys
from pathlib import Path

import mammoth
from docx import Document
from docx.oxml import OxmlElement
from docx2python import docx2python

document = Document()
for before, after in (("relapse after 10", "12 weeks"), ("IL", "6")):
    run = document.add_paragraph().add_run(before)
    run._r.append(OxmlElement("w:noBreakHyphen"))
    text = OxmlElement("w:t")
    text.text = after
    run._r.append(text)
document.save("form.docx")
with docx2python("form.docx") as opened:
    lost = [line for line in opened.text.splitlines() if line]
kept = [paragraph.text for paragraph in Document("form.docx").paragraphs]
with Path("form.docx").open("rb") as file:
    marked = [line for line in mammoth.extract_raw_text(file).value.splitlines() if line]
print(f"docx2python {lost}\npython-docx {kept}\nmammoth     {marked}")
if lost != ["relapse after 1012 weeks", "IL6"] or kept != ["relapse after 10-12 weeks", "IL-6"]:
    sys.exit("CHANGED: docx2python no longer loses the hyphen.")
print("Still so: the hyphen of a range is lost, 10-12 reads 1012.")
PY
