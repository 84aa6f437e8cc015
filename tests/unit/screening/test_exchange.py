"""Records go to ASReview and Rayyan, decisions come back under the same ids."""

from __future__ import annotations

import csv
import re
import shutil
import unicodedata
import zipfile
from pathlib import Path

import invented
import pytest
from typer.testing import CliRunner

from casepool.cli.main import app
from casepool.model.errors import FileError
from casepool.model.message import text
from casepool.screening.exchange import import_decisions
from casepool.screening.outgoing import Program, as_ris, export_records
from casepool.screening.returned import read_returned, table_rows

RECORDS = (
    invented.record("pmid:1", pmid="1", title="First title", abstract="A sentence.", doi="10.1000/x", year=2020),
    invented.record("ris:b", title="Second title", also_as="csv:x.1"),
    invented.record("bib:c", title="Third title"),
)


def decided(rows, screening=(), file="export.csv", **options):
    """Return what the rows of a file bring."""
    tables_ = invented.frame("records", *RECORDS), invented.frame("screening", *screening)
    return import_decisions(rows, *tables_, ("reader_one", "2026-01-31"), file, **options)


def imported(header: str, *rows: str, **options):
    """Return what a CSV file with these rows brings."""
    return decided(table_rows([next(csv.reader([row])) for row in (header, *rows)]), **options)


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
    assert frame["casepool_id" if program is Program.ASREVIEW else "key"].tolist() == ["pmid:1", "ris:b", "bib:c"]


def test_labels_of_asreview_become_decisions():
    """1 includes, 0 excludes, nothing says nothing."""
    rows = ("pmid:1,First title,1", "ris:b,Second title,0", "bib:c,Third title,")
    done = imported("casepool_id,title,included", *rows)
    assert decisions(done) == [["pmid:1", "reader_one", "include", None], ["ris:b", "reader_one", "exclude", "other"]]
    assert done.n_unlabelled == 1


def asreview_keys(frame) -> list[tuple[str, str]]:
    """Return what ASReview 3.0.8 groups records by (asreview/data/utils.py, DEFAULT_EXTRACTORS)."""
    words = (
        "©", r"\bcopyright\b", r"\ball\s+rights\s+reserved\b", r"\bpublished\s+by\s+\w", r"\bcreative\s+commons\b",
        r"\bcc\s+by\b", r"\bcrown\s+copyright\b", r"\bopen\s+access\s+article\b",
    )  # fmt: skip
    notice = re.compile(f"(?:{'|'.join(words)}).*", re.IGNORECASE | re.DOTALL)

    def clean(text: str) -> str:
        return re.sub("[^a-z0-9]", "", unicodedata.normalize("NFKD", text).lower())

    def uncopied(text: str) -> str:
        tail = max(0, len(text) - 300)
        found = notice.search(text[tail:])
        return text[: tail + found.start()] if found else text

    return [
        (clean(title), clean(uncopied(abstract)))
        for title, abstract in frame[["title", "abstract"]].fillna("").to_numpy().tolist()
    ]


# The six records of findings/asreview_groups.sh, and pairs that only signs, scripts or a licence tell apart.
ALIKE = (
    invented.record("ris:r1", title="難治性ループス腎炎の一例", doi="10.1000/a"),
    invented.record("ris:r2", title="天疱瘡の一例", doi="10.1000/b"),
    invented.record("ris:r3", title="Рефрактерная волчанка", doi="10.1000/c"),
    invented.record("ris:r4", doi="10.1000/d"),
    invented.record("ris:r5", title="Reply", journal="J Inv", year=2020, authors="Invented A", doi="10.1000/e"),
    invented.record("ris:r-5", title="Reply.", journal="J Inv", year=2020, authors="Invented A", doi="10.1000/f"),
    invented.record("ris:a", title="Alike", abstract="One text."),
    invented.record("ris:b", title="Alike", abstract="One text. © 2020 The invented authors."),
    invented.record("ris:c", title="Copyright", journal="Copyright; published by nobody"),
    invented.record("ris:d", title="Copyright", journal="All rights reserved"),
    invented.record("ris:e", title="症例", abstract="一例。"),
)


def test_no_two_exported_records_are_one_for_asreview():
    """ASReview 3.0.8 joins records with equal letters in title and abstract (findings/asreview_groups.sh)."""
    frame = export_records(invented.frame("records", *ALIKE), Program.ASREVIEW)
    keys = asreview_keys(frame)
    assert len(set(keys)) == len(keys)
    assert len(set(asreview_keys(invented.frame("records", *ALIKE)))) == 4, "the input must be alike"


