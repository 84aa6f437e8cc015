"""Raw files are read only as they are described: checksum, number, each record once."""

from __future__ import annotations

import hashlib
from pathlib import Path

import invented
import pytest

from casepool.contract import TABLES
from casepool.files import atomic, sheets, store
from casepool.files.sheets import check_table
from casepool.model.errors import FileError
from casepool.model.message import text
from casepool.search.described import described_paths
from casepool.search.formats.citation import FIELDS
from casepool.search.formats.pubmed_xml import parse_pubmed
from casepool.search.raw import Raw, read_raw
from casepool.search.records import build_records, found_by_search, merged_records, search_update

ENTRY = "TY  - JOUR\nID  - {}\nTI  - A title\nPY  - 2020\nER  -\n"


def source(root: Path, path: str, *ids: str, **changes) -> invented.Row:
    """Write a RIS file with these entries and return its description."""
    content = "".join(ENTRY.format(one) for one in ids).encode()
    atomic.write_bytes(root / path, content)
    row = {"path": path, "origin": "database", "accessed_on": "2026-01-31", "licence": "citation facts"}
    return row | {"sha256": hashlib.sha256(content).hexdigest(), "n_records": len(ids)} | changes


def build(root: Path, *rows: invented.Row, snapshot: str = "2026-01-31"):
    """Return the table of records of these raw files."""
    return build_records(invented.frame("sources", *rows), root, snapshot)


def update_of(sources, root: Path):
    """Return what the search of 2026-01-31 brings."""
    raw = read_raw(sources, root, "2026-01-31")
    return search_update(sources, raw, root, "2026-01-31", merged_records(raw, sources, root, "2026-01-31").records)


def test_records_carry_their_file_and_origin(tmp_path):
    """PRISMA asks where each record came from."""
    rows = [source(tmp_path, "a.ris", "x", "y"), source(tmp_path, "b.ris", "z", origin="register")]
    found = build(tmp_path, *rows)
    assert found[["record_id", "source_file", "origin"]].to_numpy().tolist() == [
        ["ris:x", "a.ris", "database"],
        ["ris:y", "a.ris", "database"],
        ["ris:z", "b.ris", "register"],
    ]


def test_the_records_fit_their_table(tmp_path):
    """What is empty in the export is empty in the table."""
    store.write_table("records", build(tmp_path, source(tmp_path, "a.ris", "x")), tmp_path / "records.csv")
    assert store.read_table("records", tmp_path / "records.csv")["doi"].isna().all()


def test_an_altered_file_is_refused(tmp_path):
    """Raw files are never edited."""
    row = source(tmp_path, "a.ris", "x")
    (tmp_path / "a.ris").write_text(ENTRY.format("y"))
    with pytest.raises(FileError, match=r"a\.ris: SHA-256 is .*raw files are never edited"):
        build(tmp_path, row)


def test_a_file_with_another_number_of_records_is_refused(tmp_path):
    """A description that does not fit hides a loss."""
    with pytest.raises(FileError, match=r"a\.ris: holds 1 records; sources\.csv says 2"):
        build(tmp_path, source(tmp_path, "a.ris", "x", n_records=2))


@pytest.mark.parametrize("files", [("x", "x"), (("x", "x"),)])
def test_a_record_that_stands_twice_is_kept_once(tmp_path, files):
    """In one file or in two: it would be screened twice, and no raw file may be edited to prevent it."""
    rows = [source(tmp_path, f"{number}.ris", *ids) for number, ids in enumerate(files)]
    assert build(tmp_path, *rows)["record_id"].tolist() == ["ris:x"]


def test_an_id_that_stands_for_two_publications_stays_with_the_one_received_first(tmp_path):
    """A file whose name comes first must not take over the decision on the record of an older one."""
    old = source(tmp_path, "z.ris", "x")
    content = ENTRY.format("x").replace("A title", "Another title").encode()
    atomic.write_bytes(tmp_path / "a.ris", content)
    new = old | {"path": "a.ris", "accessed_on": "2026-02-01", "sha256": hashlib.sha256(content).hexdigest()}
    sources = invented.frame("sources", old, new)
    merged = merged_records(read_raw(sources, tmp_path, "2026-03-01"), sources, tmp_path, "2026-03-01")
    named = dict(zip(merged.records["record_id"], merged.records["title"], strict=True))
    assert named == {"ris:x": "A title", "ris:x-2": "Another title"}
    assert [str(note) for note in merged.notes] == ["the id ris:x names two publications; the second is called ris:x-2"]


