"""The reason that a service gives in an answer which is not what was asked for: JSON, XML, a web page, words."""

from __future__ import annotations

import html
import json
import re

from casepool.model.message import Message

_ERROR = re.compile(r"<ERROR>(.*?)</ERROR>", re.DOTALL | re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL | re.IGNORECASE)
_PAGE = re.compile(r"<(?:!doctype\s+)?html", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_BEGINNING = 65_536


def reason(body: bytes) -> Message | str:
    """Return in one line why a service refuses, or an empty text where it does not say."""
    text = body[:_BEGINNING].decode("utf-8", "replace")
    told = _json(text)
    if told is not None:
        said = told.get("error")
        text = said if isinstance(said, str) else ""
    elif found := _ERROR.search(text):
        text = found[1]
    elif _PAGE.search(text[:2048]):
        titled = _TITLE.search(text)
        return Message("web_page_titled", title=_line(titled[1])) if titled else Message("web_page")
    return _line(text)


def _line(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", text)).split())


def _json(text: str) -> dict[str, object] | None:
    try:
        told = json.loads(text)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None
