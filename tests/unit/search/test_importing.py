"""``casepool import``: exports come in as they are, are shown, and are described."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import zipfile

import invented
import openpyxl
import pytest
from typer.testing import CliRunner

from casepool.cli.main import app
from casepool.files import sheets
from casepool.project.layout import lay_out
from casepool.search.raw import read_raw

EXPORTS = invented.ROOT / "tests" / "data" / "exports"
PAGE = (invented.ROOT / "docs" / "search.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```console\n\$ casepool (import .*)\n((?:.*\n)*?)```", PAGE)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a new project, the folder in which commands are typed."""
    folder = tmp_path / "project"
    lay_out(folder, ["en"])
    monkeypatch.chdir(folder)
    return folder


def run(*arguments: object, ends_with: int = 0) -> str:
    """Return what a command prints, if it ends as expected."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == ends_with, result.output
    return result.output


def sources(folder):
    """Return the rows of sources.csv by path."""
    table = sheets.read_table("sources", folder / "data/raw/sources.csv")
    return table.set_index("path").to_dict("index")


def test_an_export_is_copied_as_it_is_and_described(project):
    """SHA-256 and count are reckoned, not typed; the file is not changed."""
    before = (EXPORTS / "savedrecs.txt").read_bytes()
    printed = run("import", EXPORTS / "savedrecs.txt", "--query", "TS=(inventumab)", "--date", "2026-03-01")
    row = sources(project)["data/raw/imports/savedrecs.txt"]
    assert row["sha256"] == hashlib.sha256(before).hexdigest()
    told = ("origin", "query_or_release", "accessed_on", "n_records", "note")
    note = "Web of Science, tagged, Web of Science 2"
    assert [row[name] for name in told] == ["database", "TS=(inventumab)", "2026-03-01", 2, note]
    assert (project / "data/raw/imports/savedrecs.txt").read_bytes() == before
    assert (EXPORTS / "savedrecs.txt").read_bytes() == before
    assert "Web of Science, tagged; 2 records" in printed
    assert "title 100 %, authors 100 %" in printed
    assert "in no field: C1 (1), CR (1), FN (1), VR (1)" in printed
    assert "no problems" in run("check")


def test_an_export_comes_in_beside_sources_of_other_kinds_without_a_warning(project):
    """Pandas warns of columns in which the new rows have nothing; a warning is an error here."""
    described = (invented.ROOT / "data" / "raw" / "sources.csv").read_bytes()
    (project / "data/raw/sources.csv").write_bytes(described)
    run("import", EXPORTS / "savedrecs.txt", "--query", "TS=(inventumab)", "--date", "2026-03-01")
    assert len(sources(project)) == described.count(b"\n")


def test_folders_and_archives_are_unpacked_and_what_is_no_export_is_named(project, tmp_path):
    """The rest comes in; the status says that something did not."""
    folder = tmp_path / "all of them"
    (folder / "sub").mkdir(parents=True)
    shutil.copy(EXPORTS / "embase.csv", folder / "sub" / "Embase records (1).CSV")
    (folder / ".DS_Store").write_bytes(b"\x00")
    (folder / "paper.pdf").write_bytes(b"%PDF-1.7")
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.write(EXPORTS / "lens.RIS", "lens/lens.RIS")
        archive.write(EXPORTS / "ctgov.csv", "ctgov.csv")
        archive.writestr("__MACOSX/._ctgov.csv", "x")
    printed = run("import", folder, ends_with=1)
    found = sources(project)
    assert {path.removeprefix("data/raw/imports/"): row["origin"] for path, row in found.items()} == {
        "Embase_records_1.CSV": "database",
        "lens.RIS": "database",
        "ctgov.csv": "register",
    }
    assert found["data/raw/imports/Embase_records_1.CSV"]["query_or_release"] == "'inventumab'/exp AND 'anemia'/exp"
    assert re.search(r"not imported: .*paper\.pdf: this is a PDF; expected an export", printed)
    assert "more.zip/lens/lens.RIS → data/raw/imports/lens.RIS" in printed
    assert "3 files described in data/raw/sources.csv with 6 records" in printed
    assert "The query of the search is missing for data/raw/imports/lens.RIS, data/raw/imports/ctgov.csv" in printed


def test_the_same_export_again_adds_nothing(project, tmp_path):
    """Under its name or another: its content is known."""
    run("import", EXPORTS / "scopus.ris")
    before = sources(project)
    shutil.copy(EXPORTS / "scopus.ris", tmp_path / "scopus (2).ris")
    printed = run("import", EXPORTS / "scopus.ris", tmp_path / "scopus (2).ris", "--lang", "fr")
    assert printed.count("déjà décrit, sous data/raw/imports/scopus.ris") == 2
    assert sources(project) == before
    assert [path.name for path in (project / "data/raw/imports").iterdir()] == ["scopus.ris"]


def test_another_export_of_the_same_name_gets_a_name_of_its_own(project, tmp_path):
    """Every database calls its exports alike; nothing is overwritten."""
    shutil.copy(EXPORTS / "proquest.ris", tmp_path / "scopus.ris")
    run("import", EXPORTS / "scopus.ris", tmp_path / "scopus.ris")
    assert sorted(sources(project)) == ["data/raw/imports/scopus-2.ris", "data/raw/imports/scopus.ris"]


def test_a_file_that_nobody_described_is_a_problem_that_names_the_command(project):
    """Until the command is typed; then the file stays where it is."""
    imports = project / "data/raw/imports"
    imports.mkdir()
    shutil.copy(EXPORTS / "zotero.json", imports / "zotero.json")
    (imports / "README.md").write_text("who put what here")
    printed = run("check", ends_with=1)
    assert (
        "path = data/raw/imports/zotero.json; expected a row for it; type: casepool import data/raw/imports/" in printed
    )
    assert "README" not in printed
    run("import", "data/raw/imports/zotero.json")
    assert "no problems" in run("check")


def test_a_remark_on_a_file_is_shown_when_it_comes_in_and_by_every_check(project, tmp_path):
    """In both languages."""
    path = tmp_path / "cut.ris"
    path.write_text("TY  - JOUR\nTI  - A SYNTHETIC case\nER  - \n\nTY  - JOUR\nTI  - Another SYNTHETIC case\n")
    assert "to look at: the entry at line 5 has no end 'ER'" in run("import", path, "--query", "x")
    assert "à regarder : data/raw/imports/cut.ris : l’entrée de la ligne 5 n’a pas de fin" in run(
        "check", "--lang", "fr"
    )


def test_one_export_of_every_format_comes_in_and_is_read_with_the_count_that_was_described(project):
    """Whatever their suffix and encoding, all in one go; the same content under two names once."""
    names = (
        "pubmed.xml", "lens.RIS", "pubmed-set.txt", "zotero.bib", "cinahl.csv", "embase.xlsx", "savedrecs.ciw",
        "savedrecs.txt", "savedrecs_tab.txt", "ovid_tagged.txt", "ovid_referbibix.cgi", "refworks.txt", "endnote.xml",
        "refworks.xml", "zotero.json", "ctgov.json", "ictrp.xml",
    )  # fmt: skip
    printed = run("import", *(EXPORTS / name for name in names))
    raw = read_raw(sheets.read_table("sources", project / "data/raw/sources.csv"), project, "2026-01-01")
    assert (raw.messages, len(raw.entries)) == ([], 2 * (len(names) - 1))
    assert "savedrecs.txt: described already as data/raw/imports/savedrecs.ciw" in printed


def test_a_pipe_and_an_empty_folder_are_told_and_nothing_waits(project, tmp_path):
    """A pipe may never end; an empty folder was meant to hold something."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").mkdir()
    assert "not imported: " in run("import", tmp_path / "pipe", ends_with=1)
    assert run("import", tmp_path / "empty") == "no file was found\n"


