"""The PRISMA flow diagram."""

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from casepool.reporting.flow_diagram import FlowCounts, flow_diagram
from casepool.reporting.language import load_catalogue


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_text_fits_its_box(language, prisma_counts):
    figure = flow_diagram(prisma_counts, language)
    renderer = FigureCanvasAgg(figure).get_renderer()
    boxes = [one.get_window_extent(renderer) for one in figure.axes[0].findobj(Rectangle)]
    for artist in figure.axes[0].texts:
        place = artist.get_window_extent(renderer)
        inside = [b for b in boxes if b.x0 <= place.x0 and b.x1 >= place.x1 and b.y0 <= place.y0 and b.y1 >= place.y1]
        assert inside, artist.get_text()


def test_every_count_is_shown(prisma_counts):
    shown = " ".join(one.get_text() for one in flow_diagram(prisma_counts, "en").findobj(Text))
    for n in prisma_counts["n"]:
        assert f"(n\u00a0=\u00a0{n:,})" in shown


def test_reasons_are_listed_from_the_most_frequent(prisma_counts):
    counts = FlowCounts(prisma_counts, load_catalogue("en"))
    assert counts.details("records_excluded")[0] == ("oncology", 800)


def test_a_box_without_rows_counts_zero(prisma_counts):
    figure = flow_diagram(prisma_counts[prisma_counts["box"] != "records_website"], "fr")
    shown = " ".join(one.get_text() for one in figure.findobj(Text))
    assert "(n\u00a0=\u00a00)" in shown


def test_invented_data_are_marked(prisma_counts):
    figure = flow_diagram(prisma_counts, "en", synthetic=True)
    assert any(one.get_text().startswith("SYNTHETIC") for one in figure.findobj(Text))
