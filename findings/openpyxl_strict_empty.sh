#!/usr/bin/env bash
# openpyxl 3.1.5: a workbook saved as "Strict Open XML" opens without an error and has no sheet.
#
# Guess: load_workbook() reads an .xlsx that Excel saved, whichever of its two kinds of XLSX was chosen, or raises.
# Behaviour: the parts of a Strict workbook have other namespaces (ISO/IEC 29500 Strict). They are not recognised: the workbook
#   opens, sheetnames is [], and no exception is raised; pandas then speaks of a sheet index.
# Seen: load_workbook -> sheetnames []; with read_only too. The same parts with the usual namespaces -> ["Sheet"].
# Why it matters: a centre that chose the other XLSX in the list of formats has "sent an empty file"; a loop over the sheets reads
#   nothing and says nothing. The registry looks at the namespace and says how to save.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check openpyxl==3.1.5
cd "$work"
"$work/venv/bin/python" - <<'PY'
import sys

import warnings
import zipfile
import io

import openpyxl

book = openpyxl.Workbook()
book.active.append(["P1", "complete_x000D_\nremission"])
buffer = io.BytesIO()
book.save(buffer)

STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships":
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    b"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties":
        b"http://purl.oclc.org/ooxml/officeDocument/extendedProperties",
    b"http://schemas.openxmlformats.org/drawingml/2006/main": b"http://purl.oclc.org/ooxml/drawingml/main",
    b"<workbook ": b'<workbook conformance="strict" ',
}
strict = io.BytesIO()
with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(strict, "w") as target:
    for name in source.namelist():
        content = source.read(name)
        for usual, other in STRICT.items():
            content = content.replace(usual, other)
        target.writestr(name, content)
warnings.simplefilter("ignore")
names = {kind: openpyxl.load_workbook(one).sheetnames for kind, one in (("usual", buffer), ("strict", strict))}
print(names)
if names != {"usual": ["Sheet"], "strict": []}:
    sys.exit("CHANGED: a Strict workbook is read or refused.")
print("Still so: a Strict workbook opens without sheets and without an error.")
PY