def test_what_stands_for_an_abstract_is_marked_and_nothing_else_is_changed():
    """An abstract under a title of its own stays as it is; a citation says that it is one."""
    frame = export_records(invented.frame("records", *ALIKE, RECORDS[0]), Program.ASREVIEW)
    assert frame["title"].fillna("").tolist() == [row.get("title", "") for row in (*ALIKE, RECORDS[0])]
    assert frame["abstract"][4] == "[casepool: record 5; ris:r5; J Inv; 2020; Invented A; no abstract]"
    assert frame["abstract"][6] == "[casepool: record 7; ris:a] One text."
    assert frame["abstract"][11] == "A sentence."


def test_rayyan_gets_abstracts_as_they_are():
    """Rayyan shows every record."""
    frame = export_records(invented.frame("records", *ALIKE), Program.RAYYAN)
    assert frame["abstract"].dropna().tolist() == [row["abstract"] for row in ALIKE if "abstract" in row]


GROUPED = ("pmid:1,First title,3,0", "ris:b,Second title,3,0", "bib:c,Third title,5,1")


def test_a_label_that_asreview_wrote_to_a_group_decides_on_none():
    """ASReview 3.0.8 shows one record of a group and labels all (findings/asreview_groups.sh): each is a problem."""
    done = imported("casepool_id,title,asreview_group_id,asreview_label", *GROUPED)
    assert decisions(done) == [["bib:c", "reader_one", "include", None]]
    where = [(one.file, one.row, one.key, one.column, one.found) for one in done.problems]
    assert where == [
        ("export.csv", 2, "record_id=pmid:1, reviewer=reader_one", "asreview_group_id", "3"),
        ("export.csv", 3, "record_id=ris:b, reviewer=reader_one", "asreview_group_id", "3"),
    ]
    assert "one of these 2 records" in str(done.problems[0].expected)
    assert "une de ces 2 références" in text(done.problems[0].expected, "fr")


def test_the_record_that_was_shown_is_taken_where_the_others_carry_no_label():
    """As in an export without ASReview's hidden records."""
    done = imported("casepool_id,asreview_group_id,asreview_label", "pmid:1,3,0", "ris:b,3,")
    assert [row[:3] for row in decisions(done)] == [["pmid:1", "reader_one", "exclude"]]
    assert done.problems == ()


def test_decisions_on_the_records_of_a_group_hold_whatever_its_label():
    """So the problem can be mended: both were decided by hand, one otherwise."""
    standing = [invented.screened("pmid:1"), invented.screened("ris:b", verdict="exclude")]
    done = imported("casepool_id,title,asreview_group_id,asreview_label", *GROUPED, screening=standing)
    assert (done.problems, done.n_known, len(done.rows)) == ((), 2, 1)


@pytest.mark.parametrize(
    ("header", "row", "found"),
    [
        (
            "casepool_id,included,asreview_label",
            "pmid:1,0,1",
            ["include", "ASReview (asreview_label, not included = 0)"],
        ),
        ("casepool_id,included,asreview_label", "pmid:1,1,1", ["include", "ASReview"]),
        (
            "casepool_id,included,asreview_label",
            "pmid:1,1.0,0.0",
            ["exclude", "ASReview (asreview_label, not included = 1)"],
        ),
        ("casepool_id,included,asreview_label", "pmid:1,1,", None),
        (
            "casepool_id,label_included,included",
            "pmid:1,0,1",
            ["include", "ASReview (included, not label_included = 0)"],
        ),
    ],
)
def test_the_label_given_in_asreview_counts_before_that_of_the_file_it_read(header, row, found):
    """The order of ASReview 3.0.8 (asreview/data/base.py); a label that was taken back there is none."""
    done = imported(header, row)
    assert [list(one) for one in done.rows[["decision", "note"]].to_numpy().tolist()] == ([found] if found else [])
    assert done.n_unlabelled == (found is None)


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
    assert "include, as screening.csv says" in str(done.problems[0].expected)


