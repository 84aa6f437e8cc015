#!/usr/bin/env bash
# The structure of results/manuscript/{fr,en}/report.pdf, read by pikepdf (qpdf): what a reader aloud and an archive need.
#
# Run from the folder of a built project; needs Python and PyPI, and is no part of `.ci/run`. pikepdf comes into a temporary
# folder. typst refuses to write what breaks PDF/A-2a or PDF/UA-1 as far as it checks; no validator of these standards is
# packaged by Debian or PyPI, so this looks at the file itself: title shown and given, language, tags marked, a tree of tags in
# which every figure has an alternative text and every table has heads, all fonts embedded, no script, nothing encrypted.
# Heads of rows carry no tag: the binding of typst offers none (findings/typst_row_heads.sh). Ends with 0 where all is so, with 3 where pikepdf cannot be had.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work" "pikepdf==10.18.0" 2> "$work/log" \
    || { echo "pikepdf cannot be installed here."; exit 3; }
PYTHONPATH="$work" python3 - "$@" <<'PYTHON'
import collections
import pathlib
import sys

import pikepdf

wrong = []
for path in sorted(pathlib.Path("results/manuscript").glob("*/report.pdf")):
    pdf = pikepdf.open(path)
    root, language = pdf.Root, path.parent.name
    tags, bare, headless = collections.Counter(), [], 0

    def walk(node):
        global headless
        if isinstance(node, pikepdf.Array):
            for one in node:
                walk(one)
        elif isinstance(node, pikepdf.Dictionary):
            kind = str(node.get("/S", ""))
            tags[kind] += bool(kind)
            if kind == "/Figure" and not str(node.get("/Alt", "")).strip():
                bare.append(str(node.get("/Alt", "")))
            walk(node.get("/K", pikepdf.Array()))

    walk(root.StructTreeRoot.K)
    fonts = {}
    for number, item in enumerate(pdf.objects):
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
            fonts[str(item.FontName)] = any(key in item for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    with pdf.open_metadata() as meta:
        claims = (meta.get("pdfaid:part"), meta.get("pdfaid:conformance"), meta.get("pdfuaid:part"))
        title = meta.get("dc:title")
    found = {
        "title": bool(title),
        "title shown": bool(root.ViewerPreferences.DisplayDocTitle),
        "language": str(root.Lang).startswith(language),
        "marked": bool(root.MarkInfo.Marked),
        "claims": claims == ("2", "A", "1"),
        "figures with words": tags["/Figure"] > 0 and not bare,
        "tables with heads": tags["/Table"] > 0 and tags["/TH"] >= tags["/Table"],
        "headings": tags["/H1"] > 0 and tags["/H2"] > 0,
        "fonts embedded": bool(fonts) and all(fonts.values()),
        "no script": "/JavaScript" not in root.get("/Names", pikepdf.Dictionary()),
        "not encrypted": not pdf.is_encrypted,
    }
    wrong += [f"{path}: {name}" for name, good in found.items() if not good]
    counts = ", ".join(f"{tags[kind]} {kind[1:]}" for kind in ("/Figure", "/Table", "/TH", "/H1", "/H2", "/Link"))
    print(f"{path}: {len(pdf.pages)} pages, {counts}, {len(fonts)} fonts embedded; {sum(found.values())} of {len(found)} checks hold")
if wrong:
    sys.exit("\n".join(wrong))
PYTHON
