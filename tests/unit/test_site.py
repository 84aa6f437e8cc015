"""The site is built without a warning, asks nobody outside, leads nowhere into the void, and is the same each time."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import casepool
import named_paths

ROOT = Path(__file__).resolve().parents[2]
LOADED = {"link": "href", "script": "src", "img": "src", "iframe": "src", "source": "src", "object": "data"}
# A <link> of these kinds names a page and loads nothing.
NAMED = {"index", "search", "next", "prev", "canonical"}


def built(folder: Path, read: Path, *pages: str) -> Path:
    """Build the site as ``make site`` does, or some pages of it, read into a folder; return where it stands."""
    command = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "--nitpicky", "--quiet"]
    command += ["-d", str(read), str(ROOT / "docs"), str(folder / "site"), *(str(ROOT / "docs" / one) for one in pages)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return folder / "site"


@dataclass
class Page(HTMLParser):
    """What a page loads, where it leads, and where one can arrive on it."""

    loads: list[str] = field(default_factory=list)
    leads: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the addresses and anchors of one element."""
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.anchors.add(given["id"])
        if tag == "a" and "href" in given:
            self.leads.append(given["href"])
        elif LOADED.get(tag, "") in given and given.get("rel") not in NAMED:
            self.loads.append(given[LOADED[tag]])

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text += data


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder into which Sphinx reads the pages."""
    return tmp_path_factory.mktemp("read")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, read: Path) -> Path:
    """Return the built site."""
    return built(tmp_path_factory.mktemp("first"), read)


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    """Return every page of the site, parsed."""
    parsed = {}
    for path in sorted(site.rglob("*.html")):
        parsed[path] = Page()
        parsed[path].feed(path.read_text(encoding="utf-8"))
    return parsed


def test_every_page_of_docs_is_built(site: Path) -> None:
    """One HTML page for each source."""
    docs = ROOT / "docs"
    sources = {path.relative_to(docs).with_suffix(".html") for path in docs.rglob("*.md") if path != docs / "search.md"}
    assert len(sources) > 10
    assert {one for one in sources if not (site / one).is_file()} == set()
    assert "<h1>Searching the literature" in (site / "literature_search.html").read_text(encoding="utf-8")


def test_nothing_is_loaded_from_outside(site: Path, pages: dict[Path, Page]) -> None:
    """No font, script, style or picture of another host: the site works without a network."""
    loads = {one for page in pages.values() for one in page.loads}
    assert any(one.endswith(".css") or ".css?" in one for one in loads)
    assert {one for one in loads if urlsplit(one).netloc} == set()
    styles = [path.read_text(encoding="utf-8") for path in site.rglob("*.css")]
    assert styles
    assert not any("@import" in style or "url(http" in style or "url(//" in style for style in styles)


def test_every_link_inside_the_site_leads_to_a_page_and_an_anchor(pages: dict[Path, Page]) -> None:
    """Files and anchors exist."""
    broken, n_followed = set(), 0
    for path, page in pages.items():
        for lead in page.leads:
            parts = urlsplit(lead)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            n_followed += 1
            anchor = unquote(parts.fragment)
            if not target.is_file() or (anchor and target in pages and anchor not in pages[target].anchors):
                broken.add((path.name, lead))
    assert n_followed > 100
    assert broken == set()


def test_every_public_name_of_the_package_has_its_place(site: Path, pages: dict[Path, Page]) -> None:
    """The page of the interface follows ``casepool.__all__``; the version is a text and has no docstring."""
    names = set(casepool.__all__) - {"__version__"}
    assert {name for name in names if f"casepool.{name}" not in pages[site / "api.html"].anchors} == set()


def test_no_markdown_is_left_in_a_page(pages: dict[Path, Page]) -> None:
    """A link or table that was not understood would show its marks."""
    marks = ("](", "| --- |")
    assert {path.name for path, page in pages.items() if any(mark in page.text for mark in marks)} == set()


@pytest.mark.parametrize("page", named_paths.pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_no_file_or_folder_that_does_not_exist(page: Path) -> None:
    """What is said to lie in the repository or the package; `.ci/run` looks for what lies in the results."""
    assert named_paths.missing_in_the_repository(page) == []


def test_the_pages_name_many_files() -> None:
    """The test above cannot pass by finding nothing."""
    assert sum(len(list(named_paths.named(page))) for page in named_paths.pages()) > 200


def test_a_page_that_is_written_once_more_has_the_same_bytes(site: Path, read: Path, tmp_path: Path) -> None:
    """In another folder; one of each kind: the first, of our own words, of docstrings, generated, a picture in it."""
    (tmp_path / "site").mkdir()
    shutil.copy(site / "searchindex.js", tmp_path / "site")  # without it Sphinx warns that not all pages are written
    again = built(tmp_path, read, "index.md", "methods.md", "api.md", "stages.md", "tutorial.md")
    pages = list(again.glob("*.html"))
    assert len(pages) >= 5
    assert [one.name for one in pages if one.read_bytes() != (site / one.name).read_bytes()] == []
