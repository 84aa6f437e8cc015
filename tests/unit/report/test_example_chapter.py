"""docs/examples/thesis: a French chapter of results in Word and LaTeX in which not one number is typed."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from pathlib import Path

import docx
import invented
import pytest
import small_build
import typst
import yaml

from casepool.manuscript.build import load_build
from casepool.manuscript.chapter import chapter_bytes
from casepool.manuscript.kept import keep
from casepool.manuscript.pull import pull_document, start_document
from casepool.manuscript.pulled import Pulled
from casepool.manuscript.word.controls import text_of
from casepool.manuscript.word.package import W
from casepool.report.files import figure_stem, table_stem
from casepool.report.numbers.document import numbers_document
from casepool.report.page.facts import Facts
from casepool.report.results_json import BuildMeta, results_document
from casepool.report.tables.display import DisplayColumn, DisplayTable
from casepool.report.tables.writers import csv_text
from casepool.report.words.catalogue import load_catalogue

META = BuildMeta(version="0.1.0", snapshot="2026-11-22", protocol="daratumumab_autoimmune")
EXAMPLES = invented.ROOT / "docs" / "examples" / "thesis"
CHAPTERS = ("results_fr.docx", "results_fr.tex")


@pytest.fixture
def build(tmp_path, frames, counts, prisma_counts, study_counts, protocol):
    """Return a maker of the results of a project: once more where a response is otherwise."""
    root = tmp_path / "project"
    shutil.copytree(invented.ROOT / "config", root / "config")

    def make(x: int | None = None) -> Path:
        results, unique = frames["results"].copy(), frames["unique_patients"].copy()
        if x is not None:
            row = results["name"] == "any_response.overall.raw.exact"
            results.loc[row, ["n_response", "value"]] = [x, x / results.loc[row, "n_evaluable"].iloc[0]]
            first = unique.index[unique["counted"] == "yes"][0]
            unique.loc[first, "n_response"] = 1
        checks = {**frames, "results": results, "unique_patients": unique}
        facts = Facts(
            results, counts, study_counts, prisma_counts, protocol, META, load_catalogue("fr"), checks, "stored"
        )
        document = results_document(results, counts, unique, META)
        small_build.write_manuscript(root / "results" / "manuscript" / "fr", numbers_document(facts))
        (root / "results" / "results.json").write_text(json.dumps(document), encoding="utf-8")
        (root / "results" / "provenance").mkdir(exist_ok=True)
        manifest = {"casepool": "0", "commit": "", "configuration": {}, "code": {}, "inputs": {"data": str(x)}}
        (root / "results" / "provenance" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        return root

    return make


def text_part(content: bytes) -> bytes:
    """Return the text of a Word file: its looks are those of the tables, which have tests of their own."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("word/document.xml")


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_chapter_is_the_one_that_the_program_writes(name, build):
    """`casepool pull --start` on the shipped project makes the same."""
    made = chapter_bytes(Path(name).suffix, load_build(build(), "fr"))
    shipped = (EXAMPLES / name).read_bytes()
    if name.endswith(".docx"):
        assert text_part(made) == text_part(shipped)
    else:
        assert made == shipped


def test_not_one_number_is_typed_in_word():
    """Digits stand in names alone; what is printed comes from controls and fields."""
    document = docx.Document(EXAMPLES / "results_fr.docx")
    held = [*document.element.body.iter(f"{W}sdt"), *document.element.body.iter(f"{W}fldSimple")]
    assert len(held) > 15
    for one in held:
        one.getparent().remove(one)
    words = text_of(document.element.body)
    assert len(words) > 300
    assert re.findall(r"\d", words) == []


