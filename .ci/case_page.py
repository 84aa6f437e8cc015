"""docs/case_to_rate.md: one patient followed through every stage, with the row of each table as the build made it.

``python .ci/case_page.py`` writes the page from ``results/`` of a finished build; with ``--check`` it compares instead.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from casepool.report.files import FOREST_PAGES, figure_stem, table_stem

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "case_to_rate.md"
CASE = "migdady2020/p1"
REPORT = CASE.partition("/")[0]
LANGUAGE = "en"
Row = Mapping[str, str]


@dataclass(frozen=True)
class Station:
    """One stage: its title, what happens there, the file and the row of the patient in it.

    ``made_by`` names the rule and the folders of ``src/casepool`` that do the work.
    """

    title: str
    text: str
    file: str
    row: Row
    made_by: str = ""

    def lines(self) -> list[str]:
        """Return the section in Markdown."""
        place = f"`{self.file}`" + (f" · {self.made_by}" if self.made_by else "")
        table = ["| column | value |", "| --- | --- |"]
        table += [f"| `{name}` | {_cell(value)} |" for name, value in self.row.items()]
        return [f"## {self.title}", "", self.text, "", place, "", *table, ""]


def rows(path: Path, **wanted: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file in which each named column holds the wanted value."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        found = [row for row in csv.DictReader(lines) if all(row[name] == value for name, value in wanted.items())]
    if not found:
        message = f"{path}: no row with {wanted}"
        raise LookupError(message)
    return found


def only(path: Path, **wanted: str) -> dict[str, str]:
    """Return the one row that holds the wanted values."""
    (row,) = rows(path, **wanted)
    return row


def filled(row: Row) -> dict[str, str]:
    """Return the cells that say something: neither empty nor "not reported" nor a count of nobody."""
    return {name: value for name, value in row.items() if value not in ("", "not_reported", "0")}


def curated_stations(root: Path, results: Path) -> list[Station]:
    """Return the stages up to what people typed: record, decision, report, patient, appraisal."""
    curated, tables = root / "data" / "curated", results / "tables"
    patient = CASE.partition("/")[2]
    state = only(tables / "screening_state.csv", report_id=REPORT)
    record = only(tables / "records.csv", record_id=state["record_id"])
    return [
        Station(
            "1. The record",
            "A search or an import brings a citation. Nobody has read anything yet.",
            "results/tables/records.csv",
            filled(record),
            "rule `build_records`, code in `src/casepool/search/`",
        ),
        Station(
            "2. The decision",
            "Readers decide by title and abstract, then by full text; their decisions are rows of "
            "`data/curated/screening.csv`, and the state follows from them.",
            "results/tables/screening_state.csv",
            filled(state),
            "rule `screen_records`, code in `src/casepool/screening/`",
        ),
        Station(
            "3. The report",
            "An included record is described as a report. Reports of one study share `study_id`.",
            "data/curated/reports.csv",
            filled(only(curated / "reports.csv", report_id=REPORT)),
        ),
        Station(
            "4. The patient",
            "One row for each patient, typed by a person from the source, with the place in the source. "
            "`casepool check` judges it; [what may stand in each column](data_dictionary_en.md#patientscsv).",
            "data/curated/patients.csv",
            filled(only(curated / "patients.csv", report_id=REPORT, patient_label=patient)),
        ),
        Station(
            "5. The appraisal",
            "Does the source report all the patients it treated? From the answers follows the ascertainment that the "
            "correction rests on.",
            "data/curated/appraisal.csv",
            filled(rows(curated / "appraisal.csv", report_id=REPORT)[0]),
        ),
    ]


def counted_stations(results: Path) -> list[Station]:
    """Return the stages from the case to the rates of its disease."""
    tables = results / "tables"
    case = only(tables / "literature_cases.csv", case_id=CASE)
    unique = only(tables / "unique_patients.csv", case_id=CASE)
    disease, ascertainment = case["disease"], case["ascertainment"]
    rates = {"outcome": "any_response", "disease": disease, "measure": "proportion"}
    return [
        Station(
            "6. The case",
            "Patient, report and appraisal become one row with one vocabulary: is the patient an adult with a disease "
            "of the protocol, is the response known, and is the source complete or selective? A patient who may not "
            "count stays in the table with the reason.",
            "results/tables/literature_cases.csv",
            filled(case),
            "rule `build_cases`, code in `src/casepool/extraction/` and `src/casepool/cases/`",
        ),
        Station(
            "7. The identity",
            "Is the patient reported elsewhere too? What this stage adds to the case:",
            "results/tables/unique_patients.csv",
            {name: value for name, value in unique.items() if name not in case},
            "rule `link_cases`, code in `src/casepool/identity/`, [how](identity.md)",
        ),
        Station(
            "8. The count of the source",
            "Numerator and denominator of the report, with its exact interval. This row is the patient's line in the "
            "forest plot.",
            "results/tables/study_counts.csv",
            filled(only(tables / "study_counts.csv", report_id=REPORT, disease=disease)),
            "rule `count_responses`, code in `src/casepool/counting/`",
        ),
        Station(
            "9. The count of the disease",
            "The sources of one disease and one kind of ascertainment together; `cases` goes on naming the patient.",
            "results/tables/counts.csv",
            filled(only(tables / "counts.csv", disease=disease, ascertainment=ascertainment)),
        ),
        Station(
            "10. The raw rate",
            "All sources of the disease, without any correction.",
            "results/tables/results.csv",
            filled(only(tables / "results.csv", **rates, analysis="raw", model="exact")),
            "rule `pool_outcomes`, code in `src/casepool/pooling/` and `src/casepool/stats/`",
        ),
        Station(
            "11. What moved it",
            "The allowances of the own rate come in one by one ([the steps](methods.md#what-moved-each-rate)): "
            "the rate of the disease after each, with its interval. The changes add up.",
            "results/tables/steps.csv",
            steps_of(tables, disease),
        ),
        Station(
            "12. The corrected rate",
            "The own rate leads: the same patients, deflated for selective reporting, with all allowances "
            "([methods](methods.md#the-own-rate)).",
            "results/tables/results.csv",
            filled(only(tables / "results.csv", **rates, analysis="own", model="own")),
        ),
        Station(
            "13. The pooled rate",
            "Beside it, not in its place: the same patients in the joint model, in which diseases learn from each "
            "other ([methods](methods.md#the-pooled-model)).",
            "results/tables/results.csv",
            filled(only(tables / "results.csv", **rates, analysis="pooled", model="joint")),
        ),
    ]


def steps_of(tables: Path, disease: str) -> dict[str, str]:
    """Return the rate after each step, with its interval and how far the step moved it."""
    steps = rows(tables / "steps.csv", outcome="any_response", disease=disease)
    return {row["step"]: ", ".join(_step(row)) for row in steps}


def _step(row: Row) -> list[str]:
    limits = f"{_cell(row['ci_lower'])} to {_cell(row['ci_upper'])}"
    told = [_cell(row["value"])] if row["value"] else []
    return [*told, limits, *([f"change {float(row['change']):+.6f}"] if row["change"] else [])]


def reader_stations(results: Path) -> list[Station]:
    """Return what readers see: the row of the table, the line of the plot, the sentence, what the patient moves."""
    manuscript = results / "manuscript" / LANGUAGE
    mark = forest_line(results)
    disease = heading_of(mark, manuscript)
    response, left_out = (f"tables/{table_stem(key)}.csv" for key in ("response", "leave_one_out"))
    moved = [row for row in rows(manuscript / left_out) if mark[0] in row.values()]
    return [
        Station(
            "14. The row of the table",
            "What a reader of the report sees of the disease.",
            f"results/manuscript/{LANGUAGE}/{response}",
            filled(next(row for row in rows(manuscript / response) if disease in row.values())),
            "rule `write_tables`, code in `src/casepool/report/tables/`",
        ),
        Station(
            "15. The mark in the forest plot",
            "An open circle at the left end of the scale is a failure, at the right end a response; open, because the "
            "source chose whom to report.",
            f"results/manuscript/{LANGUAGE}/figures/{figure_stem('forest')}.svg",
            dict(zip(("source", "x/n", "rate"), mark, strict=True)),
            "rule `draw_forest`, code in `src/casepool/report/figures/forest/`",
        ),
        Station(
            "16. The sentence",
            "The patient is one of those that the first sentence of the report counts, in both languages.",
            "results/manuscript/{en,fr}/report.html",
            {language: first_sentence(results, language) for language in ("en", "fr")},
            "rule `write_report`, code in `src/casepool/report/page/` and `src/casepool/report/words/`",
        ),
        Station(
            "17. What the patient moves",
            "The last question: how would the answer read without this source?",
            f"results/manuscript/{LANGUAGE}/{left_out}",
            filled(moved[0]),
            "rule `assess_sensitivity`, code in `src/casepool/sensitivity/`",
        ),
    ]


def texts_of_forest(manuscript: Path) -> list[str]:
    """Return the texts of the forest plot in the order in which they are drawn."""
    pages = sorted((manuscript / "figures" / Path(FOREST_PAGES).name).glob("*.svg"))
    drawn = "\n".join(path.read_text(encoding="utf-8") for path in pages)
    return [unescape(text) for text in re.findall(r"<text [^>]*>([^<]+)</text>", drawn)]


def forest_line(results: Path) -> tuple[str, str, str]:
    """Return the texts of the patient's line: source, x/n, rate with its interval."""
    report = only(results / "tables" / "study_counts.csv", cases=CASE)
    author = only(results / "tables" / "literature_cases.csv", case_id=CASE)["authors"].partition(";")[0]
    texts = texts_of_forest(results / "manuscript" / LANGUAGE)
    place = texts.index(f"{author} {report['year']}")
    return texts[place], texts[place + 1], texts[place + 2]


