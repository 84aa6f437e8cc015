"""A stand-in for E-utilities on the loopback: history server, batches of XML, and misbehaviour on demand.

It speaks the protocol of the real service (esearch with history and an id list of at most 9,999, efetch of
at most 9,999 records of a search) and keeps what it was asked, when, with which parameters.
"""

from __future__ import annotations

import gzip
import socket
import struct
import threading
import time
import urllib.parse
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CAP = 9_999
DTD = "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_{year}0101.dtd"
HTML = b"<!DOCTYPE html><html><head><title>NCBI</title></head><body><p>Temporarily unavailable<br></body></html>"


@dataclass(frozen=True)
class Article:
    """An invented record of PubMed."""

    pmid: int
    title: str = "Daratumumab in invented immune thrombocytopenia: a case report"
    abstract: str = "An invented woman of 40 years received daratumumab."
    doi: str = ""
    year: int = 2024
    authors: tuple[str, ...] = ("Invented A", "Other B")
    journal: str = "J Inv"
    types: tuple[str, ...] = ("Case Reports", "Journal Article")
    mesh: tuple[str, ...] = ("Adult", "Humans")
    language: str = "eng"
    notices: tuple[tuple[str, str], ...] = ()
    entered: date = date(2024, 1, 1)
    changed: date = date(2024, 1, 1)
    book: bool = False
    place: tuple[str, str, str] | None = None  # volume, issue, pages

    def xml(self) -> str:
        """Return the record as efetch gives it."""
        return self._book() if self.book else self._article()

    def _authors(self) -> str:
        names = (name.rpartition(" ") for name in self.authors)
        return "".join(f"<Author><LastName>{a}</LastName><Initials>{i}</Initials></Author>" for a, _, i in names)

    def _article(self) -> str:
        types = "".join(f'<PublicationType UI="D0">{one}</PublicationType>' for one in self.types)
        mesh = "".join(f"<MeshHeading><DescriptorName>{one}</DescriptorName></MeshHeading>" for one in self.mesh)
        notices = "".join(
            f'<CommentsCorrections RefType="{kind}"><RefSource>{source}</RefSource><PMID Version="1">1</PMID>'
            "</CommentsCorrections>"
            for kind, source in self.notices
        )
        doi = f'<ArticleId IdType="doi">{self.doi}</ArticleId>' if self.doi else ""
        volume, issue, pages = self.place or ("5", "2", f"{self.pmid % 100}-9")
        return f"""<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{self.pmid}</PMID>
<Article PubModel="Print"><Journal><JournalIssue CitedMedium="Print"><Volume>{volume}</Volume><Issue>{issue}</Issue>
<PubDate><Year>{self.year}</Year></PubDate></JournalIssue><Title>Journal of Inventions</Title>
<ISOAbbreviation>{self.journal}</ISOAbbreviation></Journal><ArticleTitle>{self.title}</ArticleTitle>
<Pagination><MedlinePgn>{pages}</MedlinePgn></Pagination>
<Abstract><AbstractText Label="CASE">{self.abstract}</AbstractText></Abstract>
<AuthorList CompleteYN="Y">{self._authors()}</AuthorList><Language>{self.language}</Language>
<PublicationTypeList>{types}</PublicationTypeList></Article>
<CommentsCorrectionsList>{notices}</CommentsCorrectionsList><MeshHeadingList>{mesh}</MeshHeadingList>
</MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="pubmed">{self.pmid}</ArticleId>{doi}</ArticleIdList>
</PubmedData></PubmedArticle>
"""

    def _book(self) -> str:
        return f"""<PubmedBookArticle><BookDocument><PMID Version="1">{self.pmid}</PMID>
<Book><BookTitle>Book of Inventions</BookTitle><PubDate><Year>{self.year}</Year></PubDate></Book>
<ArticleTitle>{self.title}</ArticleTitle><Language>eng</Language><AuthorList>{self._authors()}</AuthorList>
<PublicationType>Review</PublicationType></BookDocument><PubmedBookData></PubmedBookData></PubmedBookArticle>
"""


