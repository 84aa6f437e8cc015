#!/usr/bin/env bash
# typst 0.15.2 (Python): the head of a row cannot be tagged; the documented function for it does not exist there.
#
# Guess: `pdf.header-cell(scope: "row", [...])`, which the manual of typst documents for tables with heads on two sides, works
#   from Python too, at worst with a feature switched on as the program `typst` takes it (`--features` or TYPST_FEATURES).
# Behaviour: the function is one of the feature `a11y-extras`. `typst.compile` and `Compiler` have no argument for features and
#   do not read the variable: "module `pdf` does not contain `header-cell`". Heads of columns (`table.header`) are tagged.
# Seen: a PDF/UA-1 with two TH for the heads of two columns; the same error with and without the variable.
# Why it matters: PDF/UA-1 is claimed and accepted without it, and whoever listens to a table of rates hears the number without
#   the disease of its row. Here the first column of a table has no tag of a head in report.pdf; in report.html it has.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check typst==0.15.2 pikepdf==10.18.0
cd "$work"
"$work/venv/bin/python" - <<'PY'
import inspect
import io
import os
import sys

import pikepdf
import typst

HEAD = b'#set document(title: "t")\n#set text(lang: "en")\n'
PLAIN = HEAD + b"#table(columns: 2, table.header([Disease], [Rate]), [A], [1])"
ROWS = PLAIN.replace(b"[A]", b'pdf.header-cell(scope: "row", [A])')


def heads(content: bytes) -> int:
    """Return how many cells of a PDF are tagged as heads."""
    pdf = pikepdf.open(io.BytesIO(content))
    return sum(isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/TH" for one in pdf.objects)


found = heads(typst.compile({"main.typ": PLAIN}, pdf_standards="ua-1"))
print("heads of columns that are tagged:", found)
for value in ("", "a11y-extras"):
    os.environ["TYPST_FEATURES"] = value
    try:
        made = typst.compile({"main.typ": ROWS}, pdf_standards="ua-1")
    except typst.TypstError as error:
        print(f"TYPST_FEATURES={value}: {str(error).splitlines()[0]}")
    else:
        sys.exit(f"CHANGED: with TYPST_FEATURES={value} {heads(made)} cells are heads.")
if found != 2 or "features" in inspect.signature(typst.compile).parameters:
    sys.exit("CHANGED: features can be switched on now.")
PY
