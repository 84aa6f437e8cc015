#!/usr/bin/env bash
# LibreOffice 7.4.7 (Debian 12): a Word document that is only opened and saved again loses the tags of its content controls.
#
# Guess: the tag (w:tag) of a content control, by which programs find it, survives like its text; a control around a table or
#   several paragraphs stays around them. Both are plain WordprocessingML since 2007.
# Behaviour: every tag is dropped. A plain text control inside a line (w:text) and a control among paragraphs keep their
#   title (w:alias); a rich text control inside a line keeps nothing. A control around two paragraphs is around the first one
#   afterwards; one around a table is around the text of its first cell; one around a picture is empty, the picture beside it.
# Seen: of 5 tags 0 are left; titles left: plain, paragraphs, table, picture; inside "paragraphs": "first";
#   inside "table": "a1"; inside "picture": no picture.
# Why it matters: documents that are filled by tag (casepool pull) would find nothing after one evening in LibreOffice, or
#   would fill a table anew inside its own first cell. Our controls have their tag as title too; one that shrank is left alone.
# Needs Debian's libreoffice-writer-nogui; the document is made with python-docx 1.2.0.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v soffice > /dev/null || { echo "LibreOffice is not installed here."; exit 3; }
case "$(soffice --version)" in *" 7.4."*) ;; *) echo "Another version: $(soffice --version)"; exit 3 ;; esac
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check python-docx==1.2.0
cd "$work"
cat > make.py <<'PYTHON'
import base64
import io

import docx
from docx.oxml import parse_xml

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)


def control(name, inside, kind=""):
    return parse_xml(
        f'<w:sdt {W}><w:sdtPr><w:alias w:val="{name}"/><w:tag w:val="{name}"/>{kind}</w:sdtPr>'
        f"<w:sdtContent>{inside}</w:sdtContent></w:sdt>"
    )


document = docx.Document()
run = "<w:r><w:t>{}</w:t></w:r>"
for name, kind in (("plain", "<w:text/>"), ("rich", "")):
    paragraph = document.add_paragraph("before ")
    paragraph._p.append(control(name, run.format(name), kind))
    paragraph.add_run(" after")
body, last = document.element.body, document.add_paragraph("last")._p
last.addprevious(control("paragraphs", "".join(f"<w:p>{run.format(word)}</w:p>" for word in ("first", "second"))))
table = document.add_table(2, 2)
for cell, text in zip((c for row in table.rows for c in row.cells), ("a1", "b1", "a2", "b2")):
    cell.text = text
around = control("table", "")
last.addprevious(around)
around[1].append(table._tbl)
picture = document.add_paragraph()
picture.add_run().add_picture(io.BytesIO(DOT), width=914400)
around = control("picture", "")
last.addprevious(around)
around[1].append(picture._p)
document.save("made.docx")
PYTHON
cat > read.py <<'PYTHON'
import docx

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
body = docx.Document("saved/made.docx").element.body
print("tags left:", sum(1 for one in body.iter(f"{W}tag") if one.get(f"{W}val")))
for one in body.iter(f"{W}sdt"):
    title = one.find(f"{W}sdtPr/{W}alias")
    content = one.find(f"{W}sdtContent")
    words = "".join(text.text or "" for text in content.iter(f"{W}t"))
    drawings = len(list(content.iter(f"{W}drawing")))
    if title is not None:
        print(title.get(f"{W}val"), "holds", repr(words), f"and {drawings} pictures")
PYTHON
venv/bin/python make.py
soffice "-env:UserInstallation=file://$work/profile" --headless --convert-to docx:"MS Word 2007 XML" --outdir saved made.docx > /dev/null 2>&1
venv/bin/python read.py | tee said.txt
if printf '%s\n' "tags left: 0" "plain holds 'plain' and 0 pictures" "paragraphs holds 'first' and 0 pictures" \
  "table holds 'a1' and 0 pictures" "picture holds '' and 0 pictures" | diff - said.txt; then
  echo "Still so."
else
  echo "CHANGED: LibreOffice keeps more of content controls."
  exit 1
fi
