"""What a file is, by its content: neither its name nor its suffix is asked."""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

from casepool.files.unpacking import refuse_too_large
from casepool.model.message import Message

# A line that each entry of a format holds; the format with most of them is that of the file.
_SIGNS = {
    "ris": re.compile(r"^[ \t]*TY[ \t]{0,2}[-–:](?:\s|$)", re.MULTILINE),
    "nbib": re.compile(r"^(?:PMID- ?\d|OWN - )", re.MULTILINE),
    "wos": re.compile(r"^PT [A-Z]$", re.MULTILINE),
    "refer": re.compile(r"^%0 ?\S", re.MULTILINE),
    "refworks": re.compile(r"^RT [A-Z]", re.MULTILINE),
    "ovid": re.compile(r"^(?:<\d+\.?\s*>|VN  -? ?Ovid)", re.MULTILINE),
    "cochrane": re.compile(r"^ID: C[ND]-?\d", re.MULTILINE),
    "eu_ctr": re.compile(r"^EudraCT Number:\s+(?:19|20)\d\d-\d{6}-\d\d", re.MULTILINE),
    "bibtex": re.compile(r"^\s*@[A-Za-z]+[ \t]*[{(]", re.MULTILINE),
}
# Where the one above is missing or damaged in every entry: lines that only this format has, then any tags at all.
_WEAK_SIGNS = {
    "ris": re.compile(r"^(?:ER|T1|A1)  -(?:\s|$)", re.MULTILINE),
    "nbib": re.compile(r"^(?:PMID|OWN |STAT|FAU |LID |AID |CRDT|EDAT)-", re.MULTILINE),
    "wos": re.compile(r"^(?:PT|UT|TI|SO) \S", re.MULTILINE),
    "refer": re.compile(r"^%[TAD] \S", re.MULTILINE),
}
_TAGS = {"ris": re.compile(r"^[A-Z][A-Z0-9]  - ", re.MULTILINE)}
# Characters in which a format has shown itself.
_HEAD = 262_144
_FEWEST = 3  # lines that happen to look like one of these are fewer
_XML = (
    ("pubmed", re.compile("<Pubmed(?:ArticleSet|Article|BookArticle)[\\s>]")),
    ("ictrp", re.compile("<Trials_downloaded_from_ICTRP|<TrialID>")),
    ("endnote_xml", re.compile(r"<records[^>]*>\s*<record[\s>]")),
    ("refworks_xml", re.compile(r"<reference>\s*<(?:rt|sr|id)>")),
)
_JSON = re.compile(r'\s*(?:\{\s*["}]|\[\s*[\[\]{"\d])')
_ROOT = re.compile(r"<(?![?!])([A-Za-z][\w:.-]*)")
_OFFICE: tuple[tuple[bytes, str | Message], ...] = (
    (b"xl/workbook", "xlsx"),
    (b"word/", Message("looks_like_word")),
    (b"", Message("looks_like_zip")),
)
_BINARY = (
    (b"%PDF", Message("looks_like_pdf")),
    (b"\xd0\xcf\x11\xe0", Message("looks_like_old_office")),
    (b"SQLite format 3", Message("looks_like_database")),
    (b"\x89PNG", Message("looks_like_image")),
    (b"\xff\xd8\xff", Message("looks_like_image")),
    (b"Rar!", Message("looks_like_zip")),
    (b"7z\xbc\xaf", Message("looks_like_zip")),
)
# What databases show to readers, and lists that name publications without describing them.
_READABLE = (
    (re.compile(r"\A\s*1[.:] .*?\bPMID: \d+", re.DOTALL), Message("looks_like_pubmed_text")),
    (re.compile(r"\A(?:\s*(?:PMID:? ?)?\d{1,9}(?=\s|\Z))+\s*\Z"), Message("looks_like_ids")),
    (re.compile(r"\A(?:\s*(?:https?://\S*|doi: ?)?10\.\d{4,9}/\S+(?=\s|\Z))+\s*\Z"), Message("looks_like_ids")),
)
_SHOWN = 40


def recognise_bytes(content: bytes) -> str | Message:
    """Return ``xlsx``, what another kind of file looks like, or an empty text where the content may be text."""
    if content.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(BytesIO(content)) as archive:
                refuse_too_large(archive)
                names = " ".join(archive.namelist()).encode()
        except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError):
            names = content
        return next(kind for sign, kind in _OFFICE if sign in names)
    return next((kind for sign, kind in _BINARY if content.startswith(sign)), "")


def is_archive(path: Path) -> bool:
    """Return whether a file is an archive of others (a workbook is one too, and is none here)."""
    with path.open("rb") as handle:
        packed = handle.read(4) == b"PK\x03\x04"
    return packed and recognise_bytes(path.read_bytes()) == Message("looks_like_zip")


def recognise_text(text: str) -> str | Message:
    """Return the format of a text; ``json`` and ``table`` are judged by their readers; else what it looks like."""
    start = text.lstrip()[:1]
    if not start:
        return Message("looks_empty")
    if "\x00" in text:
        return Message("looks_like_binary")
    if start == "<" and not _SIGNS["ovid"].search(text):
        return _xml(text)
    if _JSON.match(text):
        return "json"
    for signs, fewest in ((_SIGNS, 1), (_WEAK_SIGNS, _FEWEST), (_TAGS, _FEWEST)):
        counts = {name: sum(1 for _ in sign.finditer(text[:_HEAD])) for name, sign in signs.items()}
        best = max(counts, key=lambda name: counts[name])
        if counts[best] >= fewest:
            return best
    return next((looks for sign, looks in _READABLE if sign.search(text)), "table")


def _xml(text: str) -> str | Message:
    found = next((name for name, sign in _XML if sign.search(text)), "")
    if found:
        return found
    root = _ROOT.search(text)
    name = root[1] if root else ""
    return (
        Message("looks_like_html")
        if name.lower() in {"html", "head", "body", "table"}
        else Message("looks_like_xml", root=name)
    )


def first_line(text: str) -> str:
    """Return the beginning of a text, as a message shows it."""
    return " ".join(text.lstrip().partition("\n")[0].split())[:_SHOWN]