def articles(number: int, first: int = 1001, **changes: object) -> list[Article]:
    """Return as many articles with PMIDs that follow each other."""
    return [Article(first + n, doi=f"10.1000/inv.{first + n}", **changes) for n in range(number)]  # type: ignore[arg-type]


Fault = Callable[["_Handler", bytes], None]


@dataclass
class Service:
    """The records it knows, how it misbehaves, and what it was asked."""

    records: list[Article]
    address: str = ""
    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    asked: list[tuple[float, str, dict[str, str]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    errors: str = ""
    warnings: str = ""
    year: int = 2025
    announced: int | None = None
    repeated: int | None = None
    histories: dict[str, list[Article]] = field(default_factory=dict)

    def misbehave(self, program: str, *faults: Fault) -> None:
        """Answer the next requests of a program with these faults, in order."""
        self.faults[program].extend(faults)

    def times(self, program: str = "") -> list[float]:
        """Return when a program (or any) was asked."""
        return [when for when, name, _ in self.asked if program in name]

    def answer(self, program: str, form: dict[str, str]) -> bytes:
        """Return what the real service would."""
        return self._esearch(form) if program == "esearch.fcgi" else self._efetch(form)

    def _esearch(self, form: dict[str, str]) -> bytes:
        found = sorted((one for one in self.records if _within(one, form)), key=lambda one: -one.pmid)
        name = f"MCID_{len(self.histories):032x}"
        self.histories[name] = found
        count = len(found) if self.announced is None else self.announced
        most = min(int(form.get("retmax", "20")), CAP)
        shown = found[:most]
        ids = "".join(f"<Id>{one.pmid}</Id>\n" for one in shown)
        ids += "".join(f"<Id>{90000 + n}</Id>\n" for n in range(min(count, most) - len(shown)))
        return (
            '<?xml version="1.0" encoding="UTF-8" ?>\n'
            '<!DOCTYPE eSearchResult PUBLIC "-//NLM//DTD esearch 20060628//EN" '
            '"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20060628/esearch.dtd">\n'
            f"<eSearchResult><Count>{count}</Count><RetMax>{len(shown)}</RetMax><RetStart>0</RetStart>"
            f"<QueryKey>1</QueryKey><WebEnv>{name}</WebEnv><IdList>\n{ids}</IdList><TranslationSet/>"
            f"<QueryTranslation>{form['term'].replace('&', '&amp;')} (translated)</QueryTranslation>"
            f"{self.errors}{self.warnings}</eSearchResult>\n"
        ).encode()

    def _efetch(self, form: dict[str, str]) -> bytes:
        held = self.histories.get(form["WebEnv"])
        if held is None:
            return (
                b'<?xml version="1.0"?>\n<eFetchResult>\n\t<ERROR>Unable to obtain query #1</ERROR>\n</eFetchResult>\n'
            )
        start, size = int(form["retstart"]), int(form["retmax"])
        chosen = held[start : min(start + size, CAP)]
        body = "".join(one.xml() for one in chosen)
        if self.repeated is not None:
            body += next((one.xml() for one in chosen if one.pmid == self.repeated), "")
        head = '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January '
        head += f'{self.year}//EN" "{DTD.format(year=str(self.year)[2:])}">\n'
        return f"{head}<PubmedArticleSet>\n{body}</PubmedArticleSet>".encode()


def _within(article: Article, form: dict[str, str]) -> bool:
    day = {"edat": article.entered, "mdat": article.changed}.get(form.get("datetype", ""))
    if day is None:
        return True
    return form["mindate"] <= f"{day:%Y/%m/%d}" <= form["maxdate"]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    service: Service

    def do_POST(self) -> None:
        """Answer one request, well or badly."""
        arrived = time.monotonic()
        program = self.path.rpartition("/")[2]
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = dict(urllib.parse.parse_qsl(body))
        self.service.asked.append((arrived, program, form))
        self.service.headers.append(dict(self.headers))
        self.service.paths.append(self.path)
        content = self.service.answer(program, form)
        waiting = self.service.faults[program]
        (waiting.popleft() if waiting else whole)(self, content)

    def log_message(self, *args: object) -> None:
        """Print nothing."""

    def begin(self, status: int, headers: dict[str, str]) -> None:
        """Send the head of an answer."""
        self.send_response(status)
        for name, value in {"Content-Type": "text/xml; charset=UTF-8", "Connection": "close", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.close_connection = True


def whole(handler: _Handler, content: bytes) -> None:
    """Answer as the real service does: in chunks, without a length."""
    handler.begin(200, {"Transfer-Encoding": "chunked"})
    for start in range(0, len(content), 60_000):
        part = content[start : start + 60_000]
        handler.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
    handler.wfile.write(b"0\r\n\r\n")


def status(code: int, body: bytes = b"{}", **headers: str) -> Fault:
    """Return a refusal."""

    def answer(handler: _Handler, _: bytes) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        handler.begin(code, {"Content-Length": str(len(body)), **named})
        handler.wfile.write(body)

    return answer


def reset(handler: _Handler, _: bytes) -> None:
    """Reset the connection."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


def truncated(handler: _Handler, content: bytes) -> None:
    """Announce a length and send half."""
    handler.begin(200, {"Content-Length": str(len(content))})
    handler.wfile.write(content[: len(content) // 2])


def truncated_chunks(handler: _Handler, content: bytes) -> None:
    """Send half of the chunks and no end."""
    handler.begin(200, {"Transfer-Encoding": "chunked"})
    part = content[: len(content) // 2]
    handler.wfile.write(f"{len(content):x}\r\n".encode() + part)


def broken_xml(handler: _Handler, content: bytes) -> None:
    """Send half of the XML as if it were all."""
    whole(handler, content[: len(content) // 2])


def html(handler: _Handler, _: bytes) -> None:
    """Send a web page with status 200."""
    whole(handler, HTML)


def fewer(handler: _Handler, content: bytes) -> None:
    """Leave the first article out."""
    text = content.decode()
    start, end = text.index("<PubmedArticle>"), text.index("</PubmedArticle>") + len("</PubmedArticle>")
    whole(handler, (text[:start] + text[end:]).encode())


def changed(change: Callable[[str], str]) -> Fault:
    """Return the answer with its text changed."""
    return lambda handler, content: whole(handler, change(content.decode()).encode())


def encoded(encoding: str) -> Fault:
    """Return the answer in another encoding, which it declares."""

    def answer(handler: _Handler, content: bytes) -> None:
        text = content.decode().replace('version="1.0"', f'version="1.0" encoding="{encoding.upper()}"', 1)
        whole(handler, text.encode(encoding))

    return answer


def packed(handler: _Handler, content: bytes) -> None:
    """Send the answer as gzip, unasked."""
    body = gzip.compress(content)
    handler.begin(200, {"Content-Encoding": "gzip", "Content-Length": str(len(body))})
    handler.wfile.write(body)


def moved(code: int, address: str) -> Fault:
    """Return an answer that sends to another address."""
    return status(code, b"", Location=address)


def drip_headers(seconds: float, every: float = 0.05) -> Fault:
    """Return an answer whose headers come line by line for these seconds."""

    def answer(handler: _Handler, content: bytes) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(int(seconds / every)):
            handler.wfile.write(f"X-{number}: invented\r\n".encode())
            handler.wfile.flush()
            time.sleep(every)
        handler.close_connection = True

    return answer


def drip(seconds: float, every: float = 0.05) -> Fault:
    """Return an answer that comes byte by byte for these seconds."""

    def answer(handler: _Handler, content: bytes) -> None:
        handler.begin(200, {"Content-Length": str(len(content))})
        end = time.monotonic() + seconds
        for byte in content:
            if time.monotonic() > end:
                return
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            time.sleep(every)

    return answer


def silence(seconds: float) -> Fault:
    """Return an answer that does not come."""

    def answer(handler: _Handler, content: bytes) -> None:
        time.sleep(seconds)
        handler.close_connection = True

    return answer


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are part of the tests."""


@contextmanager
def serving(records: list[Article]) -> Iterator[Service]:
    """Yield the service while it runs."""
    service = Service(records)
    handler = type("Handler", (_Handler,), {"service": service})
    server = _Server(("127.0.0.1", 0), handler)
    service.address = f"http://127.0.0.1:{server.server_address[1]}/entrez/eutils/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