ASREVIEW_RIS = """1.
TY  - JOUR
N1  - ASReview_irrelevant
N1  - casepool_id: ris:b
N1  - asreview_group_id: 4
N1  - asreview_time: "2026-01-30 10:00:00"
N1  - asreview_note: "a child; see p. 2"
N1  - asreview_tag_why_under_18: 1
N1  - asreview_tag_why_review: 0
TI  - Second title
ER  -

2.
TY  - JOUR
N1  - ASReview_relevant
N1  - asreview_group_id: 0
ID  - pmid:1
TI  - First
      title
ER  -

3.
TY  - JOUR
N1  - ASReview_not_seen
N1  - asreview_group_id: 7
TI  - Third title
ER  -
"""
ASREVIEW_TSV = (
    "\tcasepool_id\ttitle\tpubmed_id\tasreview_group_id\tasreview_label\tasreview_note"
    "\tasreview_tag_why_under_18\tasreview_tag_why_review\n"
    '1\tris:b\t"Second ""title"""\t\t4\t0\ta child; see p. 2\t1\t0\n'
    "0\t\tunknown\t1.0\t0\t1\t\t0\t0\n2\tbib:c\tThird title\t\t7\t\t\t\t\n"
)
EXCLUDED = (
    'casepool_id: ris:b | RAYYAN-INCLUSION: {"Anna B"=>"Excluded"} | RAYYAN-LABELS: France,old | '
    'RAYYAN-EXCLUSION-REASONS: under 18 years,wrong thing | USER-NOTES: {"Anna B"=>["a child", "p. 2"]}'
)
RAYYAN_ENW = f"""%0 Journal Article
%T Second title
%Z {EXCLUDED}

%0 Journal Article
%T First title
%Z RAYYAN-INCLUSION: {{"Anna B"=>"Included"}}
"""
RAYYAN_BIB = f"""@article{{rayyan-77,
  title={{Second title}},
  note={{{EXCLUDED}}}
}}

@article{{pmid:1,
  title={{First title}},
  note={{RAYYAN-INCLUSION: {{"Anna B"=>"Included"}}}}
}}
"""
RAYYAN_RIS = RAYYAN_ENW.replace("%0 Journal Article", "TY  - JOUR").replace("%T", "T1  -").replace("%Z", "N1  -")
RAYYAN_CSV = "key,title,notes\n" + "\n".join(
    '"{}","{}","{}"'.format(key, title, note.replace('"', '""'))
    for key, title, note in re.findall(r"\{([^,]+),\n  title=\{(.*)\},\n  note=\{(.*)\}\n", RAYYAN_BIB)
)  # SYNTHETIC, in the structure of the programs' exports, as all of these
CHILD = ["exclude", "under_18", "ASReview: a child; see p. 2; [why_under_18]"]
OF_RAYYAN = ["exclude", "under_18", "Rayyan: under 18 years, wrong thing; a child; p. 2; [France, old]"]


@pytest.mark.parametrize(
    ("name", "content", "told", "included"),
    [
        ("asreview.ris", ASREVIEW_RIS, CHILD, ["include", None, "ASReview"]),
        ("asreview.tsv", ASREVIEW_TSV, CHILD, ["include", None, "ASReview"]),
        ("asreview.csv", ASREVIEW_TSV.replace("\t", ","), CHILD, ["include", None, "ASReview"]),
        ("export.ris", RAYYAN_RIS, OF_RAYYAN, ["include", None, "Rayyan"]),
        ("articles.enw", RAYYAN_ENW, OF_RAYYAN, ["include", None, "Rayyan"]),
        ("articles.bib", RAYYAN_BIB, OF_RAYYAN, ["include", None, "Rayyan"]),
        ("articles.csv", RAYYAN_CSV, OF_RAYYAN, ["include", None, "Rayyan"]),
    ],
)
def test_every_format_comes_back_with_notes_tags_and_reasons(tmp_path, name, content, told, included):
    """The suffix is not asked; two decisions from each, the same in every format of a program."""
    path = tmp_path / f"{name}.txt"
    path.write_text(content, encoding="utf-8")
    done = decided(read_returned(path).rows)
    rows = done.rows.astype(object).where(done.rows.notna(), None).to_dict("records")
    shown = {row["record_id"]: [row["decision"], row["exclusion_reason"], row["note"]] for row in rows}
    assert shown == {"ris:b": told, "pmid:1": included}
    assert done.problems == ()


def test_a_zip_of_rayyan_is_read_without_its_log(tmp_path):
    """The log holds each click, not what holds in the end."""
    path = tmp_path / "rayyan.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("articles.csv", RAYYAN_CSV)
        archive.writestr("customizations_log.csv", "article_id,key,value\n1,included,0\n")
    assert len(decided(read_returned(path).rows).rows) == 2


