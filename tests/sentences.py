"""A reader of the report: its text as a person sees it, and what no sentence of any build may say."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

# Nouns that are counted on the page; after 1 (in French after 0 too) they stand in the singular.
_PLURALS = {
    "en": "diseases|sources|patients|publications|reports|records|questions|rows|entries|cohorts|studies|events|fits",
    "fr": "maladies|sources|patients|publications|références|questions|lignes|entrées|cohortes|études|événements",
}
_NEVER = {
    "en": (r"\b(?:un)?told\b", r"\btells\b"),
    "fr": (r"(?<!\w)(?:de le|de les|à le|à les) ", r" ,", r"[^\s\u00a0\u202f«(] ?[;?!]\w"),
}
_EVERYWHERE = (
    r"\{\w*\}",
    r"\bnan\b",
    r"\bNone\b",
    r"<NA>",
    r"\bNaN\b",
    r"(?<![\w.,/-])(?:0/0|0 (?:of|sur) 0)(?![\w/])",
    r"(?<!\w)[+-]?inf\b",
    r"  +\.",
    r"\.\.",
    r"%%",
    r"\b[a-z_]+_[a-z_]+\b",
)


def text_of(page: str) -> str:
    """Return the words of a page: figures and styles out, one line for each paragraph, cell or item."""
    body = re.sub(r"<(svg|style|head)\b.*?</\1>", "", page, flags=re.DOTALL)
    body = re.sub(r"</(?:p|li|td|th|tr|h\d|dd|dt|caption|summary|figcaption)>", "\n", body)
    lines = (" ".join(re.sub(r"<[^>]+>", " ", line).split(" ")) for line in body.split("\n"))
    return "\n".join(
        filter(None, (re.sub(r" {2,}", " ", html.unescape(line).replace("\u2060", "")).strip() for line in lines))
    )


def section(page: str, key: str) -> str:
    """Return the words of a section of the page by the id of its heading."""
    found = re.search(rf'<h2 id="{key}">.*?(?=<h2 id=|</main>)', page, flags=re.DOTALL)
    return text_of(found[0]) if found else ""


def page_of(text: str) -> str:
    """Return a text in Markdown as a page for the other readers here: no escapes, no keys of cited works."""
    plain = re.sub(r" ?\[@[^\]]+\]", "", re.sub(r"\\([^\w\s])", r"\1", text))
    return "\n".join(f"<p>{html.escape(line)}</p>" for line in plain.split("\n"))


def faults(page: str, language: str, ids: Iterator[str] | list[str] = ()) -> list[str]:
    """Return what stands on a page and must not: wrong number, gaps, ids, words that mean something else.

    Parameters
    ----------
    ids : internal ids of reports; none of them may be seen.
    """
    text = text_of(page)
    few = "[01]" if language == "fr" else "1"
    number = rf"(?<![\d.,\u202f–/-]){few}[ \u00a0](?:{_PLURALS[language]})\b"
    foreign = re.sub(r'<(\w+)[^>]* lang="(?!' + language + r')[^"]*"[^>]*>.*?</\1>', "", page, flags=re.DOTALL)
    own = text_of(foreign)
    patterns = [(number, text), *((one, own) for one in (*_NEVER[language], *_EVERYWHERE))]
    found = [line for pattern, where in patterns for line in where.split("\n") if re.search(pattern, line)]
    return found + [one for one in ids if re.search(rf"(?<![\w./]){re.escape(one)}(?![\w/])", text)]
