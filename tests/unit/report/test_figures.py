"""Saving figures."""

import math
import re
import struct

import numpy as np
import pytest
from PIL import Image
from pypdfium2 import PdfDocument

from casepool.model.errors import RenderError
from casepool.report.figures.canvas.saving import save_figure, save_pages
from casepool.report.figures.flow.diagram import flow_diagram
from casepool.report.figures.forest.pages import forest_figures


@pytest.fixture(scope="module")
def forest(results, study_counts, reports, protocol):
    return forest_figures(results, study_counts, reports, protocol, "fr", 40)


@pytest.fixture(scope="module")
def saved(forest, tmp_path_factory):
    folder = tmp_path_factory.mktemp("forest")
    save_figure(forest[0], folder / "forest", "fr")
    return folder


def test_two_builds_write_the_same_bytes(tmp_path, monkeypatch, saved, results, study_counts, reports, protocol):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    whole, _ = forest_figures(results, study_counts, reports, protocol, "fr", 40)
    again = save_figure(whole, tmp_path / "forest", "fr")
    assert len(again) == 8
    assert {one.name: one.read_bytes() for one in again} == {one.name: one.read_bytes() for one in saved.iterdir()}


def test_the_whole_plot_is_in_every_format_and_its_pages_stand_apart(tmp_path, saved, forest):
    shown = (saved / "forest.svg").read_text(encoding="utf-8")
    whole = [text for page in forest[1] for text in (one.get_text() for one in page.axes[0].texts) if "/" in text]
    assert len(forest[1]) > 1
    assert [text for text in whole if text not in shown] == []
    save_pages(forest[1], tmp_path, "forest", "fr")
    assert len(list(tmp_path.glob("forest_*.pdf"))) == len(forest[1])
    assert "page 1 sur" not in shown


def test_text_is_text_in_the_drawing_and_can_be_shown_without_its_font(saved):
    drawing = (saved / "forest.svg").read_text(encoding="utf-8")
    assert len(re.findall("<text", drawing)) > 50
    families = set(re.findall(r"font-family: ([^;\"]+)", drawing))
    assert families == {"'DejaVu Sans', Verdana, 'Segoe UI', Arial, sans-serif"}


def test_the_bare_figure_has_neither_title_nor_notes_and_its_caption_has_both(saved, forest):
    bare = (saved / "forest_untitled.svg").read_text(encoding="utf-8")
    caption = (saved / "forest_caption.txt").read_text(encoding="utf-8")
    title, notes = forest[0].heading, forest[0].remarks
    drawing = bare.partition("</desc>")[2]
    assert f">{title}<" not in drawing
    assert f">{title}<" in (saved / "forest.svg").read_text(encoding="utf-8").partition("</desc>")[2]
    assert caption.startswith(f"{title}. ")
    assert all(note in caption and note[:40] not in drawing for note in notes)
    heights = [float(re.search(r'height="([\d.]+)pt"', (saved / name).read_text(encoding="utf-8"))[1])
               for name in ("forest_untitled.svg", "forest.svg")]  # fmt: skip
    assert heights[0] < heights[1] - 50


def test_a_bare_figure_of_invented_data_keeps_its_mark(tmp_path, prisma_counts):
    save_figure(flow_diagram(prisma_counts, "en", synthetic=True), tmp_path / "flow", "en")
    assert "SYNTHETIC" in (tmp_path / "flow_untitled.svg").read_text(encoding="utf-8").partition("</desc>")[2]


def test_the_words_of_a_figure_hold_its_numbers(saved, results):
    told = (saved / "forest_alt.txt").read_text(encoding="utf-8")
    raw = results[(results["analysis"] == "raw") & (results["model"] == "exact") & results["value"].notna()]
    counts = {f"{int(row.n_response)}/{int(row.n_evaluable)}" for row in raw.itertuples()}
    assert counts
    assert {one for one in counts if one not in told} == set()


def test_the_pdf_is_cut_to_the_drawing_tagged_and_holds_its_fonts(saved):
    content = (saved / "forest.pdf").read_bytes()
    for sign in (b"FontFile2", b"StructTreeRoot", b"/Lang", b"/Alt"):
        assert sign in content
    assert b"CreationDate" not in content
    box = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", content)
    drawing = (saved / "forest.svg").read_text(encoding="utf-8")
    size = re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"', drawing)
    assert [float(one) for one in box.groups()] == pytest.approx([float(one) for one in size.groups()], abs=0.1)


def picture(path):
    """Return the pixels of a PNG, as a reader that checks its sums sees them."""
    with Image.open(path) as file:
        file.verify()
    return np.asarray(Image.open(path))


def seen_by_pdfium(path):
    """Return the pixels of the page of a PDF."""
    return PdfDocument(path.read_bytes())[0].render(scale=300 / 72 * (1 - 1e-6), rev_byteorder=True).to_numpy()


def test_the_png_is_a_picture_of_the_pdf(saved):
    """Each pixel is what another reader of PNG files sees, too."""
    pixels = picture(saved / "forest.png")
    assert (pixels == seen_by_pdfium(saved / "forest.pdf")).all()
    assert 0.01 < (pixels < 255).mean() < 0.5  # something is drawn, on white


def test_the_bare_png_is_a_part_of_the_whole_one_and_shows_its_own_pdf(saved):
    """The rows between title and notes; here and there an edge lies in the next of two pixels."""
    whole, bare = picture(saved / "forest.png"), picture(saved / "forest_untitled.png")
    drawing = (saved / "forest_untitled.svg").read_text(encoding="utf-8")
    top = float(re.search(r'viewBox="0 ([\d.]+) ', drawing)[1]) * 300 / 72
    assert 50 < round(top) == pytest.approx(top, abs=0.01)
    assert (bare == whole[round(top) : round(top) + len(bare)]).all()
    own = seen_by_pdfium(saved / "forest_untitled.pdf").astype(int)
    assert own.shape == bare.shape
    assert (np.abs(own - bare).max(axis=2) > 8).mean() < 0.005


def test_a_picture_of_whole_pixels_has_no_pixel_more(saved):
    """595.44 points are 2,481 pixels; to pypdfium2 5.15.2, which rounds up floats of 32 bits, they are 2,482."""
    drawing = (saved / "forest.svg").read_text(encoding="utf-8")
    size = [float(one) for one in re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"', drawing).groups()]
    with Image.open(saved / "forest.png") as picture:
        assert picture.size == tuple(math.ceil(round(one * 300 / 72, 3)) for one in size)
        assert picture.width == 2481


def test_the_png_says_that_it_has_300_dots_an_inch(saved):
    content = (saved / "forest.png").read_bytes()
    start = content.index(b"pHYs") + 4
    across, down, unit = struct.unpack(">IIB", content[start : start + 9])
    assert (round(across * 0.0254), round(down * 0.0254), unit) == (300, 300, 1)


def test_a_figure_with_notes_ends_where_matplotlib_finds_its_last_artist(forest, prisma_counts):
    whole = forest[0]
    assert whole.end_of_notes() == pytest.approx(whole.get_figheight() - whole.get_tightbbox().y0, abs=0.015)
    assert flow_diagram(prisma_counts, "en").end_of_notes() is None


def test_no_page_is_an_error(tmp_path):
    with pytest.raises(RenderError, match="no page to save"):
        save_pages([], tmp_path, "none", "en")