COVIDENCE = (
    "Title,Authors,Abstract,Published Year,DOI,Ref,Covidence #,Study,Notes,Tags",
    '"Second title",,,2020,,1,#12,Invented 2020,"casepool_id: ris:b; Exclusion reason: under 18 years; a child",France',
)


def test_a_reason_of_covidence_excludes_at_the_full_text():
    """The record has passed title and abstract there; words and tags stay in the note."""
    done = imported(*COVIDENCE)
    shown = done.rows[["stage", "decision", "exclusion_reason", "note"]].astype(object).fillna("").to_numpy().tolist()
    assert shown == [
        ["title_abstract", "include", "", "Covidence"],
        ["full_text", "exclude", "under_18", "Covidence: under 18 years; a child; [France]"],
    ]


@pytest.mark.parametrize(
    ("listed", "told"),
    [
        ("irrelevant", [["title_abstract", "exclude", "other"]]),
        ("select", [["title_abstract", "include", None]]),
        ("included", [["title_abstract", "include", None], ["full_text", "include", None]]),
        ("screen", []),
    ],
)
def test_the_list_of_covidence_decides(listed, told):
    """By the name of the file, as Covidence gives it, or as the user says; the rows of the lists are alike."""
    rows = COVIDENCE[0], '"Third title",,,2020,,1,#12,Invented 2020,,'
    by_name = imported(*rows, file=f"review_1_{listed}_csv_20260130101010.csv")
    said = imported(*rows, listed=listed)
    for done in (by_name, said):
        frame = done.rows[["stage", "decision", "exclusion_reason"]].astype(object)
        assert frame.where(frame.notna(), None).to_numpy().tolist() == told


def test_a_file_of_covidence_that_does_not_tell_its_list_is_refused():
    """Guessing would turn excluded records into included ones."""
    with pytest.raises(FileError, match=r"Name it: --list screen, irrelevant, select, excluded or included"):
        imported(COVIDENCE[0], '"Third title",,,2020,,1,#12,Invented 2020,,')


def test_a_file_without_any_decision_is_refused_with_its_columns():
    """Rayyan's log, an export that was never screened: nothing is read as nothing."""
    with pytest.raises(FileError, match="no decisions found in the columns article_id, key, value"):
        imported("article_id,key,value", "1,included,0")


@pytest.mark.parametrize("label", ["2", "maybe", "-1"])
def test_a_label_that_is_no_label_is_a_problem(label):
    """It is neither taken nor passed over."""
    done = imported("casepool_id,included", f"pmid:1,{label}")
    assert [str(one) for one in done.problems] == [f"export.csv, row 2: included = {label}; expected 0, 1 or nothing."]


def test_two_rows_of_a_file_that_contradict_each_other_are_a_problem():
    """A record that stands twice in a screening program may be decided twice."""
    done = imported("casepool_id,included", "pmid:1,1", "pmid:1,0")
    assert decisions(done) == [["pmid:1", "reader_one", "include", None]]
    assert "include, as another row of this file says" in str(done.problems[0])


def test_a_user_name_of_asreview_is_the_reviewer():
    """With more than one user each label carries who gave it."""
    done = imported("casepool_id,asreview_label,asreview_user_name", "pmid:1,1,Anna B", "ris:b,0,")
    assert [row[1] for row in decisions(done)] == ["anna_b", "reader_one"]


@pytest.mark.parametrize("program", Program)
def test_ris_names_its_record_twice(tmp_path, program):
    """In ID and in a note: no program drops both. What stands in a cell stands in one line."""
    records = invented.frame("records", *RECORDS, invented.record("ris:d", title="Two\nlines", authors="A, B; C, D"))
    path = tmp_path / "out.ris"
    path.write_text(as_ris(export_records(records, program)))
    rows = [row.cells for row in read_returned(path).rows]
    assert [row["id"] for row in rows] == ["pmid:1", "ris:b", "bib:c", "ris:d"]
    assert [row["notes"] for row in rows] == [f"casepool_id: {row['id']}" for row in rows]
    assert (rows[3]["title"], rows[3]["au"], rows[0]["py"]) == ("Two lines", "A, B | C, D", "2020")


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
    assert "1 record that waits for a decision" in result.output
    out.write_text(out.read_text().replace("casepool_id,", "included,casepool_id,").replace("\nris:", "\n0,ris:"))
    result = run("import", out, "--reviewer", "reader_x", "--folder", project)
    assert "1 decision added to data/curated/screening.csv; 0 stood there already" in result.output
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
    assert "2 problems in the data" in str(result.exception)
    assert (project / "data/curated/screening.csv").read_bytes() == before
