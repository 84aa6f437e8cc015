"""The report page."""

import re
from html.parser import HTMLParser
from pathlib import Path

import invented
import pandas as pd
import pytest
import reported

from casepool.model.configuration import load_configuration
from casepool.report.figures.canvas.saving import save_figure, save_pages
from casepool.report.figures.canvas.vector import svg_text
from casepool.report.figures.flow.diagram import flow_diagram
from casepool.report.figures.forest.pages import forest_figures
from casepool.report.material import PageMaterial
from casepool.report.page.page import render_report, write_report
from casepool.report.page.pictures import Picture, inline_svg
from casepool.report.results_json import BuildMeta
from casepool.report.tables.manuscript import display_tables
from casepool.report.words.catalogue import load_catalogue

ROOT = Path(__file__).resolve().parents[3]
META = BuildMeta(version="0.1.0", snapshot="2026-11-22", protocol="daratumumab_autoimmune")


@pytest.fixture(scope="module")
def flow_svg(prisma_counts):
    figure = flow_diagram(prisma_counts, "en")
    return Picture(svg_text(figure), figure.alt)


@pytest.fixture
def render(frames, counts, prisma_counts, study_counts, protocol, flow_svg):
    def page(
        language="en", results=frames["results"], protocol=protocol, studies=study_counts, prisma_counts=prisma_counts
    ):
        tables = display_tables({**frames, "results": results}, protocol, load_catalogue(language))
        return render_report(
            results=results,
            counts=counts,
            study_counts=studies,
            prisma_counts=prisma_counts,
            tables=tables,
            figures={"forest": [flow_svg, flow_svg], "flow": [flow_svg]},
            protocol=protocol,
            meta=META,
            language=language,
        )

    return page


class Reader(HTMLParser):
    """Collects ids, references and text of a page."""

    def __init__(self, page: str):
        super().__init__()
        self.ids: list[str] = []
        self.sources: list[str] = []
        self.words: list[str] = []
        self._quiet = 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        """Note ids and references; figures and styles hold no prose."""
        self._quiet += tag in {"style", "svg"}
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            if name in {"src", "data", "poster"} or (name == "href" and tag == "link"):
                self.sources.append(value)

    def handle_endtag(self, tag):
        """Leave a figure or style."""
        self._quiet -= tag in {"style", "svg"}

    def handle_data(self, data):
        """Keep prose."""
        if not self._quiet:
            self.words.append(data)

    @property
    def text(self) -> str:
        """The prose with single spaces."""
        return re.sub(r"[ \n]+", " ", " ".join(self.words)).replace("\u2060", "")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_asks_for_nothing_outside(language, render):
    page = render(language)
    assert Reader(page).sources == []
    assert not re.search(r"@import|url\((?!#)|<script[^>]*src|https?://(?!doi\.org|pubmed|pmc|www\.w3\.org)", page)


def test_no_id_stands_twice(render):
    ids = Reader(render()).ids
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_number_is_missing_and_no_placeholder_is_left(language, render):
    text = Reader(render(language)).text
    assert not re.search(r"\bnan\b|None|<NA>|\{\w+\}", text)


def test_the_answer_comes_first_and_states_raw_and_corrected(render):
    text = Reader(render()).text
    assert "41 responded: 76% (95% CI\u00a0" in text.replace("(95%\u00a0CI", "(95% CI")
    assert "counted alike, their mean is 58% (95% CrI 41–74)." in reported.plain(text)
    mean = "the mean goes from 78% (95% CrI 66–88) to 61% (95% CrI 44–77) once selective reporting is deflated"
    assert mean in reported.plain(text)
    assert text.index("The answer") < text.index("How the correction works")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_first_screen_has_the_answer_then_four_facts_then_the_question(language, render):
    page = render(language)
    screen = page[page.index('<section class="answer">') : page.index("</section>")]
    assert screen.count("<li><strong>") == 4
    assert screen.index("<p>") < screen.index('<ul class="facts">') < screen.index('<p class="question">')
    assert "<svg" not in screen
    assert "<table" not in screen


def test_the_page_has_main_sections_and_an_annex_that_is_closed(render):
    page = render()
    headings = re.findall(r'<h2 id="(\w+)">', page)
    assert headings == [
        *(
            "answer",
            "forest",
            "response",
            "correction",
            "flow",
            "patients",
            "outcomes",
            "unsettled",
            "origin",
            "take",
            "annex",
        )
    ]
    assert re.findall(r'href="#(\w+)"', page[: page.index("<svg")]) == ["answer", *headings]
    annex = page[page.index('id="annex"') :]
    assert re.findall(r'<details id="annex-(\w+)"', annex) == [
        *("words", "behind", "what_if", "all_patients", "safety", "included", "excluded")
    ]
    assert "<details open" not in page


def test_each_table_stands_once(render):
    tables = re.findall(r'id="table-(\w+)"', render())
    assert len(tables) == len(set(tables))
    assert {one for one in tables if not one.startswith(("sources_", "patients_"))} == {
        *("response", "characteristics", "other_outcomes", "safety", "at_ratios", "what_if"),
        "characteristics_overall",
        *("safety_by_disease", "included_sources", "excluded_reports", "excluded_cases"),
    }


