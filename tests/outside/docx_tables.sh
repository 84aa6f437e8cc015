#!/usr/bin/env bash
# LibreOffice: every DOCX table of the manuscript on a portrait A4 page, in both languages.
#
# Run from the folder of a built project with its Python; needs soffice (libreoffice-writer) and pdftotext (poppler-utils), and
# is no part of `.ci/run`. Each table becomes a PDF: its pages are portrait A4, nothing reaches into the margin, and each
# word of the table stands on it whole or broken where it has a (soft) hyphen. Then three tables in one document: their captions
# must number themselves. Prints tables, pages, words and what is cut or broken; ends with 0 where nothing is.
set -euo pipefail
command -v soffice > /dev/null && command -v pdftotext > /dev/null || { echo "LibreOffice is not installed here."; exit 3; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
for folder in results/manuscript/*/; do
    language=$(basename "$folder")
    mkdir "$work/$language"
    python - "$folder" "$work/$language/joined.docx" <<'PY'
import copy, sys
from pathlib import Path
import docx
first, *others = sorted(Path(sys.argv[1], "tables").glob("*.docx"))[:3]
document = docx.Document(first)
for other in others:
    for element in docx.Document(other).element.body:
        if not element.tag.endswith("sectPr"):
            document.element.body.insert(-1, copy.deepcopy(element))
document.save(sys.argv[2])
PY
    soffice -env:UserInstallation="file://$work/profile" --headless --convert-to pdf --outdir "$work/$language" \
        "$folder"tables/*.docx "$work/$language/joined.docx" > "$work/printed" 2>&1 || { cat "$work/printed"; exit 1; }
    python - "$folder" "$work/$language" "$language" <<'PY' || status=1
import re, subprocess, sys
from pathlib import Path
import docx
from docx.oxml.ns import qn

folder, made, language = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
SOFT = "\u00ad"


def told(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def words(path):
    """The words of a document, soft hyphens kept, and whether they stand in a cell of numbers."""
    signs = {qn("w:softHyphen"): SOFT, qn("w:noBreakHyphen"): "\u2011"}
    for paragraph in docx.Document(path).element.body.iter(qn("w:p")):
        parts = (one.text if one.tag == qn("w:t") else signs.get(one.tag, "") for one in paragraph.iter())
        number = any("Number" in one.get(qn("w:val")) for one in paragraph.iter(qn("w:pStyle")))
        for word in re.split(r"[ \u2003]+", "".join(filter(None, parts)).strip()):
            yield word, number


def whole(word, seen, number):
    """Whether a word stands on the page, whole or broken after a hyphen; in a text also after the dash of a range."""
    plain = word.replace(SOFT, "")
    if not plain or plain in seen:
        return True
    for found in re.finditer(f"{SOFT}|(?<=[-\u2010])" + ("" if number else "|(?<=–)"), word):
        head = word[: found.start()].replace(SOFT, "")
        if (head if head.endswith(("-", "–")) else f"{head}-") in seen and whole(word[found.end() :], seen, number):
            return True
    return False


broken, count, pages = [], 0, 0
for path in sorted((folder / "tables").glob("*.docx")):
    pdf = made / f"{path.stem}.pdf"
    sizes = re.findall(r"Page +\d+ size: +([\d.]+) x ([\d.]+)", told("pdfinfo", "-l", "99", pdf))
    pages += len(sizes)
    broken += [f"{path.stem}: no portrait A4" for w, h in sizes if round(float(w)) != 595 or round(float(h)) != 842]
    boxes = re.findall(r'xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)"[^>]*>([^<]*)', told("pdftotext", "-bbox", pdf, "-"))
    broken += [f"{path.stem}: {w} lies in the margin" for low, high, w in boxes if float(low) < 69 or float(high) > 526.5]
    seen = set()
    for line in told("pdftotext", "-layout", pdf, "-").splitlines():
        parts = line.split()
        seen |= {"".join(parts[i:j]) for i in range(len(parts)) for j in range(i + 1, min(i + 9, len(parts)) + 1)}
    for word, number in words(path):
        count += 1
        if not whole("".join(word.split()), seen, number):
            broken.append(f"{path.stem}: {word.replace(SOFT, '')} is cut or broken")
label = {"fr": "Tableau", "en": "Table"}[language]
numbers = re.findall(rf"^{label}[ \u00a0](\d+)\.", told("pdftotext", made / "joined.pdf", "-").replace("\f", "\n"), flags=re.M)
broken += [] if numbers == ["1", "2", "3"] else [f"captions of three tables are numbered {numbers}"]
print(*broken, sep="\n", end="\n" if broken else "")
tables = len(list((folder / "tables").glob("*.docx")))
print(f"{language}: {tables} tables, {pages} pages, {count} words; cut or broken: {len(broken)}; captions {', '.join(numbers)}")
sys.exit(bool(broken))
PY
    [ -z "${KEEP:-}" ] || { mkdir -p "$KEEP/$language"; cp "$work/$language"/*.pdf "$KEEP/$language"; }
done
exit "$status"
