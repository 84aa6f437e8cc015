"""A publication is added in one step: nothing is invented, what waits is no fault and counts nowhere."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import invented
import pytest

from casepool.checks.data import CheckReport, check_data
from casepool.entry import journal, rows, undoing
from casepool.entry.asking import Asked, add_asked
from casepool.entry.publications import fitting
from casepool.extraction.curated import read_tables
from casepool.model.errors import CuratedDataError, FileError
from casepool.model.message import Message, text

SNAPSHOT = "2026-11-22"
TYPED = {
    "title": "SYNTHETIC An adult with haemolysis",
    "authors": "Dupônt-Né, J; Other, K",
    "journal": "J",
    "year": "2026",
}
NEW = Asked("99999999", "dupont", "2026-11-29", facts=TYPED)
NBIB = """PMID- 99999998
OWN - NLM
TI  - SYNTHETIC Thrombocytopenia in one adult
FAU - Gamma, Greta
AU  - Gamma G
LA  - eng
PT  - Case Reports
DP  - 2024 Mar
JT  - Journal of invented cases
LID - 10.9999/synthetic.3 [doi]

PMID- 99999997
OWN - NLM
TI  - SYNTHETIC Lupus in a second adult
FAU - Delta, Dora
AU  - Delta D
LA  - fre
DP  - 2025
JT  - Journal of invented cases

