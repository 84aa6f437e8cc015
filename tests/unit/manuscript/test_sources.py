"""LaTeX, Typst and Markdown take in what a build says; all records are SYNTHETIC."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typst
from small_build import SOURCES

from casepool.manuscript.kept import keep
from casepool.manuscript.pull import pull_document, start_document

MOVED = SOURCES | {"synthetic2021": ("itp", 14, 26)}
NAMED = {
    ".tex": r"\casepool{any_response.itp.raw} \casepool[count]{any_response.itp.raw} % \casepool{not.a.number}"
    "\n" + r"\casepoolsentence{answer}\casepooltable{response}\casepoolfigure[width=3cm]{forest}",
    ".typ": '#import "casepool/casepool.typ": *\n#casepool("any_response.itp.raw") '
    '#casepool("any_response.itp.raw", form: "count") // #casepool("not.a.number")\n'
    '#casepool-sentence("answer") #casepool-table("response") #casepool-figure("forest")',
    ".qmd": "{{< meta casepool.any_response.itp.raw.value >}} {{< meta casepool.any_response.itp.raw.count >}} "
    "<!-- {{< meta casepool.not.a.number.value >}} --> {{< meta casepool.sentences.answer >}}"
    "\n![](casepool/figures/forest.png)",
}
BESIDE = {
    ".tex": {"numbers.tex", "captions.tex", "tables/response.tex", "figures/forest.pdf"},
    ".typ": {"numbers.json", "casepool.typ", "tables/response.csv", "figures/forest.svg", "figures/forest_caption.txt"},
    ".qmd": {"numbers.yml", "figures/forest.png"},
}


def beside(source: Path) -> set[str]:
    """Return the files that lie in the folder of a source."""
    folder = source.parent / "casepool"
    return {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()} - {"pulled.json"}


def pulled(source: Path, root: Path, **choices):
    """Bring a source up to date and write what lies beside it."""
    done, language = pull_document(source, root, "fr", **choices)
    if not done.problems:
        done.write(source, language)
    return done


@pytest.fixture(params=list(NAMED))
def source(tmp_path, request):
    """Return a source of each kind."""
    path = tmp_path / "thesis" / f"thesis{request.param}"
    path.parent.mkdir()
    path.write_text(NAMED[request.param], encoding="utf-8")
    return path


def test_what_a_source_names_lies_beside_it_and_the_source_is_not_touched(source, built):
    """And no more than that: a thesis folder is not filled with what nobody asked for."""
    pulled(source, built())
    assert beside(source) == BESIDE[source.suffix]
    assert source.read_text(encoding="utf-8") == NAMED[source.suffix]


def test_a_second_pull_writes_nothing(source, built):
    """Every byte stays."""
    root = built()
    pulled(source, root)
    assert not pulled(source, root).files


def test_one_changed_response_is_listed_with_its_record(source, built):
    """From, to and because of whom; in the folder the new numbers."""
    root = built()
    pulled(source, root)
    keep(root)
    built(MOVED)
    changes = {one.place: (one.before, one.after, one.cause) for one in pulled(source, root).changes}
    assert changes["number:any_response.itp.raw:count"] == ("14/27", "15/27", "synthetic2021 (modifié)")
    assert "number:not.a.number" not in changes


def test_a_file_beside_the_source_that_was_changed_by_hand_stays(source, built):
    """Unless it is asked for."""
    root = built()
    pulled(source, root)
    edited = source.parent / "casepool" / next(one for one in BESIDE[source.suffix] if one.startswith("numbers"))
    edited.write_text("mine", encoding="utf-8")
    built(MOVED)
    assert edited.name in "\n".join(pulled(source, root).lines("fr"))
    assert edited.read_text(encoding="utf-8") == "mine"
    pulled(source, root, force=True)
    assert edited.read_text(encoding="utf-8") != "mine"


def test_an_unknown_name_stops_everything_and_the_nearest_is_named(source, built):
    """Nothing lies beside the source then."""
    source.write_text(source.read_text(encoding="utf-8").replace("itp", "ipt"), encoding="utf-8")
    done = pulled(source, built())
    assert "any_response.itp.raw" in "\n".join(done.lines("fr"))
    assert beside(source) == set()


def test_a_chapter_in_its_own_file_is_followed(tmp_path, built):
    """A thesis is rarely one file."""
    source, chapter = tmp_path / "main.tex", tmp_path / "results.tex"
    source.write_text(r"\input{results}", encoding="utf-8")
    chapter.write_text(r"\casepool{any_response.sle.raw}", encoding="utf-8")
    assert [one.place for one in pulled(source, built()).changes] == ["number:any_response.sle.raw"]


@pytest.mark.parametrize("ending", [".tex", ".typ", ".qmd"])
def test_the_first_chapter_of_a_source_holds_no_digit_of_its_own(tmp_path, built, ending):
    """Names of numbers and what LaTeX asks for a page left out."""
    source = tmp_path / f"chapter{ending}"
    start_document(source, built(), "fr")
    words = source.read_text(encoding="utf-8").partition(r"\begin{document}")
    body = re.sub(r"\\\w+(\[[^]]*\])?(\{[^}]*\})?|#[\w-]+\([^)]*\)+|\{\{<.*?>\}\}", "", words[2] or words[0])
    assert "au traitement" in source.read_text(encoding="utf-8")
    assert re.findall(r"\d", body) == []


def test_typst_prints_the_numbers_and_names_the_nearest_of_an_unknown_one(tmp_path, built):
    """The real compiler; its table is read from the file beside."""
    source, root = tmp_path / "thesis.typ", built()
    source.write_text('#import "casepool/casepool.typ": *\n#casepool("any_response.itp.raw", form: "full")', "utf-8")
    pulled(source, root)
    assert typst.query(str(source), "<none>") == "[]"
    source.write_text(source.read_text(encoding="utf-8").replace("itp.raw", "itp.rwa"), encoding="utf-8")
    with pytest.raises(typst.TypstError, match="no number") as stopped:
        typst.compile(str(source))
    assert "Nearest: any_response.itp.raw" in str(stopped.value)
