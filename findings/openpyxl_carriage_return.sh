#!/usr/bin/env bash
# openpyxl 3.1.5: a carriage return in a cell is read as the seven characters _x000D_.
#
# Guess: the text of a cell is what the spreadsheet shows: ECMA-376 (ST_Xstring) writes a character that XML cannot keep as
#   _xHHHH_, and a reader turns it back.
# Behaviour: openpyxl hands the escape on as text; its own function openpyxl.utils.escape.unescape is not applied. python-calamine
#   decodes it.
# Seen: the stored text complete_x000D_ + line feed -> openpyxl "complete_x000D_\nremission", calamine "complete\r\nremission".
# Why it matters: text pasted from Word or a web form into Excel holds such returns. "complete" is no answer of the list any more, and
#   nobody who looks at the sheet can see why.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check openpyxl==3.1.5 python-calamine==0.9.1
cd "$work"
"$work/venv/bin/python" - <<'PY'
import sys

import io

import openpyxl

book = openpyxl.Workbook()
book.active.append(["P1", "complete_x000D_\nremission"])
buffer = io.BytesIO()
book.save(buffer)

from python_calamine import CalamineWorkbook

value = openpyxl.load_workbook(buffer).active["B1"].value
buffer.seek(0)
calamine = CalamineWorkbook.from_filelike(buffer).get_sheet_by_index(0).to_python()[0][1]
print(f"openpyxl {value!r}, calamine {calamine!r}")
if value != "complete_x000D_\nremission" or "_x000D_" in calamine:
    sys.exit("CHANGED: openpyxl decodes the escape, or calamine does not.")
print("Still so: openpyxl hands on _x000D_.")
PY
