"""A client of E-utilities over the history server: every record that a search announces, or an error.

PubMed hands out the first 9,999 records of a search only; a larger one is cut into ranges of dates.
"""

from __future__ import annotations

import codecs
import io
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path

from lxml import etree

from casepool.model.errors import ConfigError, FileError, NetworkError
from casepool.model.message import Message
from casepool.search.formats.pubmed_xml import parse_articles
from casepool.search.pubmed import pace
from casepool.search.pubmed.reason import reason
from casepool.search.pubmed.transport import Endurance, PassingError, RefusedError, Transport

TOOL = "casepool"
CAP = 9_999
_FIRST_DAY, _LAST_DAY = date(1700, 1, 1), date(2999, 12, 31)
_END = b"</PubmedArticleSet>"
_ENCODING = re.compile(r"""^(\s*<\?xml[^>]*?encoding\s*=\s*["'])([A-Za-z][A-Za-z0-9._-]*)""")
# What efetch answers where a search is no longer, or not wholly, on the history server; with status 200 or 400.
_FORGOTTEN = re.compile(r"history|web_?env|query_?key|obtain query", re.IGNORECASE)
_EXCERPT = 160


class HistoryError(NetworkError):
    """The history server has forgotten a search; the same search, asked again, has another history."""


@dataclass(frozen=True)
class Slice:
    """A search kept on the history server: at most 9,999 records, found between two dates."""

    count: int
    web_env: str
    query_key: str
    ids: tuple[str, ...]
    translation: str
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    date_type: str = ""
    first: str = ""
    last: str = ""

    def as_dict(self) -> dict[str, object]:
        """Return the slice as plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Found:
    """What a search announces: its slices hold all its records."""

    count: int
    translation: str
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    slices: tuple[Slice, ...]


@dataclass(frozen=True)
class Batch:
    """A part of a slice that is fetched with one request."""

    slice: Slice
    start: int
    size: int


@dataclass(frozen=True)
class Client:
    """PubMed through E-utilities."""

    transport: Transport
    batch_size: int = 500
    cap: int = CAP

    def search(self, query: str, since: date | None = None) -> Found:
        """Return what a query finds; `since` keeps the records that were added or changed on or after a day.

        Raises
        ------
        NetworkError
            If the service fails, or its slices by date do not hold what the whole search announces.
        """
        # The modification date lets a later search see retractions of older records too.
        kind = "mdat" if since else ""
        whole = self._slice(query, kind, since or _FIRST_DAY, _LAST_DAY)
        slices: tuple[Slice, ...] = (whole,)
        if whole.count > self.cap:
            kind = kind or "edat"
            slices = tuple(self._cut(query, kind, since or _FIRST_DAY, _LAST_DAY))
        held = sum(one.count for one in slices)
        if held != whole.count:
            raise NetworkError(Message("ranges_differ", announced=whole.count, held=held))
        return Found(whole.count, whole.translation, whole.errors, whole.warnings, slices)

    def batches(self, found: Found) -> Iterator[Batch]:
        """Yield the batches that together hold every record."""
        for one in found.slices:
            for start in range(0, one.count, self.batch_size):
                yield Batch(one, start, min(self.batch_size, one.count - start))

    def fetch(self, batch: Batch) -> bytes:
        """Return the XML of a batch: whole, readable to its last record, as many as announced, in UTF-8.

        Raises
        ------
        HistoryError
            If the service no longer knows the search.
        NetworkError
            If it refuses or fails at every attempt.
        """
        parameters = {
            "db": "pubmed",
            "WebEnv": batch.slice.web_env,
            "query_key": batch.slice.query_key,
            "retstart": str(batch.start),
            "retmax": str(batch.size),
            "retmode": "xml",
        }
        try:
            return self.transport.post("efetch.fcgi", parameters, _batch_reader(batch))
        except RefusedError as error:
            if _FORGOTTEN.search(error.said):
                raise HistoryError(_forgotten(error.said)) from None
            raise

    def _cut(self, query: str, kind: str, first: date, last: date) -> Iterator[Slice]:
        found = self._slice(query, kind, first, last)
        if found.count == 0:
            return
        if found.count <= self.cap:
            yield found
        elif first == last:
            raise NetworkError(Message("day_too_full", count=found.count, day=first.isoformat(), cap=self.cap))
        else:
            middle = first + (last - first) // 2
            yield from self._cut(query, kind, first, middle)
            yield from self._cut(query, kind, middle + timedelta(days=1), last)

    def _slice(self, query: str, kind: str, first: date, last: date) -> Slice:
        parameters = {"db": "pubmed", "term": query, "usehistory": "y", "retmax": str(self.cap), "retmode": "xml"}
        dates: dict[str, str] = {}
        if kind:
            dates = {"datetype": kind, "mindate": f"{first:%Y/%m/%d}", "maxdate": f"{last:%Y/%m/%d}"}
        root = self.transport.post("esearch.fcgi", {**parameters, **dates}, _search_answer)
        count = int(_text(root, "Count"))
        ids = tuple(_texts(root, "IdList/Id"))
        if len(ids) != min(count, self.cap):
            raise NetworkError(Message("ids_differ", announced=count, listed=len(ids)))
        return Slice(
            count, _text(root, "WebEnv"), _text(root, "QueryKey"), ids, _text(root, "QueryTranslation"),
            tuple(_listed(root, "ErrorList")), tuple(_listed(root, "WarningList")),
            kind, dates.get("mindate", ""), dates.get("maxdate", ""),
        )  # fmt: skip


@dataclass(frozen=True)
class Access:
    """How PubMed is reached: the address, who asks, and the key from the environment."""

    base_url: str
    email: str
    endurance: Endurance = field(default_factory=Endurance)
    pace_path: Path | None = None
    interval: float | None = None

    def client(self, environment: Mapping[str, str] = os.environ, *, batch_size: int = 500, cap: int = CAP) -> Client:
        """Return a client; the key is read from NCBI_API_KEY and shown nowhere."""
        if not self.email:
            raise ConfigError(Message("no_email"))
        key = environment.get("NCBI_API_KEY", "").strip()
        interval = self.interval or (pace.WITH_KEY if key else pace.WITHOUT_KEY)
        rhythm = pace.Pace(interval, self.pace_path or pace.shared_path())
        identity = {"tool": TOOL, "email": self.email}
        return Client(Transport(self.base_url, identity, rhythm, self.endurance, key), batch_size, cap)


def _search_answer(body: bytes) -> etree._Element:
    parser = etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as fault:
        raise PassingError(_no_set(body, str(fault))) from None
    if root.tag != "eSearchResult":
        raise PassingError(_no_set(body, ""))
    error = _text(root, "ERROR")
    if error or not _text(root, "Count").isdecimal():
        raise PassingError(Message("search_answered", said=error or Message("without_a_count")))
    odd = [one for one in _texts(root, "IdList/Id") if not one.isdecimal()]
    if odd:
        raise PassingError(Message("odd_pubmed_id", id=odd[0]))
    return root


def _batch_reader(batch: Batch) -> Callable[[bytes], bytes]:
    """Return what takes a batch only if all its records can be read: a bad one would spoil the whole snapshot."""

    def read(body: bytes) -> bytes:
        text = _in_utf8(body)
        if not text[-256:].rstrip().endswith(_END):
            if _FORGOTTEN.search(said := str(reason(body))):
                raise HistoryError(_forgotten(said))
            raise PassingError(_no_set(body, ""))
        try:
            pmids = [str(record["pmid"]) for record in parse_articles(io.BytesIO(text), Path("efetch.fcgi"))]
        except FileError as fault:
            cause = fault.message["fault"] if isinstance(fault.message, Message) else fault.message
            ends = {"first": batch.start + 1, "last": batch.start + batch.size}
            raise PassingError(Message("batch_unreadable", cause=cause, **ends)) from None
        odd = [pmid for pmid in pmids if not pmid.isdecimal()]
        if odd or len(pmids) < batch.size:
            raise PassingError(Message("batch_incomplete", received=len(pmids) - len(odd), announced=batch.size))
        return text

    return read


def _in_utf8(body: bytes) -> bytes:
    """Return XML in UTF-8 whatever it declares, so that batches of different encodings make one file."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "UTF-16"
    else:
        declared = _ENCODING.search(body[:200].decode("ascii", "replace"))
        encoding = declared[2] if declared else "UTF-8"
    if encoding.upper() in {"UTF-8", "ASCII", "US-ASCII"}:
        return body
    try:
        return _ENCODING.sub(r"\1UTF-8", body.decode(encoding), count=1).encode()
    except (LookupError, UnicodeError):
        return body  # the reader says what is wrong with it


def _no_set(body: bytes, fault: str) -> Message:
    """Return why a body is not what was asked for."""
    if not body.strip():
        return Message("answer_empty")
    if b"<PubmedArticleSet" in body[:4096] or b"<eSearchResult" in body[:4096]:
        return Message("xml_cut_at", fault=fault) if fault else Message("xml_cut")
    said = reason(body) or Message("answer_of_another_kind")
    return Message("no_records_came", said=said if isinstance(said, Message) else said[:_EXCERPT])


def _forgotten(said: str) -> Message:
    return Message("search_forgotten", said=said[:_EXCERPT])


def _text(root: etree._Element, path: str) -> str:
    return (root.findtext(path) or "").strip()


def _texts(root: etree._Element, path: str) -> list[str]:
    return [(one.text or "").strip() for one in root.findall(path)]


def _listed(root: etree._Element, path: str) -> Iterator[str]:
    """Yield the entries of an error or warning list, as ``PhraseNotFound: word``."""
    for part in root.findall(f"{path}/*"):
        if part.text and part.text.strip():
            yield f"{part.tag}: {part.text.strip()}"
