#!/usr/bin/env bash
# pandas 2.3.3 with odfpy 1.4.1: in a French LibreOffice file every TRUE is read as False.
#
# Guess: a cell of the type boolean is read from its value (office:boolean-value="true"), whatever language
#   shows it.
# Behaviour: read_excel(engine="odf") looks at the text that is displayed, and only "TRUE" is true. LibreOffice
#   in French displays and stores VRAI (German WAHR), so true becomes False: no message, and the type is right.
#   engine="calamine" reads the value.
# Seen: VRAI, FAUX, TRUE -> odf: False, False, True; calamine: True, False, True.
# Why it matters: yes/no columns typed in a French spreadsheet (relapse, on treatment, unpublished) turn into
#   "no" for everybody, which is a plausible table. The registry accepts XLSX and CSV and refuses ODS with a
#   sentence; it must stay so, or read the value.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check \
  pandas==2.3.3 odfpy==1.4.1 python-calamine==0.9.1
cd "$work"
"$work/venv/bin/python" - <<'PY'
import sys

import pandas as pd
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

document = OpenDocumentSpreadsheet()
table = Table(name="cases")
document.spreadsheet.addElement(table)


def line(shown, **kind):
    cell, row = TableCell(**kind), TableRow()
    cell.addElement(P(text=shown))
    row.addElement(cell)
    table.addElement(row)


line("relapse", valuetype="string")
for shown, value in (("VRAI", "true"), ("FAUX", "false"), ("TRUE", "true")):
    line(shown, valuetype="boolean", booleanvalue=value)
document.save("cases.ods")
odf = pd.read_excel("cases.ods", engine="odf")["relapse"].tolist()
calamine = pd.read_excel("cases.ods", engine="calamine")["relapse"].tolist()
print(f"VRAI FAUX TRUE: odf {odf}, calamine {calamine}")
if odf != [False, False, True] or calamine != [True, False, True]:
    sys.exit("CHANGED: pandas reads booleans of ODS otherwise.")
print("Still so: VRAI is read as False.")
PY
