"""Records go to ASReview and Rayyan, decisions come back under the same ids."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import invented
import pytest
from typer.testing import CliRunner

from casepool.cli import app
from casepool.screening.exchange import Program, export_records, import_decisions

RECORDS = (
    invented.record("pmid:1", pmid="1", title="First title", abstract="A sentence.", doi="10.1000/x", year=2020),
    invented.record("ris:b", title="Second title", also_as="csv:x.1"),
    invented.record("bib:c", title="Third title"),
)


def imported(header: str, *rows: str, screening=(), reviewer="reader_one"):
    """Return what a CSV file with these rows brings."""
    cells = [next(csv.reader([row])) for row in (header, *rows)]
    tables_ = invented.frame("records", *RECORDS), invented.frame("screening", *screening)
    return import_decisions(cells, *tables_, reviewer, "2026-01-31", "export.csv")


def decisions(done) -> list[list[object]]:
    """Return id, reviewer, decision, reason of what was imported."""
    columns = ["record_id", "reviewer", "decision", "exclusion_reason"]
    return done.rows[columns].astype(object).where(done.rows[columns].notna(), None).to_numpy().tolist()


@pytest.mark.parametrize("program", Program)
def test_the_columns_of_the_program_are_filled(program):
    """Title, abstract and the id under which the decision must come back."""
    frame = export_records(invented.frame("records", *RECORDS), program)
    assert frame["title"].tolist() == ["First title", "Second title", "Third title"]
    assert frame["abstract"][0] == "A sentence."
    assert frame["key" if program is Program.RAYYAN else "casepool_id"].tolist() == ["pmid:1", "ris:b", "bib:c"]


def test_labels_of_asreview_become_decisions():
    """1 includes, 0 excludes, nothing says nothing."""
    rows = ("pmid:1,First title,1", "ris:b,Second title,0", "bib:c,Third title,")
    done = imported("casepool_id,title,included", *rows)
    assert decisions(done) == [["pmid:1", "reader_one", "include", None], ["ris:b", "reader_one", "exclude", "other"]]
    assert done.n_unlabelled == 1


NOTES = '"casepool_id: ris:b | RAYYAN-INCLUSION: {""Anna B""=>""Excluded"", ""Carl""=>""Maybe""} | ' \
        'RAYYAN-EXCLUSION-REASONS: under 18 years, wrong thing"'  # fmt: skip


def test_decisions_of_rayyan_keep_their_reviewers_and_reasons():
    """The reason in words of the vocabulary becomes its id; what was said stays in the note."""
    done = imported("key,title,notes", f"rayyan-77,Second title,{NOTES}")
    assert decisions(done) == [["ris:b", "anna_b", "exclude", "under_18"], ["ris:b", "carl", "awaiting", None]]
    assert done.rows["note"].tolist() == ["Rayyan: under 18 years, wrong thing", "Rayyan"]


@pytest.mark.parametrize(
    ("header", "row", "record_id"),
    [
        ("key,title,included", "csv:x.1,?,1", "ris:b"),
        ("pubmed_id,included", "1,1", "pmid:1"),
        ("doi,included", "10.1000/X,1", "pmid:1"),
        ("title,included", "THIRD TITLE,1", "bib:c"),
    ],
)
def test_a_record_is_found_by_any_of_its_names(header, row, record_id):
    """An id that was merged, PMID, DOI, title."""
    assert imported(header, row).rows["record_id"].tolist() == [record_id]


def test_a_row_that_names_no_record_is_a_problem():
    """It is shown with its line."""
    done = imported("title,included", "Nobody knows it,1")
    assert [str(one) for one in done.problems] == [
        "export.csv, row 2: title = Nobody knows it; expected a record of the project (id, PMID, DOI or title)."
    ]


def test_a_decision_that_stands_is_not_overwritten():
    """The same is counted, another is a problem."""
    standing = [invented.screened("pmid:1"), invented.screened("ris:b")]
    done = imported("casepool_id,included", "pmid:1,1", "ris:b,0", screening=standing)
    assert (len(done.rows), done.n_known) == (0, 1)
    assert "include, as screening.csv says" in done.problems[0].expected


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of the project in which one record waits again."""
    for folder in ("config", "data"):
        shutil.copytree(invented.ROOT / folder, tmp_path / folder)
    path = tmp_path / "data/curated/screening.csv"
    kept = [line for line in path.read_text().splitlines(keepends=True) if not line.startswith("ris:aerzteblatt2020,")]
    path.write_text("".join(kept))
    return tmp_path


def run(*arguments: object):
    """Return the result of a command."""
    return CliRunner().invoke(app, ["screening", *(str(argument) for argument in arguments)])


def test_what_waits_goes_out_and_comes_back(project):
    """Exported, decided, imported, and imported again without effect."""
    out = project / "out.csv"
    result = run("export", out, "--program", "asreview", "--folder", project)
    assert "1 records that wait for a decision" in result.output
    out.write_text(out.read_text().replace("casepool_id,", "included,casepool_id,").replace("\nris:", "\n0,ris:"))
    result = run("import", out, "--reviewer", "reader_x", "--folder", project)
    assert "1 decisions added to data/curated/screening.csv, 0 stood there already" in result.output
    text = (project / "data/curated/screening.csv").read_text()
    assert "ris:aerzteblatt2020,title_abstract,reader_x,exclude,other," in text
    assert "0 decisions added" in run("import", out, "--reviewer", "reader_x", "--folder", project).output
    assert (project / "data/curated/screening.csv").read_text() == text


def test_a_file_with_a_problem_changes_nothing(project):
    """All problems at once, exit 1."""
    before = (project / "data/curated/screening.csv").read_bytes()
    path = project / "in.csv"
    path.write_text("title,included\nNobody knows it,1\nNor this,0\n")
    result = run("import", path, "--reviewer", "x", "--folder", project)
    assert result.exit_code == 1
    assert "2 problem(s), nothing was written" in str(result.exception)
    assert (project / "data/curated/screening.csv").read_bytes() == before