def test_not_one_number_is_typed_in_latex():
    """The size of type and the margins of the preamble left out."""
    body = (EXAMPLES / "results_fr.tex").read_text(encoding="utf-8").partition(r"\begin{document}")[2]
    assert body.count(r"\casepool") > 15
    assert re.findall(r"\d", re.sub(r"\\\w+(\[[^]]*\])?(\{[^}]*\})?", "", body)) == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_one_changed_response_renews_the_chapter_and_lists_exactly_what_moved(name, build, tmp_path):
    """And a second pull changes nothing: every byte stays."""
    root, chapter = build(), tmp_path / name
    shutil.copy(EXAMPLES / name, chapter)
    first, language = pull_document(chapter, root, "fr")
    assert not first.problems
    first.write(chapter, language)
    keep(root)
    before = int(root_number(root)["value"] * 100)
    build(x=40)
    second, language = pull_document(chapter, root, "fr")
    second.write(chapter, language)
    moved = {one.place.removeprefix("casepool:") for one in second.changes}
    assert {
        "number:any_response.overall.raw:events",
        "number:any_response.overall.raw:full",
        "sentence:answer",
        "table:response",
    } == moved
    assert all(one.cause for one in second.changes)
    assert int(root_number(root)["value"] * 100) != before
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and root not in path.parents}
    third, language = pull_document(chapter, root, "fr")
    assert third.write(chapter, language) == []
    assert files == {path: path.read_bytes() for path in files}


def root_number(root: Path) -> dict[str, float]:
    """Return the raw rate of all patients."""
    path = root / "results" / "manuscript" / "fr" / "numbers.json"
    return json.loads(path.read_text(encoding="utf-8"))["numbers"]["any_response.overall.raw"]


def with_files(root: Path) -> Path:
    """Put a drawing and a table that a compiler can read into a build."""
    place = root / "results" / "manuscript" / "fr"
    numbers = json.loads((place / "numbers.json").read_text(encoding="utf-8"))
    columns = tuple(DisplayColumn(key, key) for key in ("Maladie", "x/n", "Taux"))
    table = DisplayTable("response", "SYNTHETIC", columns, small_build.rows_of(numbers), language="fr")
    (place / "tables" / f"{table_stem('response')}.csv").write_text(csv_text(table), encoding="utf-8")
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'
    (place / "figures" / f"{figure_stem('forest')}_untitled.svg").write_text(drawing, encoding="utf-8")
    return root


def pulled(source: Path, root: Path) -> tuple[Pulled, list[Path]]:
    """Bring a chapter up to date; return what was found and which files were written."""
    done, language = pull_document(source, root, "fr")
    return done, done.write(source, language)


def moved_by_one_response(source: Path, build) -> set[str]:
    """Return what a pull renews after one response changed: beside the chapter, and nothing the second time."""
    root = with_files(build())
    start_document(source, root, "fr")
    pulled(source, root)
    keep(root)
    words = source.read_bytes()
    done, _ = pulled(source, with_files(build(x=40)))
    assert all(one.cause for one in done.changes)
    assert pulled(source, root)[1] == []
    assert source.read_bytes() == words
    return {one.place for one in done.changes}


def test_the_typst_chapter_compiles_and_follows_one_response(build, tmp_path):
    """The real compiler: numbers from the JSON, the table from the French CSV, the figure from the drawing."""
    source = tmp_path / "chapter.typ"
    assert moved_by_one_response(source, build) == {
        "number:any_response.overall.raw:events",
        "number:any_response.overall.raw:full",
        "sentence:answer",
        "table:response",
    }
    shown = json.dumps(json.loads(typst.query(str(source), "table")), ensure_ascii=False)
    assert "Maladie" in shown
    assert f"40 sur {root_number(tmp_path / 'project')['forms']['patients']}" in shown
    assert len(json.loads(typst.query(str(source), "figure.where(kind: table)"))) == 1
    assert typst.compile(str(source), format="pdf").startswith(b"%PDF")


def test_every_name_of_the_quarto_chapter_stands_in_the_metadata_beside_it_and_follows_one_response(build, tmp_path):
    """Quarto prints what stands under a name; here the file that it reads is read."""
    source = tmp_path / "chapter.qmd"
    assert moved_by_one_response(source, build) == {
        "number:any_response.overall.raw:events",
        "number:any_response.overall.raw:full",
        "sentence:answer",
    }
    text = source.read_text(encoding="utf-8")
    (beside,) = re.findall(r"metadata-files: \[(.+)\]", text)
    told = yaml.safe_load((source.parent / beside).read_text(encoding="utf-8"))
    values = {}
    for name in re.findall(r"\{\{< meta ([\w.]+) >\}\}", text):
        values[name] = told
        for part in name.split("."):
            values[name] = values[name][part]
    assert len(values) > 12
    assert all(isinstance(one, str) and one for one in values.values())
    assert values["casepool.any_response.overall.raw.events"] == "40"
    assert all((source.parent / one).is_file() for one in re.findall(r"!\[\]\((.+?)\)", text))
