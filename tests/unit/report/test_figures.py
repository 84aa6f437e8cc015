"""Saving figures."""

import pytest

from casepool.model.errors import RenderError
from casepool.report.figures.canvas.saving import save_figure, save_pages
from casepool.report.figures.flow.diagram import flow_diagram
from casepool.report.figures.forest.pages import forest_pages


def test_two_builds_write_the_same_bytes(tmp_path, monkeypatch, results, study_counts, reports, protocol):
    written = []
    for name, epoch in (("a", "0"), ("b", "1700000000")):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
        pages = forest_pages(results, study_counts, reports, protocol, "fr", 40)
        paths = save_pages(pages, tmp_path / name / "forest")
        written.append({path.name: path.read_bytes() for path in paths})
    assert written[0] == written[1]


def test_pages_are_written_beside_the_first_or_into_a_folder(tmp_path, prisma_counts):
    pages = [flow_diagram(prisma_counts, language) for language in ("en", "fr")]
    names = sorted(path.name for path in save_pages(pages, tmp_path / "flow"))
    assert names == ["flow.pdf", "flow.png", "flow.svg", "flow_page2.png", "flow_page2.svg"]
    save_pages(pages, tmp_path / "other", folder=tmp_path / "pages")
    assert sorted(path.name for path in (tmp_path / "pages").glob("*.svg")) == ["page_01.svg", "page_02.svg"]


def test_the_pdf_embeds_its_font_and_tells_no_date(tmp_path, prisma_counts):
    save_figure(flow_diagram(prisma_counts, "fr"), tmp_path / "flow")
    content = (tmp_path / "flow.pdf").read_bytes()
    assert b"DejaVuSans" in content
    assert b"FontFile2" in content
    assert b"CreationDate" not in content


def test_no_figure_is_an_error(tmp_path):
    with pytest.raises(RenderError, match="no page to save"):
        save_pages([], tmp_path / "none")
