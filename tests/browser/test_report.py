"""The report in a real browser: axe, keyboard, phone, print, and the slider against the command.

SYNTHETIC: the rows are those of the unit tests of the report; no patient exists.
"""

import itertools
import json
import re

import invented
import pytest
from axe_playwright_python.sync_playwright import Axe

import casepool
from casepool.counting.counts import source_counts
from casepool.model.configuration import load_configuration
from casepool.pooling.assumed import RATIOS, ratio_rates
from casepool.report.figures.canvas.saving import save_figure, save_pages
from casepool.report.figures.flow.diagram import flow_diagram
from casepool.report.figures.forest.pages import forest_figures
from casepool.report.files import figure_files, figure_stem
from casepool.report.material import PageMaterial
from casepool.report.page.page import write_report

pytest_plugins = ("unit.report.conftest",)  # the invented rows

CONFIGURATION = load_configuration("config/config.yaml")
LANGUAGES = ("fr", "en")
STRICT = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="session")
def folder(tmp_path_factory, frames, counts, prisma_counts, protocol):
    """Return a folder with the report and its figures in both languages."""
    home = tmp_path_factory.mktemp("manuscript")
    empty = {name: invented.frame(name) for name in (*PageMaterial.STAGES, *PageMaterial.CURATED)}
    rates = ratio_rates(frames["study_counts"], protocol, CONFIGURATION.pooling)
    told = {**empty, **frames, "counts": counts, "prisma_counts": prisma_counts, "ratio_rates": rates}
    (home / "search.json").write_text('{"origin": "transcribed"}', encoding="utf-8")
    for language in LANGUAGES:
        figures = home / language / "figures"
        _, pages = forest_figures(frames["results"], frames["study_counts"], frames["reports"], protocol, language, 40)
        save_pages(pages, figures / "forest_pages", "forest", language)
        save_figure(flow_diagram(prisma_counts, language), figures / figure_stem("flow"), language)
        write_report(
            home / language / "report.html",
            frames=PageMaterial(told),
            forest_pages=figures / "forest_pages",
            figures=[figures / f"{figure_stem('flow')}.svg"],
            search=[home / "search.json"],
            protocol=protocol,
            configuration=CONFIGURATION,
            version="0.1.0",
            language=language,
            commit="0123456789abcdef",
            files=[
                f"results/manuscript/{language}/tables",
                *(path.format(language=language) for path in figure_files("flow").values()),
            ],
        )
    return home


