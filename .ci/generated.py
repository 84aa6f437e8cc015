"""Files made from others: environment.yml (lock), pages of docs/ (package and records), CITATION.cff (metadata).

``make generated`` writes them; a test compares them with what stands in the repository.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from casepool import __version__
from casepool.contract import Column, Table
from casepool.contract.registry import FORM
from casepool.model.protocol import Protocol, load_protocol
from casepool.model.study import use
from casepool.model.vocabulary import label

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / ".ci"))

from dictionary_page import dictionary_page  # noqa: E402
from exports_page import exports_page  # noqa: E402
from mistakes_page import mistakes_page  # noqa: E402
from numbers_page import numbers_page  # noqa: E402
from pages import cli_page, decisions_page  # noqa: E402 - beside this file, which tests load by its path
from returns_page import returns_page  # noqa: E402
from stages_page import stages_page  # noqa: E402
from tables_page import tables_page  # noqa: E402
from walk_page import walk_page  # noqa: E402

_PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)\s*(?:;\s*(.*?))?\s*\\?$")


def metadata() -> dict[str, Any]:
    """Return what pyproject.toml says of the project."""
    return dict(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"])


def citation() -> str:
    """Return CITATION.cff: title, version, licence and authors of the package."""
    project = metadata()
    description = project["description"]
    lines = [
        "# Generated from pyproject.toml by `make generated`; do not edit.",
        "cff-version: 1.2.0",
        'message: "If you use casepool, please cite it as below, and cite the publications whose cases you pool."',
        f'title: "{project["name"]}: {description[0].lower()}{description[1:]}"',
        "type: software",
        f"version: {__version__}",
        f"license: {project['license']}",
        "authors:",
        *(f'  - name: "{author["name"]}"' for author in project["authors"]),
        "keywords:",
        *(f"  - {keyword}" for keyword in project["keywords"]),
    ]
    return "\n".join(lines) + "\n"


def pins(lock: str) -> list[tuple[str, str, str]]:
    """Return (package, version, environment marker or empty) of a hashed requirements file, in its order.

    A package stands once for each marker: interpreters may need versions of their own.
    """
    matches = (_PIN.match(line) for line in lock.splitlines() if not line.startswith(" "))
    return [(match[1], match[2], match[3] or "") for match in matches if match]


def environment_yml() -> str:
    """Return environment.yml: the interpreter from conda, every package at the pin of the lock."""
    lines = ["# Generated from requirements.lock by `make generated`; do not edit."]
    lines += ["name: casepool", "channels:", "  - conda-forge", "  - nodefaults", "dependencies:"]
    lines += [f"  - python {metadata()['requires-python']}", "  - pip", "  - pip:"]
    for name, version, marker in pins((ROOT / "requirements.lock").read_text()):
        pin = f"{name}=={version}"
        lines.append(f"      - {json.dumps(f'{pin} ; {marker}')}" if marker else f"      - {pin}")
    return "\n".join(lines) + "\n"


def data_page() -> str:
    """Return docs/data.md: how tables are read, and the columns of the registry form."""
    use(load_protocol(ROOT / "config" / "protocol.yaml"))
    lines = ["# The curated tables and the registry form", "", _DATA_INTRODUCTION, "", _DATA_RULES]
    lines += ["", "## Registry form", "", f"Key: {', '.join(f'`{name}`' for name in FORM.key)}", ""]
    lines += ["| column | what stands there | must be filled |", "| --- | --- | --- |"]
    lines += [_column_line(column) for column in FORM.columns]
    return "\n".join([*lines, *_rule_lines(FORM)]) + "\n"


_DATA_INTRODUCTION = """Generated from the schemas by `make generated`; do not edit.

Every column of the curated tables, with what it means and an example: [data dictionary](data_dictionary_en.md),
[en français](data_dictionary_fr.md).

One file for each table, `<table>.csv` or `<table>.xlsx`. CSV with a header; an empty cell means "not reported".
Semicolons, decimal commas, days first in dates (12/03/2021, 12.03.2021), Windows encoding, thousands set apart by a
space, ids, and the labels of either language (also as headers) are understood, and said. What a spreadsheet has
spoiled is mended and said, or refused: [from a spreadsheet into the tables](spreadsheets.md). In `patients.csv` and
`cohorts.csv` a case is named `report_id/patient_label` or `report_id/stratum`. What the registry form asks stands
last; its words in both languages, and what else is understood, stand in [registry.md](registry.md).

## How the name of a disease is recognised

`disease_as_reported` holds the words of the source. `casepool check` reads them with `disease_terms.csv` and the names
in `protocol.yaml`, and refuses a row whose words mean another disease than `disease` says. `casepool term
"AHAI et PTI"` shows how a name is read.

- Whole words count. Case, accents, apostrophes, hyphens, plural, British and American spelling, and the endings that
  differ between French and English make no difference; nor does the order of the words of a term.
