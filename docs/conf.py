"""Configuration of the site: Sphinx with MyST (Markdown) and the theme furo; see docs/decisions."""

from __future__ import annotations

import re
import sys
from pathlib import Path, PurePosixPath

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "src"))

project = "casepool"
author = "the authors of casepool"
language = "en"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["examples", "search.md"]

# Markdown: anchors as GitHub makes them, so that a page reads the same in the repository and here.
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence", "fieldlist"]
myst_links_external_new_tab = False

# The public names of the package, from their docstrings.
autodoc_typehints = "none"  # the docstrings name the types in words
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_preprocess_types = False
add_module_names = False
# The types of numpy, pandas and Python are documented elsewhere, and nothing is fetched from there.
nitpick_ignore_regex = [("py:.*", r".*")]

html_theme = "furo"
html_title = "casepool"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_show_copyright = False
html_last_updated_fmt = None

# Pages whose text stands elsewhere in the repository; search.html is Sphinx's own page, so docs/search.md is renamed.
MIRRORED = {
    "contributing": "CONTRIBUTING.md",
    "changelog": "CHANGELOG.md",
    "demo": "demo/README.md",
    "findings": "findings/README.md",
    "results": "results/README.md",
    "literature_search": "docs/search.md",
}
PAGE_OF = {path: f"docs/{page}.md" for page, path in MIRRORED.items()} | {"README.md": "docs/index.md"}
LINK = re.compile(r"(!?)\[([^\]\[]*)\]\(([^)#\s]+)(#[^)\s]*)?\)")


def linked(text: str, source: PurePosixPath, page: PurePosixPath) -> str:
    """Return a text whose links, written for ``source``, hold on ``page``; both are paths in the repository.

    A link to a file that is no page of the site becomes the name of the file: who reads the site has no clone.
    """

    def moved(match: re.Match[str]) -> str:
        mark, words, target, anchor = match.groups()
        if ":" in target:
            return match[0]
        place = _joined(source.parent, target)
        place = PAGE_OF.get(place, place)
        if not place.startswith("docs/"):
            return words if words.startswith("`") else f"{words} (`{place}`)" if words != place else f"`{place}`"
        up = "../" * (len(page.parent.parts) - 1)
        return f"{mark}[{words}]({up}{place.removeprefix('docs/')}{anchor or ''})"

    return LINK.sub(moved, text)


def _joined(folder: PurePosixPath, target: str) -> str:
    parts: list[str] = []
    for part in (folder / target).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def public_names() -> str:
    """Return the directives that show every name of ``casepool.__all__`` from its docstring, by kind."""
    import casepool

    kinds: dict[str, list[str]] = {"Functions": [], "Models, results and projects": [], "Errors": []}
    for name in casepool.__all__:
        found = getattr(casepool, name)
        if isinstance(found, type) and issubclass(found, Exception):
            kinds["Errors"].append(f".. autoexception:: casepool.{name}")
        elif isinstance(found, type):
            # What a class inherits from the package is shown; what it inherits from pydantic is not.
            shown = "   :members:\n   :inherited-members: BaseModel"
            kinds["Models, results and projects"].append(f".. autoclass:: casepool.{name}\n{shown}")
        elif callable(found):
            kinds["Functions"].append(f".. autofunction:: casepool.{name}")
    blocks = (f"## {kind}\n\n```{{eval-rst}}\n" + "\n\n".join(names) + "\n```\n" for kind, names in kinds.items())
    return "\n" + "\n".join(blocks)


def read_source(_app: object, name: str, content: list[str]) -> None:
    """Take the text of a mirrored page from where it stands, mend its links, add what is generated."""
    source = PurePosixPath(MIRRORED.get(name, f"docs/{name}.md"))
    text = (ROOT / source).read_text(encoding="utf-8") if name in MIRRORED else content[0]
    if name.startswith("decisions/"):
        # The page of decisions links to each; in the contents beside every page they would hide the rest.
        text = f"---\norphan: true\n---\n{text}"
    if name == "api":
        text += public_names()
    content[0] = linked(text, source, PurePosixPath(f"docs/{name}.md"))


def say_language(_app: object, name: str, _template: str, context: dict[str, object], _tree: object) -> None:
    """Mark the French pages as French, for screen readers and hyphenation."""
    if name.endswith("_fr"):
        context["language"] = "fr"


def setup(app: object) -> None:
    """Register what is done to sources and pages."""
    app.connect("source-read", read_source)  # type: ignore[attr-defined]
    app.connect("html-page-context", say_language)  # type: ignore[attr-defined]
