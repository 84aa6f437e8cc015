"""The PRISMA flow diagram."""

import pandas as pd
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


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_update_shows_previous_and_new_records(language, prisma_counts):
    """PRISMA 2020 tells apart what an earlier search knew; a first search shows neither."""
    rows = [{"box": "previous_records", "unit": "records", "n": 137}, {"box": "new_records", "unit": "records", "n": 3}]
    updated = pd.concat([prisma_counts, pd.DataFrame(rows)], ignore_index=True)
    catalogue = load_catalogue(language)

    def shown(counts: pd.DataFrame) -> str:
        return " ".join(text.get_text() for text in flow_diagram(counts, language).findobj(Text))

    for key in ("prisma_previous_records", "prisma_new_records"):
        first_words = " ".join(catalogue.text(key).split()[:2])
        assert first_words in shown(updated)
        assert first_words not in shown(prisma_counts)
