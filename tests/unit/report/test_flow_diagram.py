"""The PRISMA flow diagram."""

import itertools

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from casepool.flow.boxes import check_arithmetic
from casepool.report.figures.flow.diagram import FlowCounts, flow_diagram
from casepool.report.words.catalogue import load_catalogue

TRANSCRIPT = {"origin": "transcribed", "date": "2026-11-22"}
LIVE = {"origin": "live", "date": "2027-02-01"}
LANGUAGES = ("en", "fr")


def shown(*arguments, **options):
    """Return all text of a diagram; lines are joined."""
    return " ".join(one.get_text().strip() for one in flow_diagram(*arguments, **options).findobj(Text))


def count(n):
    """Return a number as the boxes show it."""
    return f"(n\u00a0=\u00a0{n:,})"


def updated(frame, **counts):
    """Return the flow of a second search."""
    counts = {"previous_records": 1267, "new_records": 2, "new_reports": 1, "new_studies": 1} | counts
    rows = [{"box": box, "unit": "x", "n": n} for box, n in counts.items()]
    return pd.concat([frame, pd.DataFrame(rows, columns=frame.columns).astype(frame.dtypes)], ignore_index=True)


def waiting(frame):
    """Return a flow in which records of both arms wait, and the registry has told totals."""
    frame = frame.copy()
    frame.loc[frame["box"] == "records_to_screen", "n"] = [1200, 3, 1203]
    frame.loc[frame["box"] == "patients_registry", "n"] = 25
    return frame


CASES = {"plain": lambda frame: frame, "updated": updated, "waiting": waiting}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("arms", ["prisma_counts", "one_arm"])
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("search", [TRANSCRIPT, LIVE], ids=["transcript", "live"])
def test_every_text_fits_its_box_and_no_box_overlaps_another(request, language, arms, case, search):
    """Measured as drawn: nothing is cut, nothing lies on anything else."""
    figure = flow_diagram(CASES[case](request.getfixturevalue(arms)), language, search=search)
    renderer = FigureCanvasAgg(figure).get_renderer()
    boxes = [one.get_window_extent(renderer) for one in figure.axes[0].findobj(Rectangle)]
    boxes = [box for box in boxes if box.width < figure.bbox.width and box.height < figure.bbox.height]
    for artist in figure.axes[0].texts:
        place = artist.get_window_extent(renderer)
        inside = [b for b in boxes if b.x0 <= place.x0 and b.x1 >= place.x1 and b.y0 <= place.y0 and b.y1 >= place.y1]
        assert len(inside) == 1, artist.get_text()
    for a, b in itertools.combinations(boxes, 2):
        assert a.x1 <= b.x0 or b.x1 <= a.x0 or a.y1 <= b.y0 or b.y1 <= a.y0


def test_the_invented_boxes_add_up(prisma_counts, one_arm):
    """Else the pictures below could not be real."""
    check_arithmetic(prisma_counts)
    check_arithmetic(one_arm)
    assert one_arm.loc[one_arm["arm"] == "other_methods", "n"].sum() == 0


def test_two_arms_show_every_count_of_each_arm(prisma_counts):
    """What the arms share is shown once; what each has, in the arm."""
    text = shown(prisma_counts, "en")
    armed = set(prisma_counts.loc[prisma_counts["arm"].notna(), "box"]) - {"reports_included"}
    here = prisma_counts["arm"].notna() & prisma_counts["box"].isin(armed)
    alone = prisma_counts["arm"].isna() & ~prisma_counts["box"].isin(armed)
    for box, n in prisma_counts.loc[here | alone, ["box", "n"]].to_numpy():
        if box not in {"records_to_screen", "patients_registry"}:  # shown only where there are any
            assert count(n) in text
    assert "Other methods" in text
    assert count(1269) not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_records_of_other_methods_there_is_one_arm(language, one_arm, prisma_counts):
    """No heading and no empty boxes for them."""
    catalogue = load_catalogue(language)
    assert catalogue.text("flow_beside") not in shown(one_arm, language)
    assert catalogue.text("flow_databases") in shown(one_arm, language)
    word = catalogue.text("prisma_reports_assessed").split()[-1]
    assert (shown(one_arm, language).count(word), shown(prisma_counts, language).count(word)) == (1, 2)


def test_reasons_are_listed_from_the_most_frequent(prisma_counts):
    counts = FlowCounts(prisma_counts, load_catalogue("en"))
    assert counts.details("records_excluded")[0] == ("oncology", 800)
    assert counts.details("records_excluded", "other_methods") == [("review", 3), ("in_vitro_or_animal", 1)]


def test_totals_do_not_count_the_arms_again(prisma_counts):
    """A total is the row without arm."""
    counts = FlowCounts(prisma_counts, load_catalogue("en"))
    assert (counts.total("reports_assessed"), counts.total("reports_assessed", "databases")) == (160, 155)
    assert (counts.total("records_identified"), counts.total("no_such_box")) == (1365, 0)


def test_invented_data_are_marked(prisma_counts):
    figure = flow_diagram(prisma_counts, "en", search=TRANSCRIPT, synthetic=True)
    assert any(one.get_text().startswith("SYNTHETIC") for one in figure.findobj(Text))


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "No systematic search has been run yet. The numbers are those of a transcript, made on"),
        ("fr", "Aucune recherche systématique n’a encore été effectuée. Les nombres sont ceux d’une transcription"),
    ],
)
def test_a_transcript_is_no_search(language, told, prisma_counts):
    """Whoever sees the diagram alone must not take it for a systematic search."""
    assert told in shown(prisma_counts, language, search=TRANSCRIPT)
    assert told not in shown(prisma_counts, language, search=LIVE)


@pytest.mark.parametrize(
    ("language", "told"), [("en", "Search of 1\u00a0February"), ("fr", "Recherche du 1er\u00a0février")]
)
def test_a_search_is_shown_with_its_date(language, told, prisma_counts):
    assert told in shown(prisma_counts, language, search=LIVE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("arms", ["prisma_counts", "one_arm"])
def test_an_update_shows_what_was_known_and_what_is_new(request, language, arms):
    """PRISMA 2020 tells apart what an earlier search knew; a first search shows neither."""
    frame, catalogue = request.getfixturevalue(arms), load_catalogue(language)
    for key in ("previous_records", "new_records", "new_reports", "new_studies"):
        first_words = " ".join(catalogue.text(f"prisma_{key}").split()[:2])
        assert first_words in shown(updated(frame), language)
        assert first_words not in shown(frame, language)


def test_records_that_wait_are_shown_in_their_arm(prisma_counts):
    """Not hidden among the excluded ones; the patients of the registry stand beside those of the reports."""
    text = shown(waiting(prisma_counts), "en")
    assert all(count(n) in text for n in (1200, 3, 25))
    assert "still to be screened" in text
    assert "still to be screened" not in shown(prisma_counts, "en")