def heading_of(mark: tuple[str, str, str], manuscript: Path) -> str:
    """Return the heading above a line: the last text that is a first cell of the table of responses."""
    names = {next(iter(row.values())) for row in rows(manuscript / "tables" / f"{table_stem('response')}.csv")}
    texts = texts_of_forest(manuscript)
    return [text for text in texts[: texts.index(mark[0])] if text in names][-1]


def first_sentence(results: Path, language: str) -> str:
    """Return the first sentence of the answer, as text."""
    page = (results / "manuscript" / language / "report.html").read_text(encoding="utf-8")
    answer = page.partition('id="answer"')[2]
    paragraph = re.search(r"<p>(.*?)</p>", answer, re.DOTALL)
    if paragraph is None:
        message = f"report.html ({language}): no paragraph under the answer"
        raise LookupError(message)
    plain = unescape(re.sub(r"<[^>]+>", "", paragraph[1])).replace("\u2060", "")
    return re.split(r"(?<=\.) ", plain)[0]


def table_stations(root: Path, results: Path) -> list[Station]:
    """Return the stages whose rows stand in tables: all but what readers see."""
    return [*curated_stations(root, results), *counted_stations(results)]


def page(root: Path, results: Path) -> str:
    """Return the page."""
    stations = [*table_stations(root, results), *reader_stations(results)]
    return "\n".join([_HEAD, *(line for one in stations for line in one.lines())]).rstrip("\n") + "\n"


def _cell(value: str) -> str:
    if re.fullmatch(r"-?\d+\.\d{7,}", value):
        return f"{float(value):.6f}"
    return value.replace("|", "\\|") or "(empty)"


_HEAD = f"""# How a case becomes a rate

One patient, `{CASE}`, followed from the citation to the sentence that a reader quotes. Each table is the row
of this patient at one stage, written by `.ci/case_page.py` from the files of a build; no value is typed here. Cells
that are empty, "not reported" or a count of nobody are left out; numbers are given with six digits.
"""


if __name__ == "__main__":
    made = page(ROOT, ROOT / "results")
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(made, encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != made:
        sys.exit("docs/case_to_rate.md is not what this build makes: run `make generated`")
