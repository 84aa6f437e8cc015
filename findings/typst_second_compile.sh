#!/usr/bin/env bash
# typst 0.15.2 (Python): a compiler made from files in memory compiles once; the second time its main file is not found.
#
# Guess: `Compiler(files)` is there to compile the same document several times, as PDF and then as PNG.
# Behaviour: the first `compile()` works; every later one looks for main.typ in the current folder, though the other files
#   are still known. With a path instead of bytes the same compiler works as often as one likes.
# Seen: PDF of some thousand bytes; then "file not found (searched at .../main.typ)".
# Why it matters: a figure set as PDF and as PNG from one drawing. Whoever runs the second call in a folder that holds
#   another main.typ gets a picture of that one, without a word. Here each file is set by `typst.compile` of its own.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check typst==0.15.2
mkdir "$work/empty" "$work/other"
cd "$work/empty"
"$work/venv/bin/python" - "$work/other" <<'PY'
import os
import sys

import typst

page = b"#set page(width: 40pt, height: 20pt)\nA"
compiler = typst.Compiler({"main.typ": page})
first = compiler.compile(format="png")
try:
    compiler.compile(format="png")
except typst.TypstError as error:
    found = "file not found" in str(error)
    print(f"first: {len(first)} bytes; second: {str(error).splitlines()[0][:60]}")
else:
    sys.exit("CHANGED: the second compile works now.")
os.chdir(sys.argv[1])
with open("main.typ", "w", encoding="utf-8") as other:
    other.write("#set page(width: 90pt, height: 20pt)\nanother text")
compiler = typst.Compiler({"main.typ": page})
sizes = [int.from_bytes(compiler.compile(format="png")[16:20], "big") for _ in range(2)]
print("width of the picture, first and second:", sizes)
if not found or sizes[0] == sizes[1]:
    sys.exit("CHANGED: the second compile does not read the folder.")
PY