def test_a_missing_file_is_refused(tmp_path):
    """Described, but not there."""
    row = source(tmp_path, "a.ris", "x")
    (tmp_path / "a.ris").unlink()
    with pytest.raises(FileError, match=r"a\.ris: cannot be read"):
        build(tmp_path, row)


def test_only_the_snapshot_in_use_is_read(tmp_path):
    """Older searches stay in the repository."""
    folders = ("2025-01-01", "2026-01-31")
    rows = [source(tmp_path, f"data/raw/pubmed/{day}/a.ris", day) for day in folders]
    assert build(tmp_path, *rows)["record_id"].tolist() == ["ris:2026-01-31"]


def test_a_file_of_another_kind_is_checked_by_its_checksum_only(tmp_path):
    """The description of a search holds no record, and may not change either."""
    row = source(tmp_path, "search.json", "x")
    assert len(build(tmp_path, row)) == 0
    with pytest.raises(FileError, match=r"search\.json: SHA-256"):
        build(tmp_path, row | {"sha256": "0" * 64})


def test_a_decided_record_of_an_older_search_stays(tmp_path):
    """The strategy has changed and does not find it any more; the decision must keep its record."""
    rows = [source(tmp_path, f"data/raw/pubmed/{day}/a.ris", day) for day in ("2025-01-01", "2026-01-31", "2027-01-01")]
    decided = {f"ris:{day}" for day in ("2025-01-01", "2027-01-01")}
    found = build_records(invented.frame("sources", *rows), tmp_path, "2026-01-31", decided)
    assert found["record_id"].tolist() == ["ris:2026-01-31", "ris:2025-01-01"]


def test_a_first_search_brings_no_update(tmp_path):
    """There is nothing to compare with."""
    sources = invented.frame("sources", source(tmp_path, "data/raw/pubmed/2026-01-31/a.ris", "x"))
    update = update_of(sources, tmp_path)
    assert (len(update.counts), len(update.records)) == (0, 0)


def test_an_update_counts_what_is_new_since_the_snapshot_before(tmp_path):
    """An import that came later is new; one that was there is known."""
    rows = [
        source(tmp_path, "data/raw/pubmed/2025-01-01/a.ris", "x"),
        source(tmp_path, "data/raw/pubmed/2026-01-31/a.ris", "x", "y"),
        source(tmp_path, "data/raw/imports/old.ris", "old", accessed_on="2024-12-31"),
        source(tmp_path, "data/raw/imports/new.ris", "new", accessed_on="2026-01-31"),
    ]
    sources = invented.frame("sources", *rows)
    update = update_of(sources, tmp_path)
    assert update.counts.to_numpy().tolist() == [["2026-01-31", "2025-01-01", 2, 2]]
    assert sorted(update.records["record_id"]) == ["ris:new", "ris:y"]
    store.write_table("search_update", update.counts, tmp_path / "update.csv")
    store.write_table("new_records", update.records, tmp_path / "new.csv")


def stored(raw: Raw, folder: Path) -> Raw:
    """Return what was read, written and read again."""
    for name, frame in (("entries", raw.entries), ("raw_faults", raw.faults)):
        store.write_table(name, frame, folder / f"{name}.csv")
    return Raw(*(store.read_table(name, folder / f"{name}.csv") for name in ("entries", "raw_faults")))


def test_the_stored_entries_give_the_records_of_the_raw_files(tmp_path):
    """What later stages read is what stood in the files: of the shipped search, cell by cell."""
    sources = sheets.read_table("sources", invented.ROOT / "data" / "raw" / "sources.csv")
    raw = read_raw(sources, invented.ROOT, "2026-11-22")
    again = stored(raw, tmp_path)
    assert again.rows() == raw.rows()
    parsed = [row for path in sources["path"] if path.endswith("gz") for row in parse_pubmed(invented.ROOT / path)]
    assert [{name: row[name] for name in FIELDS} for row in again.rows() if row["pmid"]] == parsed
    assert found_by_search(again, invented.ROOT, "2026-11-22") == {row["pmid"] for row in parsed}