- The term with the most words counts: cold AIHA is not AIHA, lupus anticoagulant is not lupus.
- Every word must be known, as part of a name or as a word that changes nothing. With any other (without, drug-induced,
  suspected, congenital, or one that nobody foresaw) the name is asked, not guessed. So is a text with two diseases, and
  one with a question mark.
- A text that is asked may stand in a row: the person who typed `disease` has decided. `disease` must then be one of the
  diseases that the text names. A text in which no term stands at all is refused.

A name that should be known is one more row of `disease_terms.csv`. `kind` says how it is read:

| kind | for | example |
| --- | --- | --- |
| `name` | a name of one disease | PTI: `itp` |
| `capitals` | a name that is another word in small letters | LES: `sle` |
| `asked` | a name that fits several diseases | cytopénie auto-immune: `itp; waiha; evans` |
| `together` | diseases that together are another; ids joined by + | itp + waiha: `evans` |
| `neutral` | a word that changes nothing, whichever disease it stands with; leave `disease` empty | refractory |
| `small` | articles and prepositions, left out before names are compared; leave `disease` empty | de |

Add a neutral word with care: it is taken to change nothing beside *every* name. Where it changes one, add that name
with the word, as `asked`."""


_DATA_RULES = """## Rules of reading

One rule for each question, applied to every source; why: [decisions.md](decisions.md).

- **Ascertainment** (`appraisal.csv`, Murad 1, JBI 4 and 5). *Complete*: the source itself says that all or consecutive
  patients treated (at its centres, in its period), or all enrolled in a trial, are reported, whatever it calls itself;
  patients who opposed the use of their data may be missing. *Unclear*: a series that does not say how its patients were
  chosen. *Selective*: it says that it chose, or it describes one patient, or a few one by one, reported because of
  their course. `note` gives the reason.
- **Degree of response.** Complete or partial needs the words or the figures of the authors themselves, in the abstract
  or the text: their own grade, or criteria such as a normal blood count. Titles, and what others say of a source
  (summaries, reviews, news), do not grade: `response_ungraded`; in a cohort `n_complete` and `n_partial` stay empty.
- **Loss of response.** `n_relapse` counts lost responses whatever the source calls them. Where it leaves some open,
  `n_relapse` is the least and `n_relapse_at_most` the most; the same holds for the other events. A number that
  follows from others has "DERIVED" and its reckoning in the note.
- **Not sustained.** Where it is not reported whether patients without lasting response had responded at first, they
  are treated and not evaluable.
- **Evans syndrome.** A patient treated for one of its cytopenias is filed under the cytopenia whose response was
  measured, with `underlying_disease` = evans; treated for both at once: under evans. In a cohort `n_underlying` is the
  number of such patients, at least. `components` in the protocol says which diseases a disease is made of.
- **Age.** `population` is adult only where the source says so, by a word, an age or a range. Else: not_reported.
- **Causes of death.** What the source leaves together stays together (`gvhd_or_infection`). A death with another
  disease than the treated one is `other_disease`.
- **`basis`** says how much of the source was read, not what exists: an opening and part of a table are `abstract`.
- **`context.csv`** holds results of other drugs that a reader needs to judge the rates; they enter no count.
- **`grade.csv`** holds what the authors rate otherwise than the build, which starts each disease at very low
  ([why](decisions/0151-certainty-starts-at-very-low.md)); most projects leave it empty."""


def _column_line(column: Column) -> str:
    if column.vocabulary:
        values = (f"`{value}` ({label(value, 'en')}, {label(value, 'fr')})" for value in column.members)
        told = "; ".join(values)
    else:
        told = str(column.expectation())
    return f"| `{column.name}` | {told} | {'yes' if column.required else ''} |"


def _rule_lines(table: Table) -> list[str]:
    rules = [f"- `{rule.column}`: {rule.expected}" for rule in table.rules]
    return ["", "Rules over a row:", "", *rules] if rules else []


def protocol() -> Protocol:
    """Return the protocol of the repository."""
    return load_protocol(ROOT / "config" / "protocol.yaml")


# path of a generated file → what makes its content
MAKERS: dict[str, Callable[[], str]] = {
    "CITATION.cff": citation,
    "docs/cli.md": cli_page,
    "docs/data.md": data_page,
    "docs/data_dictionary_en.md": lambda: dictionary_page("en"),
    "docs/data_dictionary_fr.md": lambda: dictionary_page("fr"),
    "docs/decisions.md": decisions_page,
    "docs/exports.md": exports_page,
    "docs/numbers.md": numbers_page,
    "docs/manuscript_files.md": lambda: tables_page(protocol()),
    "docs/one_report.md": lambda: walk_page(ROOT, protocol()),
    "docs/stages.md": lambda: stages_page(ROOT),
    "environment.yml": environment_yml,
}


if __name__ == "__main__":
    # Two pages are compared by the tests that read what stands in them.
    pages = {**MAKERS, "docs/mistakes.md": mistakes_page, "docs/returns.md": returns_page}
    for path, make in pages.items():
        (ROOT / path).write_text(make(), encoding="utf-8")