@pytest.mark.parametrize("language", ["en", "fr"])
def test_below_the_flow_stand_links_to_the_lists_behind_its_boxes(language, render):
    """Outside the picture: what stands inside an image is read to nobody who listens."""
    page = render(language=language)
    links = re.findall(r'href="#(table-\w+)"', page.partition('id="flow-lists"')[2].partition("</p>")[0])
    assert links == ["table-included_sources", "table-excluded_reports", "table-excluded_cases"]
    assert all(page.count(f'id="{link}"') == 1 for link in links)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_and_its_foreign_cells_carry_their_language(language, render):
    page = render(language)
    assert f'<html lang="{language}">' in page
    other = {"en": "fr", "fr": "en"}[language]
    assert f'hreflang="{other}" lang="{other}"' in page
    titles = page.count('<td class="left" lang="en">A review</td>')
    assert titles == (3 if language == "fr" else 0)


def test_the_reporting_ratio_is_told_with_its_interval(render):
    assert "un rapport de 3,5 (intervalle à 95 % : 1,6–8,0)" in reported.plain(Reader(render("fr")).text)


def test_what_was_assumed_before_the_data_is_told(render):
    assert "takes this ratio to be about 2.0 (95% range 0.2–23.2)" in Reader(render()).text


def test_without_complete_evidence_no_corrected_number_is_told(render, withheld):
    text = Reader(render(results=withheld)).text
    assert "No rate is corrected to a number" in text
    assert "their mean is" not in text
    assert "the mean goes from" not in text


def test_an_interval_that_includes_one_is_not_read_as_fair_reporting(render, results):
    doubtful = results.copy()
    doubtful.loc[doubtful["analysis"] == "reporting_ratio", "ci_lower"] = 0.5
    assert "no proof that it was fair" in Reader(render(results=doubtful)).text


def test_a_disease_whose_responses_are_all_unknown_is_not_called_empty(render, results, study_counts):
    unknown = results.copy()
    raw = (unknown["disease"] == "sjogren") & unknown["value"].notna()
    unknown.loc[raw, ["value", "ci_lower", "ci_upper"]] = None
    text = Reader(render(results=unknown)).text
    assert "but the response of none of them is known: Sjögren" in text
    assert "Sjögren" not in text[text.index("No patient was included") :].split(".")[0]


def test_diseases_without_patients_and_silent_reports_are_named(render):
    text = Reader(render()).text
    assert "No patient was included for the following diseases: antiphospholipid syndrome, systemic sclerosis" in text
    assert "1 report describes treated patients but not their response: " in text
    assert "The response of 14 included patients is not reported or not evaluable." in text


def test_invented_data_are_marked_at_top_and_foot(render, synthetic):
    assert render("fr", protocol=synthetic).count('class="synthetic"') == 2


def test_no_patients_at_all_still_make_a_page(render, results, study_counts):
    empty = results.assign(value=None, ci_lower=None, ci_upper=None, status="no_data")
    text = Reader(render(results=empty, studies=study_counts.iloc[:0])).text
    assert "No patient with a reported response has been found yet." in text
    assert "0 of 13 diseases have data" in text
    assert "No source anchors the correction" in text


def test_inline_figures_keep_their_references(flow_svg):
    inlined = inline_svg(flow_svg.svg, "f1")
    ids = set(re.findall(r'\bid="([^"]+)"', inlined))
    assert set(re.findall(r'href="#([^"]+)"', inlined)) <= ids
    assert "width=" not in inlined.split(">", 1)[0]
    assert "<metadata>" not in inlined


def test_the_page_is_written_from_files(tmp_path, frames, counts, prisma_counts, protocol):
    empty = {name: invented.frame(name) for name in (*PageMaterial.STAGES, *PageMaterial.CURATED)}
    _, pages = forest_figures(frames["results"], frames["study_counts"], frames["reports"], protocol, "fr", 40)
    save_pages(pages, tmp_path / "pages", "forest", "fr")
    save_figure(flow_diagram(prisma_counts, "fr"), tmp_path / "flow", "fr")
    (tmp_path / "search.json").write_text('{"origin": "transcribed"}', encoding="utf-8")
    write_report(
        tmp_path / "report.html",
        frames=PageMaterial({**empty, **frames, "counts": counts, "prisma_counts": prisma_counts}),
        forest_pages=tmp_path / "pages",
        figures=[tmp_path / "flow.svg"],
        search=[tmp_path / "search.json"],
        protocol=protocol,
        configuration=load_configuration(ROOT / "config" / "config.yaml"),
        version="0.1.0",
        language="fr",
    )
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.count('<figure class="plot') == 3
    archived = (tmp_path / "report.pdf").read_bytes()
    for sign in (
        b"StructTreeRoot",
        b"/Marked true",
        b"<pdfaid:part>2<",
        b"<pdfuaid:part>1<",
        b"/Lang(fr)",
        b"FontFile",
    ):
        assert sign in archived.replace(b"/Lang (", b"/Lang(")
    assert "casepool 0.1.0 · transcription du 22\u00a0novembre 2026, aucune recherche lancée" in page


@pytest.mark.parametrize(("language", "told"), [("en", "3 records are new"), ("fr", "3 références nouvelles")])
def test_a_repeated_search_is_told_with_its_number_of_new_records(language, told, render, prisma_counts):
    rows = [{"box": "previous_records", "unit": "records", "n": 137}, {"box": "new_records", "unit": "records", "n": 3}]
    updated = pd.concat([prisma_counts, pd.DataFrame(rows)], ignore_index=True)
    assert told in render(language, prisma_counts=updated)
    assert told not in render(language)
