#!/usr/bin/env bash
# ASReview 3.0.8 screens four unrelated records as one, and one decision is written to all four.
#
# Guess: records are told apart by their DOI; two records count as one only where title and abstract are really
#   the same. What the reviewer never saw carries no decision.
# Behaviour: records are grouped by title and abstract alone. Both are cut down to a-z and 0-9 first, so every
#   title in Japanese or Russian script becomes the empty text. Without an abstract (letters have none) all of
#   them, and the record without a title, fall into one group; two letters that are both called "Reply" into
#   another. Their different DOIs are not looked at. The reviewer is shown one record of a group, and the answer
#   is written to all; the export lists it for each.
# Seen: six records, six DOIs, two groups; one "irrelevant" became four.
# Why it matters: a case report in another script is lost without anybody having read its title; "Reply" is a
#   usual title of letters that add follow-up to a case report. Decisions that come back from ASReview are
#   decisions on groups (its export names them in asreview_group_id).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check asreview==3.0.8 pandas==2.3.3
cd "$work"
"$work/venv/bin/python" - <<'PY'
import csv
import sys
from pathlib import Path

from asreview import Project

rows = [
    ("casepool_id", "title", "abstract", "doi"),
    ("r1", "難治性ループス腎炎の一例", "", "10.1000/a"),
    ("r2", "天疱瘡の一例", "", "10.1000/b"),
    ("r3", "Рефрактерная волчанка", "", "10.1000/c"),
    ("r4", "", "", "10.1000/d"),
    ("r5", "Reply", "", "10.1000/e"),
    ("r6", "Reply.", "", "10.1000/f"),
]
with Path("records.csv").open("w", newline="", encoding="utf-8") as file:
    csv.writer(file).writerows(rows)
project = Project.create(Path("project"), project_id="cases", project_mode="oracle")
project.add_dataset(Path("records.csv"))
groups = project.db.input.get_df().sort_values("record_id")["group_id"].tolist()
with project.db as db:
    db.label_record(0, 0)
    labelled = sorted(db.get_results_table(groups=True)["record_id"].tolist())
print(f"groups of the six records: {groups}; labelled after one decision: {labelled}")
if groups != [0, 0, 0, 0, 4, 4] or labelled != [0, 1, 2, 3]:
    sys.exit("CHANGED: ASReview no longer joins unrelated records without an abstract.")
print("Still so: six records with six DOIs are two groups, and one decision is four.")
PY