def test_every_raw_file_with_a_fault_is_named_and_nothing_is_made_of_the_others(tmp_path):
    """Three faults, one message; the sound file is read all the same."""
    rows = [source(tmp_path, f"{name}.ris", name) for name in "abcd"]
    (tmp_path / "a.ris").unlink()
    (tmp_path / "b.ris").write_text(ENTRY.format("y"))
    sources = invented.frame("sources", *rows[:3], rows[3] | {"n_records": 7})
    raw = stored(read_raw(sources, tmp_path, "2026-01-31"), tmp_path)
    assert raw.entries["source_file"].tolist() == ["c.ris"]
    assert raw.faults["path"].tolist() == ["a.ris", "b.ris", "d.ris"]
    with pytest.raises(FileError, match=r"(?s)a\.ris: cannot be read.*\nb\.ris: SHA-256 is.*\nd\.ris: holds 1 records"):
        merged_records(raw, sources, tmp_path, "2026-01-31")


def test_a_fault_of_a_raw_file_is_read_back_in_every_language(tmp_path):
    """The table between the stages keeps the message, not a sentence; of a fault inside a fault too."""
    rows = [source(tmp_path, "a.ris", "a"), source(tmp_path, "b.ris", "b")]
    path = tmp_path / "a.ris"
    path.write_text("%PDF-1.7")
    rows[0] |= {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    (tmp_path / "b.ris").write_text(ENTRY.format("y"))
    read = read_raw(invented.frame("sources", *rows), tmp_path, "2026-01-31")
    again = stored(read, tmp_path)
    assert again.messages == read.messages
    open_, edited = again.messages
    assert "a.ris: this is a PDF; expected an export in RIS" in text(open_, "en")
    assert "a.ris : c’est un PDF ; attendu : un export en RIS" in text(open_, "fr")
    assert text(edited, "fr").startswith("b.ris : la somme SHA-256 est")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[]", "not the description of a search"),
        ('{"origin": "live", "sha256": "00"}', "describes records with SHA-256 00; expected "),
    ],
)
def test_a_description_that_describes_nothing_or_something_else_is_named(tmp_path, content, told):
    """Its own checksum is right: somebody has described the wrong file with care."""
    folder = "data/raw/pubmed/2026-01-31"
    rows = [source(tmp_path, f"{folder}/records.xml.gz", "x"), source(tmp_path, f"{folder}/search.json", content)]
    path = tmp_path / folder / "search.json"
    path.write_text(content)
    rows[1] |= {"sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "n_records": 0}
    faults = read_raw(invented.frame("sources", *rows), tmp_path, "2026-01-31").messages
    assert [one for one in map(str, faults) if told in one]


def test_signs_that_nobody_sees_do_not_come_in_with_the_records(tmp_path):
    """U+0002 stops the writing of Word and spreadsheet files, U+FEFF that of figures."""
    path = tmp_path / "data/raw/a.ris"
    path.parent.mkdir(parents=True)
    path.write_text("TY  - JOUR\nID  - 1\nTI  - An\u0002 in\ufeffvented\u000bcase\nER  - \n", encoding="utf-8")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    row = source(tmp_path, "data/raw/b.ris", "2026-01-31") | {"path": "data/raw/a.ris", "sha256": digest}
    assert read_raw(invented.frame("sources", row), tmp_path, "2026-01-31").entries["title"].tolist() == [
        "An invented case"
    ]


@pytest.mark.parametrize("before", ["\ufeffpath,origin\n", "path;origin\n"])
def test_the_paths_of_sources_are_read_as_the_table_is(tmp_path, before):
    """Saved by a spreadsheet: a byte order mark, semicolons."""
    sign = ";" if ";" in before else ","
    (tmp_path / "sources.csv").write_text(f"{before}data/raw/a.ris{sign}database\n", encoding="utf-8")
    assert described_paths(tmp_path / "sources.csv") == ["data/raw/a.ris"]


@pytest.mark.parametrize("path", ["/etc/hostname", "data/raw/../../out.ris", "data/out.ris", "data/raw/"])
def test_a_raw_file_lies_within_data_raw(tmp_path, path):
    row = source(tmp_path, "data/raw/a.ris", "x") | {"path": path}
    cells = [str(row.get(name, "")) for name in TABLES["sources"].names]
    (tmp_path / "sources.csv").write_text(f"{','.join(TABLES['sources'].names)}\n{','.join(cells)}\n")
    (problem,) = check_table("sources", tmp_path / "sources.csv").problems
    assert "expected the path of a file within data/raw" in str(problem)
