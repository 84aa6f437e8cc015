#!/usr/bin/env bash
# Snakemake's own report of a finished build, as a folder in a zip and as one page: every figure and table, with its labels.
#
# Run from the folder of a built project with its Python; it takes half a minute and is no part of `.ci/run`. Each picture of
# results/manuscript/{fr,en}/figures must be labelled with figure and language, each table with table and language; nothing of
# results/private may be in it, and nothing is loaded from the outside. Prints what was found; ends with 0 where all is so.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for form in zip html; do
    snakemake --cores 1 --report "$work/report.$form" > "$work/said" 2>&1 || { tail -5 "$work/said"; exit 1; }
done
python - "$work" <<'PY'
import json
import re
import sys
import zipfile
from pathlib import Path

work, wrong = Path(sys.argv[1]), []
manuscript = Path("results/manuscript")
pictures = {str(one) for one in manuscript.glob("*/figures/*.png") if not one.stem.endswith("_untitled")}
tables = {str(one) for one in manuscript.glob("*/tables/*.html")}
with zipfile.ZipFile(work / "report.zip") as packed:
    pages = {"zip": packed.read("report/report.html").decode()}
    held = [one for one in packed.namelist() if "/raw/" in one]
pages["html"] = (work / "report.html").read_text(encoding="utf-8")
for form, page in pages.items():
    entry = r'"(results/[^"]+)": \{"name": "[^"]*", "filename": "[^"]*", "labels": (\{[^{}]*\}|null)'
    labels = {path: json.loads(told) or {} for path, told in re.findall(entry, page)}
    for kind, paths in (("figure", pictures), ("table", tables)):
        bare = [one for one in sorted(paths) if not labels.get(one, {}).get(kind)]
        other = [one for one in sorted(paths) if labels.get(one, {}).get("language") != Path(one).parts[2]]
        wrong += [f"{form}: {one} has no label of its {kind}" for one in bare]
        wrong += [f"{form}: {one} has no label of its language" for one in other]
    wrong += [f"{form}: {one} is private" for one in labels if one.startswith("results/private")]
    wrong += [f"{form}: loads {one}" for one in re.findall(r'<(?:script|img|link)[^>]*(?:src|href)="(https?://[^"]+)', page)]
    print(f"{form}: {len(labels)} entries, {len(pictures)} figures and {len(tables)} tables in {len(list(manuscript.glob('*/')))} languages")
print(f"zip: {len(held)} files beside the page; wrong: {len(wrong)}")
print(*wrong, sep="\n", end="\n" if wrong else "")
sys.exit(bool(wrong))
PY