"""


def checked(project: Path) -> CheckReport:
    """Return what ``casepool check`` finds."""
    return check_data(project, invented.protocol(), SNAPSHOT)


def files(project: Path) -> dict[str, str]:
    """Return the text of every file of the data."""
    found = sorted(path for path in (project / "data").rglob("*") if path.is_file())
    return {path.relative_to(project).as_posix(): path.read_text() for path in found}


def added(project: Path, asked: Asked) -> list[str]:
    """Add what was asked; return the ids of what is said."""
    return [one.id for one in add_asked(project, SNAPSHOT, asked)]


def fill(project: Path, table: str, key: tuple[str, ...], **cells: str) -> None:
    """Fill a row in as a reader would."""
    place = rows.place_of(project, table)
    opened = rows.open_row(place, key)
    saved = rows.save(place, opened, {**(opened.cells or {}), **{name: str(cell) for name, cell in cells.items()}})
    assert isinstance(saved, rows.Saved), saved


def test_the_small_project_is_in_order(project):
    assert checked(project).problems == ()


def test_a_record_of_the_project_is_found_and_only_lines_are_added(project):
    before = files(project)
    said = add_asked(project, SNAPSHOT, Asked("doi:10.9999/SYNTHETIC.2", "dupont", "2026-11-29", 2, ("all",)))
    after = files(project)
    assert after.keys() == before.keys()
    new = {name: [line for line in after[name].split("\n") if line not in before[name].split("\n")] for name in after}
    assert {name: len(lines) for name, lines in new.items() if lines} == {
        "data/curated/appraisal.csv": 1, "data/curated/cohorts.csv": 1, "data/curated/patients.csv": 2,
        "data/curated/reports.csv": 1, "data/curated/screening.csv": 2,
    }  # fmt: skip
    for name in before:
        assert [line for line in after[name].split("\n") if line not in new[name]] == before[name].split("\n")
    report = rows.open_row(rows.place_of(project, "reports"), ("beta2021",)).cells
    assert (report["doi"], report["year"], report["language"]) == ("10.9999/synthetic.2", "2021", "fr")
    assert (report["decision"], report["report_type"]) == ("awaiting", "")
    assert "SYNTHETIC Two adults with warm antibody haemolysis" in text(said[0], "fr")


def test_what_waits_is_no_fault_is_shown_and_counts_nowhere(project):
    added(project, replace(NEW, n_patients=2))
    report = checked(project)
    assert report.problems == ()
    (hint,) = (one for one in report.hints if one.id == "waits_to_be_extracted")
    assert "patients.csv row 3 (p1); patients.csv row 4 (p2); appraisal.csv row 3 (dupont)" in str(hint)
    paths = {name: project / "data" / "curated" / f"{name}.csv" for name in ("patients", "appraisal", "corrections")}
    frames = read_tables(paths)
    assert set(frames["patients"]["report_id"]) == set(frames["appraisal"]["report_id"]) == {"alpha2020"}


def test_after_filling_in_the_check_is_clean_and_nothing_waits(project):
    added(project, NEW)
    person = {**invented.patient("dupontne2026"), "disease": "itp", "reader": "dupont"}
    fill(project, "patients", ("dupontne2026", "p1"), **person)
    (hint,) = (one for one in checked(project).problems)
    assert hint.column == "report_type"  # the kind of a report whose rows are filled in is needed
    fill(project, "reports", ("dupontne2026",), report_type="case_report")
    assert [one.id for one in checked(project).hints] == ["waits_to_be_extracted", "known_and_awaiting"]
    fill(project, "appraisal", ("dupontne2026", "dupont"), **invented.appraisal("dupontne2026", "dupont"))
    fill(project, "reports", ("dupontne2026",), decision="include")
    fill(project, "screening", ("ris:dupontne2026", "full_text", "dupont"), decision="include")
    report = checked(project)
    assert (report.problems, [one.id for one in report.hints]) == ((), [])


def test_a_row_that_is_half_filled_in_says_which_columns_it_needs(project):
    added(project, NEW)
    place = rows.place_of(project, "patients")
    content = place.file.read_text()
    place.file.write_text(content.replace("dupontne2026,p1,,", "dupontne2026,p1,55,"))
    columns = {str(one.column) for one in checked(project).problems}
    assert {"disease", "disease_as_reported", "basis", "source_locator"} <= columns
    assert "response" not in columns


def test_a_publication_that_is_not_there_is_typed_and_never_looked_up(project):
    with pytest.raises(FileError, match="nothing is looked up on the network"):
        added(project, replace(NEW, facts={}))
    said = add_asked(project, SNAPSHOT, NEW)
    assert "not looked up in PubMed" in str(said[0])
    ris = (project / "data/raw/imports/added_by_readers/dupontne2026.ris").read_text()
    assert "TI  - SYNTHETIC An adult with haemolysis\n" in ris
    assert "typed by dupont" in ris


def test_what_is_not_typed_is_asked_where_somebody_can_be_asked(project):
    answers = {**TYPED, "journal": ""}
    asked = []
    add_asked(project, SNAPSHOT, replace(NEW, facts={}), lambda name: (asked.append(name), answers[name])[1])
    assert asked == ["title", "authors", "journal", "year"]
    assert rows.open_row(rows.place_of(project, "reports"), ("dupontne2026",)).cells["pmid"] == "99999999"


def test_a_file_of_references_comes_in_as_it_is_with_every_publication(project, tmp_path):
    path = tmp_path / "from pubmed.nbib"
    path.write_text(NBIB)
    added(project, Asked(str(path), "dupont", "2026-11-29"))
    assert (project / "data/raw/imports/added_by_readers/from_pubmed.nbib").read_text() == NBIB
    report = checked(project)
    assert report.problems == ()
    assert [one["report"] for one in report.hints] == ["delta2025", "gamma2024"]
    with pytest.raises(FileError, match="Described already, as report gamma2024"):
        added(project, Asked(str(path), "dupont", "2026-11-29"))
    with pytest.raises(FileError, match="2 publications"):
        added(project, Asked(str(path), "dupont", "2026-11-29", report_id="mine"))


def test_a_reference_without_pubmed_id_and_doi_gets_a_record_that_its_report_can_name(project, tmp_path):
    path = tmp_path / "one.bib"
    path.write_text("@article{x, author={Epsilon, E}, title={SYNTHETIC Something else}, year={2023}}\n")
    added(project, Asked(str(path), "dupont", "2026-11-29"))
    assert (project / "data/raw/imports/added_by_readers/epsilon2023.ris").exists()
    assert checked(project).problems == ()


def test_records_that_are_alike_are_shown_and_a_person_says_which_it_is(project):
    twin = replace(NEW, what="", facts={**TYPED, "title": "Synthetic: two adults with warm-antibody haemolysis"})
    with pytest.raises(FileError) as refused:
        added(project, twin)
    assert "ris:beta2021" in refused.value.text("fr")
    added(project, replace(twin, record_id="ris:beta2021"))
    assert not list((project / "data/raw/imports").rglob("dupont*"))
    undoing.undo(project)
    added(project, replace(twin, new=True))
    assert (project / "data/raw/imports/added_by_readers/dupontne2026.ris").exists()
    with pytest.raises(FileError, match="no record of this project has this id"):
        added(project, replace(twin, record_id="ris:nobody", report_id="x"))


@pytest.mark.parametrize(("decision", "reason"), [("exclude", "review"), ("include", "")])
def test_what_was_excluded_or_is_disputed_is_settled_first(project, decision, reason):
    first = invented.screened("ris:beta2021", verdict=decision, exclusion_reason=reason)
    second = invented.screened("ris:beta2021", verdict="exclude", exclusion_reason="review", reviewer="two")
    invented.write_csv(project / "data/curated/screening.csv", "screening", first, second)
    before = files(project)
    with pytest.raises(FileError, match="settle it there first"):
        added(project, Asked("10.9999/synthetic.2", "dupont", "2026-11-29"))
    assert files(project) == before


def test_ids_are_free_and_said_where_none_can_be_made(project):
    added(project, NEW)
    added(project, replace(NEW, what="99999996", facts={**TYPED, "title": "SYNTHETIC Quite another matter"}))
    assert rows.open_row(rows.place_of(project, "reports"), ("dupontne2026b",)).cells
    with pytest.raises(FileError, match="No id can be made"):
        added(project, replace(NEW, what="", facts={"title": "SYNTHETIC Unsigned words"}))
    with pytest.raises(FileError, match="alpha2020 is taken"):
        added(project, replace(NEW, what="", report_id="alpha2020", facts={"title": "SYNTHETIC Unsigned words"}))
    with pytest.raises(FileError, match="--type"):
        added(project, replace(NEW, what="", report_type="poem"))


def test_a_fact_that_does_not_fit_its_column_is_left_out_and_said(project):
    said = add_asked(project, SNAPSHOT, replace(NEW, facts={**TYPED, "year": "1789"}, report_id="old"))
    assert Message("fact_left_out", columns=("year",), report="old") in said
    assert checked(project).problems == ()
    assert fitting({"pmid": "x1", "title": "y"}) == ({"title": "y"}, ("pmid",))


def test_a_pdf_is_noted_outside_git_and_not_read(project, tmp_path):
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"%PDF-1.4 SYNTHETIC")
    added(project, replace(NEW, what=str(path)))
    assert "dupontne2026" in (project / ".casepool/files.csv").read_text()


def test_an_add_is_taken_back_to_the_byte_and_the_one_before_it_too(project):
    first = files(project)
    added(project, NEW)
    second = files(project)
    added(project, Asked("10.9999/synthetic.2", "dupont", "2026-11-29"))
    undoing.undo(project)
    assert files(project) == second
    undoing.undo(project)
    assert files(project) == first
    with pytest.raises(FileError, match="Nothing to take back"):
        undoing.undo(project)


def test_what_was_filled_in_since_is_not_thrown_away(project):
    added(project, NEW)
    fill(project, "reports", ("dupontne2026",), note="seen")
    with pytest.raises(FileError, match=r"reports\.csv dupontne2026.*would be lost"):
        undoing.undo(project)
    fill(project, "reports", ("dupontne2026",), note="")
    fill(project, "patients", ("dupontne2026", "p2"), **invented.patient("dupontne2026", "p2"))
    with pytest.raises(FileError, match=r"patients\.csv dupontne2026, p2"):
        undoing.undo(project)


def test_what_is_committed_is_not_taken_back(project):
    def git(*arguments: str) -> None:
        subprocess.run(["git", "-C", str(project), "-c", "user.name=x", "-c", "user.email=x@x", *arguments], check=True)

    git("init", "--quiet")
    added(project, NEW)
    git("add", "data")
    git("commit", "--quiet", "--message=add")
    with pytest.raises(FileError, match="committed to git already"):
        undoing.undo(project)


def test_an_add_that_is_killed_in_the_middle_is_finished_by_the_next_command(project, monkeypatch):
    put, n = journal.put, iter(range(100))

    def killed(path: Path, content: bytes | None) -> None:
        if next(n) == 3:
            raise KeyboardInterrupt
        put(path, content)

    monkeypatch.setattr(journal, "put", killed)
    with pytest.raises(KeyboardInterrupt):
        added(project, NEW)
    monkeypatch.undo()
    said = add_asked(project, SNAPSHOT, Asked("10.9999/synthetic.2", "dupont", "2026-11-29"))
    assert "Finished what was cut short: adding dupontne2026" in str(said[0])
    assert checked(project).problems == ()


@pytest.mark.parametrize(
    ("change", "column"),
    [({"cohorts": ("two words",)}, "stratum"), ({"report_id": "a b"}, "report_id"), ({"study_id": "é"}, "study_id")],
)
def test_an_id_that_the_check_would_refuse_is_refused_before_anything_is_written(project, change, column):
    before = files(project)
    with pytest.raises(CuratedDataError) as refused:
        added(project, replace(NEW, **change))
    assert [one.column for one in refused.value.problems] == [column]
    assert files(project) == before


def test_a_record_that_has_a_twin_is_added_and_the_twin_is_shown(project):
    added(
        project,
        replace(NEW, what="", new=True, facts={**TYPED, "title": "SYNTHETIC Two adults, warm antibody haemolysis"}),
    )
    said = add_asked(project, SNAPSHOT, Asked("10.9999/synthetic.2", "dupont", "2026-11-29"))
    (twin,) = (one for one in said if one.id == "alike_too")
    assert "ris:dupontne2026" in str(twin)


def test_the_check_says_that_a_step_was_cut_short(project, monkeypatch):
    assert journal.pending(project) is None
    monkeypatch.setattr(journal, "put", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        added(project, NEW)
    assert "adding dupontne2026" in str(journal.pending(project))
