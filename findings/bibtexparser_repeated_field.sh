#!/usr/bin/env bash
# bibtexparser 2.1.0: an entry in which one field stands twice, or whose key another entry has, is not among the entries.
#
# Guess: as in BibTeX itself, the first (or the last) of two `keywords` holds and the entry is there; of two entries with
#   one key both are there, or an error is raised.
# Behaviour: parse_string returns without an error; library.entries holds neither, only library.failed_blocks does.
#   write_string writes the first as a comment.
# Seen: 4 entries in the file, 2 in library.entries.
# Why it matters: keys are author and year as a rule, so two exports of overlapping searches share them, and managers
#   write `keywords`, `note` or `file` twice; the publication is never screened.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check bibtexparser==2.1.0
cd "$work"
"$work/venv/bin/python" - <<'PY'
import logging
import sys

import bibtexparser

logging.disable(logging.CRITICAL)
text = """
@article{roux2021, title = {One}, keywords = {anemia}}
@article{roux2021, title = {Two}, keywords = {lupus}}
@article{petit2022, title = {Three}, keywords = {anemia}, keywords = {lupus}}
@article{martin2023, title = {Four}}
"""
library = bibtexparser.parse_string(text)
titles = [entry["title"] for entry in library.entries]
failed = [type(block).__name__ for block in library.failed_blocks]
print(f"entries: {titles}; failed blocks: {failed}")
if titles != ["One", "Four"] or len(failed) != 2:
    sys.exit("CHANGED: repeated fields or keys no longer take entries away.")
print("Still so: two of four entries are not among the entries.")
PY
