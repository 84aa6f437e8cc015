"""Word documents whose controls follow the results. All documents are made here; all records are SYNTHETIC."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from small_build import SOURCES, png

from casepool.manuscript.kept import keep
from casepool.manuscript.pull import pull_document, start_document
from casepool.manuscript.pulled import Pulled
from casepool.manuscript.word.controls import controls_in, text_of
from casepool.manuscript.word.package import Package, W
from casepool.model.errors import FileError
from casepool.model.message import text

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
RAW = "number:any_response.overall.raw"
MOVED = SOURCES | {"synthetic2021": ("itp", 14, 26)}


def sdt(tag: str, content: str, properties: str = ""):
    """Return a content control."""
    return parse_xml(
        f'<w:sdt {SPACES}><w:sdtPr><w:tag w:val="casepool:{tag}"/>{properties}</w:sdtPr>'
        f"<w:sdtContent>{content}</w:sdtContent></w:sdt>"
    )


def run(words: str = "", look: str = "") -> str:
    """Return a run."""
    return f"<w:r><w:rPr>{look}</w:rPr><w:t>{words}</w:t></w:r>"


def paragraph(words: str = "") -> str:
    """Return a paragraph."""
    return f"<w:p>{run(words)}</w:p>"


def inline(document, tag: str, content: str = "", properties: str = ""):
    """Add a paragraph with words, a control and words."""
    made = document.add_paragraph("before ")
    made._p.append(sdt(tag, content, properties))
    made.add_run(" after")
    return made


def block(document, tag: str, content: str = ""):
    """Add a control among the paragraphs."""
    document.element.body.insert(len(document.element.body) - 1, sdt(tag, content or paragraph()))


def pulled(path: Path, root: Path, **choices) -> Pulled:
    """Bring a document up to date and write it."""
    done, language = pull_document(path, root, "fr", **choices)
    assert language == "fr"
    if not done.problems:
        done.write(path, language)
    return done


def texts(path: Path) -> dict[str, list[str]]:
    """Return tag → text of each control with it."""
    found: dict[str, list[str]] = {}
    for one in controls_in(Package(path.read_bytes(), path.name)):
        found.setdefault(one.tag.removeprefix("casepool:"), []).append(one.text)
    return found


def said(done: Pulled) -> str:
    """Return everything that is said, in French."""
    return "\n".join(done.lines("fr"))


@pytest.fixture
def thesis(tmp_path: Path) -> Path:
    """Return where a thesis lies."""
    return tmp_path / "thesis.docx"


def test_numbers_follow_the_build_and_nothing_else_moves(thesis, built):
    """In text, table, header, footer and footnote-like parts; the words around stay, and so do the looks."""
    root, document = built(), docx.Document()
    inline(document, RAW, run("", "<w:b/><w:color w:val='FF0000'/>"))
    inline(document, f"{RAW}:full")
    document.add_table(1, 1).cell(0, 0).paragraphs[0]._p.append(sdt(f"{RAW}:count", run()))
    document.sections[0].header.paragraphs[0]._p.append(sdt(f"{RAW}:patients", run()))
    document.sections[0].footer.paragraphs[0]._p.append(sdt(f"{RAW}:events", run()))
    document.save(thesis)
    assert len(pulled(thesis, root).changes) == 5
    assert texts(thesis) == {
        RAW: ["62\u00a0%"],
        f"{RAW}:full": ["62\u00a0% (IC\u00a0à\u00a095\u00a0%\u00a0: 45–78)"],
        f"{RAW}:count": ["23/37"],
        f"{RAW}:patients": ["37"],
        f"{RAW}:events": ["23"],
    }
    first = docx.Document(thesis).paragraphs[0]._p
    assert text_of(first) == "before 62\u00a0% after"
    assert [one.tag.removeprefix(W) for one in next(first.iter(f"{W}sdt")).iter(f"{W}b", f"{W}color")] == ["b", "color"]


def test_a_second_pull_leaves_every_byte(thesis, built):
    """A thesis under version control shows no change where there is none."""
    root = built()
    start_document(thesis, root, "fr")
    assert pulled(thesis, root).changes
    before = thesis.read_bytes()
    assert not pulled(thesis, root).files
    assert thesis.read_bytes() == before


def test_one_changed_response_changes_what_it_moves_and_names_the_record(thesis, built):
    """The other numbers, the other source and the text stay; the former document is kept."""
    root, document = built(), docx.Document()
    for disease in ("itp", "sle", "overall"):
        inline(document, f"number:any_response.{disease}.raw:count")
    document.save(thesis)
    pulled(thesis, root)
    keep(root)
    former = thesis.read_bytes()
    built(MOVED)
    done = pulled(thesis, root)
    assert [(one.place.split(".")[1], one.before, one.after, one.cause) for one in done.changes] == [
        ("itp", "14/27", "15/27", "synthetic2021 (modifié)"),
        ("overall", "23/37", "24/37", "synthetic2021 (modifié)"),
    ]
    assert (thesis.parent / "thesis.before.docx").read_bytes() == former
    listed = (thesis.parent / "thesis.changes.csv").read_text(encoding="utf-8-sig").splitlines()
    assert listed[0] == "nombre,de,à,à cause de"
    assert len(listed) == 3


def test_a_text_that_the_author_typed_stays_and_is_told(thesis, built):
    """Only --force takes it; the other place with the same number is renewed."""
    root, document = built(), docx.Document()
    inline(document, RAW)
    inline(document, RAW)
    document.save(thesis)
    pulled(thesis, root)
    document = docx.Document(thesis)
    typed = next(document.element.body.iter(f"{W}sdt"))
    next(typed.iter(f"{W}t")).text = "about two thirds"
    document.save(thesis)
    built(MOVED)
    done = pulled(thesis, root)
    assert texts(thesis)[RAW] == ["about two thirds", "65\u00a0%"]
    assert "« about two thirds »" in said(done).replace("\u00a0", " ")
    assert done.n_kept == 1
    pulled(thesis, root, force=True)
    assert texts(thesis)[RAW] == ["65\u00a0%", "65\u00a0%"]


def test_a_footnote_or_field_inside_a_control_is_not_lost(thesis, built):
    """The text is ours, what hangs on it is not."""
    root, document = built(), docx.Document()
    inline(document, RAW)
    document.save(thesis)
    pulled(thesis, root)
    document = docx.Document(thesis)
    content = next(document.element.body.iter(f"{W}sdtContent"))
    content.append(parse_xml(f'<w:r {SPACES}><w:footnoteReference w:id="1"/></w:r>'))
    document.save(thesis)
    built(MOVED)
    assert pulled(thesis, root).n_kept == 1
    assert "footnoteReference" in docx.Document(thesis).element.xml


@pytest.mark.parametrize(
    ("tag", "told"),
    [
        ("number:any_response.ipt.raw", "any_response.itp.raw"),
        ("number:any_response.itp.raw:persons", "patients"),
        ("sentence:answr", "answer"),
        ("table:respons", "response"),
        ("figure:forst", "forest"),
        ("numbers:any_response.itp.raw", "casepool:number:NOM"),
    ],
)
def test_a_name_that_is_not_known_is_told_with_the_nearest_and_nothing_is_written(thesis, built, tag, told):
    """All of them at once; a half renewed thesis would be worse than an old one."""
    root, document = built(), docx.Document()
    inline(document, tag)
    inline(document, "number:nobody.knows.this")
    inline(document, RAW)
    document.save(thesis)
    before = thesis.read_bytes()
    done = pulled(thesis, root)
    assert told in said(done)
    assert "number:nobody.knows.this" in said(done)
    assert thesis.read_bytes() == before


def test_controls_in_text_boxes_and_tracked_changes_are_filled_and_deleted_ones_left(thesis, built):
    """Word writes a text box twice: for itself and for its forerunners."""
    root, document = built(), docx.Document()
    box = f"<w:txbxContent><w:p>{_sdt_text(RAW)}</w:p></w:txbxContent>"
    made = document.add_paragraph()
    made._p.append(
        parse_xml(
            f"<w:r {SPACES}><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx>"
            f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r>"
        )
    )
    made = document.add_paragraph()
    made._p.append(parse_xml(f'<w:ins {SPACES} w:id="5" w:author="a">{_sdt_text(f"{RAW}:count")}</w:ins>'))
    made._p.append(parse_xml(f'<w:del {SPACES} w:id="6" w:author="a">{_sdt_text(f"{RAW}:events")}</w:del>'))
    document.save(thesis)
    pulled(thesis, root)
    assert texts(thesis) == {RAW: ["62\u00a0%"] * 2, f"{RAW}:count": ["23/37"]}


def _sdt_text(tag: str) -> str:
    return f'<w:sdt><w:sdtPr><w:tag w:val="casepool:{tag}"/></w:sdtPr><w:sdtContent>{run()}</w:sdtContent></w:sdt>'


def test_a_tracked_insertion_inside_a_control_is_the_author_s_and_stays(thesis, built):
    """What was typed there with changes tracked must not vanish."""
    root, document = built(), docx.Document()
    inline(document, RAW)
    document.save(thesis)
    pulled(thesis, root)
    document = docx.Document(thesis)
    content = next(document.element.body.iter(f"{W}sdtContent"))
    content.append(parse_xml(f'<w:ins {SPACES} w:id="7" w:author="a">{run(" (sic)")}</w:ins>'))
    document.save(thesis)
    built(MOVED)
    pulled(thesis, root)
    assert texts(thesis)[RAW] == ["62\u00a0% (sic)"]


def test_a_sentence_has_as_many_paragraphs_as_the_build_says_in_the_author_s_style(thesis, built):
    """In a block; inside a line its paragraphs follow each other."""
    root, document = built(), docx.Document()
    block(document, "sentence:answer", f'<w:p><w:pPr><w:pStyle w:val="Quote"/></w:pPr>{run()}</w:p>')
    inline(document, "sentence:answer")
    document.save(thesis)
    pulled(thesis, root)
    first, second = texts(thesis)["sentence:answer"]
    assert first.splitlines()[1] == second.partition(". ")[2] == "Patients : 37."
    styles = docx.Document(thesis).element.body.iter(f"{W}pStyle")
    assert [one.get(f"{W}val") for one in styles] == ["Quote", "Quote"]


def test_a_table_comes_with_its_styles_and_later_keeps_those_of_the_author(thesis, built):
    """A restyled table is refilled cell by cell; rows come and go."""
    root, document = built(), docx.Document()
    block(document, "table:response")
    document.save(thesis)
    pulled(thesis, root)
    document = docx.Document(thesis)
    (table,) = list(document.element.body.iter(f"{W}tbl"))
    for look in list(table.iter(f"{W}jc")):
        look.set(f"{W}val", "center")
    table.find(f"{W}tblPr").insert(0, parse_xml(f'<w:tblStyle {SPACES} w:val="LightShading"/>'))
    document.save(thesis)
    n_rows = len(list(table.iter(f"{W}tr")))
    built(MOVED | {"synthetic2023": ("waiha", 1, 2)})
    (change,) = pulled(thesis, root).changes
    assert (change.place, change.before, change.after) == ("casepool:table:response", "", "")
    (table,) = list(docx.Document(thesis).element.body.iter(f"{W}tbl"))
    assert len(list(table.iter(f"{W}tr"))) == n_rows + 1
    assert table.find(f"{W}tblPr/{W}tblStyle").get(f"{W}val") == "LightShading"
    assert "1/2" in text_of(table)
    assert "SYNTHETIC note" in texts(thesis)["table:response"][0]


def test_a_table_takes_the_place_of_a_paragraph_that_only_holds_its_control_and_never_of_words(thesis, built):
    """Word makes such a control where the cursor stands in an empty line."""
    root, document = built(), docx.Document()
    document.add_paragraph()._p.append(sdt("table:response", run()))
    inline(document, "table:response")
    document.save(thesis)
    done = pulled(thesis, root)
    assert done.n_kept == 1
    (table,) = list(docx.Document(thesis).element.body.iter(f"{W}tbl"))
    assert table.getparent().tag == f"{W}sdtContent"
    assert table.getparent().getparent().getparent().tag == f"{W}body"
    assert not pulled(thesis, root).files


def test_a_figure_keeps_the_author_s_width_and_its_own_shape(thesis, built):
    """The picture that is not shown any more leaves the file."""
    root, document = built(), docx.Document()
    block(document, "figure:forest")
    document.save(thesis)
    pulled(thesis, root)
    document = docx.Document(thesis)
    (extent,) = [one for one in document.element.body.iter() if one.tag.endswith("}extent")]
    assert int(extent.get("cy")) * 2 == int(extent.get("cx"))
    extent.set("cx", "1000000")
    document.save(thesis)
    built(MOVED, shade=200)
    pulled(thesis, root)
    document = docx.Document(thesis)
    (extent,) = [one for one in document.element.body.iter() if one.tag.endswith("}extent")]
    assert (extent.get("cx"), extent.get("cy")) == ("1000000", "500000")
    with zipfile.ZipFile(thesis) as archive:
        pictures = [archive.read(name) for name in archive.namelist() if name.startswith("word/media/")]
    assert pictures == [png(200)]


def test_a_title_stands_in_for_a_tag_that_a_word_processor_dropped(thesis, built):
    """LibreOffice 7.4 (Debian 12) keeps the title of a control and drops its tag; the next pull gives it back."""
    root, document = built(), docx.Document()
    inline(document, RAW)
    document.save(thesis)
    pulled(thesis, root)
    document = docx.Document(thesis)
    for tag in list(document.element.body.iter(f"{W}tag")):
        tag.getparent().remove(tag)
    document.save(thesis)
    built(MOVED)
    pulled(thesis, root)
    assert texts(thesis)[RAW] == ["65\u00a0%"]
    assert [one.get(f"{W}val") for one in docx.Document(thesis).element.body.iter(f"{W}tag")] == [f"casepool:{RAW}"]


def test_a_place_that_was_filled_and_is_gone_is_told(thesis, built):
    """Deleted by its author, or lost by a word processor: the author must know which."""
    root, document = built(), docx.Document()
    inline(document, RAW)
    inline(document, f"{RAW}:count")
    document.save(thesis)
    pulled(thesis, root)
    document = docx.Document(thesis)
    first = next(document.element.body.iter(f"{W}sdt"))
    first.getparent().remove(first)
    document.save(thesis)
    assert f"casepool:{RAW}" in said(pulled(thesis, root))
    assert f"casepool:{RAW}." not in said(pulled(thesis, root))


def test_a_control_that_shrank_to_its_first_line_is_left_alone(thesis, built):
    """LibreOffice 7.4 shrinks a control around a table to the first cell: to fill it anew would double the table."""
    root, document = built(), docx.Document()
    block(document, "sentence:answer")
    document.save(thesis)
    pulled(thesis, root)
    document = docx.Document(thesis)
    content = next(document.element.body.iter(f"{W}sdtContent"))
    last = content[-1]
    content.getparent().addnext(last)
    document.save(thesis)
    built(MOVED)
    before = texts(thesis)
    assert "LibreOffice" in said(pulled(thesis, root))
    assert texts(thesis) == before


def test_a_number_without_a_value_is_told_so_that_the_sentence_can_be_read_again(thesis, built):
    """Words stand in its place, never a dash."""
    root, document = built(), docx.Document()
    inline(document, "number:any_response.sle.own")
    inline(document, "number:any_response.sle.own:both")
    document.save(thesis)
    done = pulled(thesis, root)
    assert texts(thesis) == {
        "number:any_response.sle.own": ["non estimé"],
        "number:any_response.sle.own:both": ["20–90\u00a0%"],
    }
    assert "aucune source ne rapporte tous ses patients" in said(done)


def test_a_bookmark_or_comment_in_a_control_outlives_its_text(thesis, built):
    """Cross-references of the author still lead somewhere."""
    root, document = built(), docx.Document()
    marks = '<w:bookmarkStart w:id="3" w:name="mine"/>{}<w:bookmarkEnd w:id="3"/>'
    inline(document, RAW, marks.format(run()))
    document.save(thesis)
    pulled(thesis, root)
    content = next(docx.Document(thesis).element.body.iter(f"{W}sdtContent"))
    assert [one.tag.removeprefix(W) for one in content] == ["bookmarkStart", "r", "bookmarkEnd"]


@pytest.mark.parametrize("mark", ["~$esis.docx", ".~lock.thesis.docx#"])
def test_a_document_that_is_open_is_not_written(thesis, built, mark):
    """Saving it there would undo what is written here."""
    root = built()
    start_document(thesis, root, "fr")
    (thesis.parent / mark).touch()
    with pytest.raises(FileError, match="is open in a word processor"):
        pull_document(thesis, root, "fr")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"\xd0\xcf\x11\xe0 an old .doc"])
def test_what_is_no_word_file_is_refused_by_name(thesis, built, content):
    """Renamed, cut or locked by a password."""
    thesis.write_bytes(content)
    with pytest.raises(FileError, match="expected a Word document"):
        pull_document(thesis, built(), "fr")


def test_the_first_chapter_holds_no_digit_that_is_not_of_the_build(thesis, built):
    """Nothing is typed: all numbers stand in controls or fields."""
    start_document(thesis, built(), "fr")
    document = docx.Document(thesis)
    for held in [*document.element.body.iter(f"{W}sdt"), *document.element.body.iter(f"{W}fldSimple")]:
        held.getparent().remove(held)
    words = text_of(document.element.body)
    assert "Réponse au traitement" in words
    assert re.findall(r"\d", words) == []


def test_a_first_chapter_is_never_written_over_a_file(thesis, built):
    """Weeks of work may be in it."""
    thesis.write_bytes(b"mine")
    with pytest.raises(FileError) as refused:
        start_document(thesis, built(), "fr")
    assert "thesis.docx" in text(refused.value.message, "fr")
    assert thesis.read_bytes() == b"mine"
