"""``casepool dedupe``: any exports, each publication once; every record here is SYNTHETIC."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from typer.testing import CliRunner

from casepool.cli.main import app
from casepool.model.errors import FileError
from casepool.search.dedupe import dedupe

SUPPLEMENT = (
    ("a", "Daratumumab in refractory systemic lupus erythematosus: a case series", "Martin, Paul", "1001"),
    ("b", "Daratumumab in refractory immune thrombocytopenia: a case series", "Petit, Quentin", "2044"),
    ("c", "Anti-CD38 in CAPS", "Roux, Ines", "3077"),
)
TITLE = "Daratumumab in refractory pemphigus of invented adults"
HEADER = "ID,title,authors,year,journal,volume,number,pages,doi\n"


def ris(key, title, author="Martin, Paul", page="", more=""):
    """Return an entry of an invented RIS export."""
    told = f"TY  - JOUR\nID  - {key}\nTI  - {title}\nAU  - {author}\nPY  - 2020\nJO  - J Inv\n"
    return told + (f"SP  - {page}\n" if page else "") + f"{more}ER  -\n"


def written(folder, **files):
    """Write files, named by their stem and suffix, and return their paths."""
    paths = []
    for name, content in files.items():
        paths.append(folder / name.replace("_", "."))
        paths[-1].write_text(content, encoding="utf-8")
    return paths


def test_three_abstracts_of_one_supplement_stay_three(tmp_path):
    """They share a DOI; nobody has to look at pairs that differ in title, author and page."""
    entries = "".join(ris(*one, more="DO  - 10.1000/supplement\n") for one in SUPPLEMENT)
    done = dedupe(written(tmp_path, congress_ris=entries))
    assert (len(done.records), len(done.merges), len(done.pairs)) == (3, 0, 0)


@pytest.mark.parametrize("ends", [(". Part I", ". Part II"), (": 12-month results", ": 24-month results")])
def test_parts_and_time_points_stay_two_and_are_shown_as_one_study(tmp_path, ends):
    """A follow-up is another publication of the same patients."""
    entries = "".join(ris(key, TITLE + end) for key, end in zip("ab", ends, strict=True))
    done = dedupe(written(tmp_path, parts_ris=entries))
    assert done.records["record_id"].tolist() == ["ris:a", "ris:b"]
    assert done.pairs[["record_a", "record_b", "suspicion"]].to_numpy().tolist() == [["ris:a", "ris:b", "study"]]
    assert "numbers in the titles" in done.pairs["why"][0]


def test_the_same_export_again_adds_nothing(tmp_path):
    """Under another name, and with entries that say very little."""
    rows = f"{HEADER}1,{TITLE},Martin P,2020,J Inv,1,2,3-9,\n2,Reply,,2020,J Inv,,,,\n3,Reply,,2020,J Inv,,,,\n"
    once = dedupe(written(tmp_path, first_csv=rows))
    twice = dedupe(written(tmp_path, first_csv=rows, again_csv=rows))
    assert once.records["title"].tolist() == twice.records["title"].tolist() == [TITLE, "Reply", "Reply"]
    assert set(twice.merges["why"]) == {"the same entry again"}


def test_ids_are_those_of_the_column_id(tmp_path):
    """What a reader knows them by; the merged one names the kept one, and why."""
    rows = f'{HEADER}id_1,{TITLE},Martin P,2020,J Inv,1,2,3-9,\nid_2,{TITLE}.,"Martin, Paul",2020,,1,2,3-9,\n'
    done = dedupe(written(tmp_path, table_csv=rows))
    assert done.merges.to_numpy().tolist() == [
        ["id_2", "id_1", "the same: title, first author, year, volume, issue, first page"]
    ]
    assert done.records[["record_id", "also_as"]].to_numpy().tolist() == [["id_1", "id_2"]]


def test_an_id_of_two_publications_is_kept_apart_and_named(tmp_path):
    """Keys such as author and year stand in many files."""
    files = written(
        tmp_path, a_ris=ris("k1", TITLE), b_ris=ris("k1", "Another title of an invented report", "Petit, Q")
    )
    done = dedupe(files)
    assert sorted(done.records["record_id"]) == ["ris:k1", "ris:k1-2"]
    assert [note.id for note in done.notes] == ["id_of_two", "deduplicated", "pairs_to_look_at"]


def test_a_pair_is_not_joined_through_a_third_that_only_one_of_them_fits(tmp_path):
    """Issue 1 and issue 4 of one column, and a record that names no issue: it goes to one, and the doubt is told."""
    rows = "".join(
        f"{n},Clinical conundrums of invented patients,Martin P,2020,J Inv,9,{n},,\n" for n in ("1", "", "4")
    )
    done = dedupe(written(tmp_path, column_csv=HEADER + rows))
    assert len(done.records) == 2
    assert len(done.pairs) == 1
    assert done.pairs["suspicion"].tolist() == ["duplicate"]


def test_every_file_that_cannot_be_read_is_named(tmp_path):
    """All at once."""
    files = written(tmp_path, a_ris="no export\n", b_csv="x,y\n1,2\n")
    with pytest.raises(FileError, match=r"(?s)a\.ris.*b\.csv"):
        dedupe(files)


def test_the_command_writes_three_tables_in_the_language_asked_for(tmp_path):
    """Reasons in French for a French reader."""
    rows = f"{HEADER}1,{TITLE},Martin P,2020,J Inv,1,2,3-9,\n2,{TITLE}.,Martin P,2020,J Inv,1,2,3-9,\n"
    files = written(tmp_path, table_csv=rows)
    done = CliRunner().invoke(app, ["dedupe", str(files[0]), "--out", str(tmp_path / "out"), "--lang", "fr"])
    assert done.exit_code == 0, done.output
    assert "références lues : 2 ; publications : 1 ; fusionnées avec une autre : 1" in done.output
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (tmp_path / "out").iterdir()}
    tables = {name: list(csv.DictReader(io.StringIO(content))) for name, content in texts.items()}
    assert sorted(tables) == ["merges", "pairs", "records"]
    assert tables["merges"][0]["why"].startswith("identique : titre, premier auteur, année")


def test_folders_and_archives_are_taken_and_what_cannot_be_read_is_named_with_its_archive(tmp_path):
    """An archive in an archive too; the files are those that they hold."""
    folder = tmp_path / "exports"
    (folder / "sub").mkdir(parents=True)
    written(folder / "sub", one_ris=ris("k1", TITLE, page="3"))
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("three.ris", ris("k3", "Another title of an invented report", "Petit, Q"))
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.writestr("two.ris", ris("k2", f"{TITLE}.", page="3"))
        archive.writestr("inner.zip", inner.getvalue())
    done = dedupe([folder])
    assert done.records["record_id"].tolist() == ["ris:k1", "ris:k3"]
    with zipfile.ZipFile(folder / "more.zip", "a") as archive:
        archive.writestr("ids.txt", "99999901\n99999902\n")
    with pytest.raises(FileError, match=r"exports/more\.zip/ids\.txt: this is a list of ids"):
        dedupe([folder])


def test_no_file_at_all_is_said(tmp_path):
    """An empty folder makes no empty tables."""
    with pytest.raises(FileError, match="no file was found"):
        dedupe([tmp_path])
