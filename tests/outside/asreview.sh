#!/usr/bin/env bash
# Records go to ASReview (PyPI, pinned) and its decisions come back in every format that it writes.
#
# Run from the project folder, with `casepool` on the PATH; needs the network, and is no part of `.ci/run`. What waits is
# exported as CSV and as RIS; ASReview's own web application is driven by its interface: two records are labelled, one of
# them with a tag and a note. Each of its exports (CSV, TSV, Excel, RIS; with and without the records that it hides) is
# imported into a fresh copy of the project: the same two decisions must come back from each, with reason and note. Then
# two records that ASReview takes as one, in a file that casepool did not write: no decision may come back.
# Ends with 0 where all is so.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check asreview==3.0.8

fresh() {
    rm -rf "$work/project"
    mkdir "$work/project"
    cp -r config data "$work/project"
    head -n 1 data/curated/screening.csv > "$work/project/data/curated/screening.csv"
}

fresh
for suffix in csv ris; do
    casepool screening export "$work/out.$suffix" --program asreview --folder "$work/project"
done
cat > "$work/screen.py" <<'PY'
"""Label records in ASReview's web application and write all its exports."""
import io
import json
import os
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")
source, out, labelled = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
os.environ["ASREVIEW_PATH"] = str((out / "projects").absolute())
(out / "projects").mkdir(parents=True)
from asreview.webapp.app import create_app

web = create_app(AUTHENTICATION=False, TESTING=True, SECRET_KEY="x").test_client()
upload = {"mode": "oracle", "file": (io.BytesIO(source.read_bytes()), source.name)}
project = "/api/projects/" + web.post("/api/projects/create", data=upload).get_json()["id"]
group = {"name": "Reason", "export": "reason", "values": [{"label": "under 18", "export": "under_18"}]}
web.post(f"{project}/tags", data={"group": json.dumps(group)})
tags = web.get(f"{project}/tags").get_json()
for record, label in labelled:
    tags[0]["values"][0]["checked"] = not label
    data = {"record_id": record, "label": label, "tags": json.dumps(tags)}
    assert web.post(f"{project}/record/{record}", data=data).status_code == 200
    web.put(f"{project}/record/{record}/note", data={"note": "" if label else "a child; see p. 2"})
for name in ("csv", "tsv", "xlsx", "ris"):
    for hidden in (0, 1):
        wanted = f"format={name}&export_groups={hidden}&collections=relevant&collections=irrelevant"
        answer = web.get(f"{project}/export_dataset?{wanted}")
        assert answer.status_code == 200, (name, answer.status_code)
        (out / f"hidden{hidden}.{name}").write_bytes(answer.data)
PY

screen() {
    (cd "$work" && venv/bin/python screen.py "$@")  # ASReview leaves a file where it runs
}

for suffix in csv ris; do
    screen "out.$suffix" "from_$suffix" "[[0, 0], [1, 1]]"
    for file in "$work/from_$suffix"/hidden*; do
        fresh
        casepool screening import "$file" --reviewer reader --folder "$work/project" > "$work/said"
        echo "from $suffix, $(basename "$file"): $(cat "$work/said")"
        sort "$work/project/data/curated/screening.csv" > "$work/now"
        [ -e "$work/first" ] || cp "$work/now" "$work/first"
        diff "$work/first" "$work/now"
    done
done
grep -q ",exclude,under_18,.*a child; see p. 2" "$work/first"

{
    echo "casepool_id,title"
    sed -n '2,3{s/,.*//;s/$/,Reply/;p}' "$work/out.csv"
} > "$work/alike.csv"
screen alike.csv alike "[[0, 0]]"
for file in "$work/alike"/hidden1*; do
    fresh
    if casepool screening import "$file" --reviewer reader --folder "$work/project" 2> "$work/said"; then
        [ "$(wc -l < "$work/project/data/curated/screening.csv")" -le 2 ] || exit 1
    fi
    echo "two records as one, $(basename "$file"): $(head -n 2 "$work/said" | tail -n 1)"
done
echo "Every format came back, and no decision on a record that was not shown."