def test_a_date_that_is_none_is_refused(project):
    """Wrong use."""
    assert "expected a date YYYY-MM-DD" in run("import", EXPORTS / "scopus.ris", "--date", "1 March", ends_with=2)


@pytest.mark.parametrize(("command", "output"), SHOWN)
def test_the_page_on_the_search_shows_what_an_import_prints(project, command, output):
    """The file of the page is one of the exports of invented records."""
    words = command.split(" --query ")
    name = words[0].removeprefix("import ")
    shutil.copy(EXPORTS / name, name)
    query, day = re.fullmatch(r'"(.*)" --date (\S+)', words[1]).groups()
    assert run("import", name, "--query", query, "--date", day) == output


@pytest.mark.parametrize("how", ["empty", "cut off", "locked", "too deep"])
def test_an_archive_that_gives_nothing_is_named(project, tmp_path, how):
    """It is neither passed over nor a traceback."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("readme.txt" if how == "empty" else "a.ris", "TY  - JOUR\nTI  - An invented case\nER  - \n")
    packed = content.getvalue()
    if how == "cut off":
        packed = packed[: len(packed) // 2]
    elif how == "locked":  # the flag of an entry with a password, in both of its headers
        packed = packed.replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01")
        packed = packed.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    elif how == "too deep":
        for number in range(4):
            around = io.BytesIO()
            with zipfile.ZipFile(around, "w") as archive:
                archive.writestr(f"{number}.zip", packed)
            packed = around.getvalue()
    (tmp_path / "exports.zip").write_bytes(packed)
    printed = run("import", tmp_path / "exports.zip", ends_with=1)
    assert re.search(r"not imported: .*exports\.zip\S*: this is an archive that cannot be unpacked", printed)


def test_sheets_that_are_not_read_are_named(project, tmp_path):
    """The first sheet with a header is read, wherever it stands."""
    book = openpyxl.Workbook()
    book.worksheets[0].title = "About"
    book.worksheets[0].append(["An invented export"])
    for name in ("Records", "More"):
        sheet = book.create_sheet(name)
        sheet.append(["Title", "Authors", "Year"])
        sheet.append([f"An invented case in {name}", "Roux A", 2021])
    book.save(tmp_path / "export.xlsx")
    printed = run("import", tmp_path / "export.xlsx", "--lang", "fr")
    assert "feuille lue : « Records » ; non lues : About, More" in printed
    assert "remplis : titre 100 %, auteurs 100 %, année 100 %, revue 0 %" in printed