@pytest.fixture(params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture
def page(context, folder, language):
    opened = context.new_page()
    opened.goto((folder / language / "report.html").as_uri())
    return opened


def test_axe_finds_nothing_closed_or_open_and_nothing_is_asked_of_the_outside(page, outside):
    found = []
    for opened in (False, True):
        page.evaluate("open => document.querySelectorAll('details').forEach(one => one.open = open)", opened)
        found += [(one["id"], [node["target"] for node in one["nodes"]][:3])
                  for one in Axe().run(page, options=STRICT).response["violations"]]  # fmt: skip
    assert found == []
    assert outside == []


def test_axe_finds_nothing_in_the_index_and_every_picture_is_there(context, folder, language, outside):
    page = context.new_page()
    page.goto((folder / language / "index.html").as_uri())
    assert [one["id"] for one in Axe().run(page, options=STRICT).response["violations"]] == []
    page.evaluate("document.querySelectorAll('img').forEach(one => one.loading = 'eager')")
    page.wait_for_function("[...document.images].every(one => one.complete)")
    assert page.evaluate("[...document.images].map(one => one.naturalWidth > 0)") == [True]
    assert outside == []


def test_the_page_itself_never_scrolls_sideways_and_the_corrected_rate_is_in_sight(page):
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cells = page.locator("#table-response tbody tr").first.locator("td")
    box = cells.nth(5).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= page.viewport_size["width"]


def test_the_text_of_a_figure_can_be_read(page):
    sizes = page.evaluate("""[...document.querySelectorAll(".plot svg")].filter(one => one.checkVisibility()).map(svg =>
        Math.min(...[...svg.querySelectorAll("text")].map(one => one.getBoundingClientRect().height)))""")
    assert len(sizes) >= 2
    assert min(sizes) >= 7.5


def test_the_keyboard_alone_skips_moves_the_slider_and_changes_the_language(page, language):
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#answer"
    page.evaluate("document.getElementById('ratio-range').focus()")
    before = page.locator("#ratio-said").inner_text()
    page.keyboard.press("ArrowRight")
    assert page.locator("#ratio-said").inner_text() != before
    page.keyboard.press("Home")
    assert page.locator("#ratio-range").get_attribute("aria-valuetext") in {"0.25", "0,25"}
    other = "en" if language == "fr" else "fr"
    page.locator(".other a").press("Enter")
    assert page.evaluate("document.documentElement.lang") == other


def test_the_slider_at_four_shows_what_the_command_prints(page, frames, protocol, language):
    said = casepool.JointModel(ratio=4).fit(source_counts(frames["study_counts"], protocol)).to_text()
    rate = r"([\d.]+ \([\d.]+ to [\d.]+\))"
    lines = re.findall(rf"(?m)^(\w+) .*?{rate}  +{rate}$", said.partition("Mean of")[0])
    printed = {protocol.by_id[disease].name[language]: [own, pooled] for disease, own, pooled in lines}
    page.locator("#ratio-range").evaluate(
        "(one, at) => { one.value = at; one.dispatchEvent(new Event('input')) }", RATIOS.index(4.0)
    )
    rows = page.evaluate(
        "[...document.querySelectorAll('#table-ratio tbody tr')].map(row => [...row.children].map(c => c.textContent))"
    )
    plain = str.maketrans({",": ".", "–": " to ".strip(), "\u00a0": " "} | {"%": ""})
    shown = {name: [re.sub(r" +", " ", cell.translate(plain)).replace("to", " to ") for cell in cells]
             for name, _, *cells in rows}  # fmt: skip
    assert len(printed) > 4
    assert {name: shown[name] for name in printed} == printed


def test_without_a_script_the_table_stands_at_one_ratio_and_the_slider_is_not_there(browser, folder, language):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / language / "report.html").as_uri())
    assert not page.locator("#ratio-range").is_visible()
    assert page.locator("#table-ratio tbody tr").count() > 4
    assert page.locator("#ratio-said").inner_text()
    context.close()


def test_a_disease_leads_to_its_sources_and_no_patient_of_the_registry_is_shown(page):
    page.locator("#table-response tbody th a").first.click()
    place = page.evaluate("location.hash.slice(1)")
    assert page.locator(f"#{place}").is_visible()
    assert page.evaluate("id => document.getElementById(id).closest('details').open", place)


def test_titles_in_another_language_say_so_and_ids_are_unique(page, language):
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))
    if language == "fr":
        assert page.locator("#table-excluded_reports td[lang=en]").count() > 0


def test_printed_on_paper_everything_is_open_and_no_figure_is_cut(browser, folder, language):
    page = browser.new_page()
    page.goto((folder / language / "report.html").as_uri())
    page.emulate_media(media="print")
    tall = page.evaluate("[...document.querySelectorAll('.plot svg')].map(one => one.getBoundingClientRect().height)")
    assert max(tall) * 25.4 / 96 <= 297 - 2 * 16
    closed = page.evaluate("""[...document.querySelectorAll('.annex details > *')].filter(
        one => !one.checkVisibility({contentVisibilityAuto: true}) || !one.getBoundingClientRect().height).length""")
    assert closed == 0
    pages = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
    assert 5 <= pages <= 30
    page.close()


def test_the_data_of_the_slider_have_a_cell_for_every_place(page):
    data = json.loads(page.locator("#ratio-data").inner_text())
    rows = page.locator("#table-ratio tbody tr").count()
    assert len(data["cells"]) == len(data["said"]) == len(data["ratios"]) == len(RATIOS)
    assert {len(cells) for cells in data["cells"]} == {2 * rows}
    assert all(one != other for one, other in itertools.pairwise(data["said"]))
