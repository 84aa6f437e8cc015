"""One request and its whole answer, headers included, until a deadline; an address that moved is not followed here."""

from __future__ import annotations

import gzip
import http.client
import io
import math
import socket
import time
import urllib.request
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from casepool.model.errors import NetworkError
from casepool.model.message import Message

_CHUNK = 65_536
_GZIP = b"\x1f\x8b"


class BrokenAnswerError(NetworkError):
    """An answer that began and is not whole; its message says so."""


class _Bounded(io.RawIOBase):
    """Bytes of a socket; each read ends at the deadline, however steadily they drip."""

    def __init__(self, stream: io.RawIOBase, connection: socket.socket, end: float) -> None:
        self._stream, self._connection, self._end = stream, connection, end
        self._timeout = connection.gettimeout() or math.inf

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(min(self._timeout, left))
        return self._stream.readinto(buffer)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _answer(end: float) -> Callable[..., http.client.HTTPResponse]:
    """Return what makes an answer of a socket: status line, headers and body are read until `end`."""

    def made(connection: socket.socket, *args: Any, **options: Any) -> http.client.HTTPResponse:
        response = http.client.HTTPResponse(connection, *args, **options)
        raw = response.fp.detach()  # the buffer that http.client makes of the socket
        response.fp = io.BufferedReader(_Bounded(raw, connection, end))
        return response

    return made


class _Http(urllib.request.HTTPHandler):
    end = math.inf

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_until(self.end, http.client.HTTPConnection), req)


class _Https(urllib.request.HTTPSHandler):
    end = math.inf

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_until(self.end, http.client.HTTPSConnection), req)


class _Stay(urllib.request.HTTPRedirectHandler):
    """A moved address is an answer: urllib would ask there with GET and leave the form behind."""

    def redirect_request(self, *_: object) -> None:
        return None


def _until(end: float, kind: Callable[..., http.client.HTTPConnection]) -> Callable[..., http.client.HTTPConnection]:
    def opened(host: str, **options: object) -> http.client.HTTPConnection:
        connection = kind(host, **options)
        connection.response_class = _answer(end)  # type: ignore[assignment]
        return connection

    return opened


def send(url: str, form: bytes, headers: Mapping[str, str], timeout: float, deadline: float) -> bytes:
    """Return the body of the answer to a POST, unpacked where the service packed it.

    Parameters
    ----------
    timeout : seconds without any data.
    deadline : seconds for the whole answer.

    Raises
    ------
    urllib.error.HTTPError
        If the status is not 2xx, a moved address included.
    BrokenAnswerError
        If the answer breaks off, is damaged or is not whole in time.
    OSError, http.client.HTTPException
        If the connection fails.
    """
    end = time.monotonic() + deadline
    http_handler, https_handler = _Http(), _Https()
    http_handler.end = https_handler.end = end
    opener = urllib.request.build_opener(http_handler, https_handler, _Stay())
    request = urllib.request.Request(url, data=form, headers=dict(headers))  # noqa: S310  the configuration admits http(s) only
    try:
        with opener.open(request, timeout=min(timeout, deadline)) as answer:
            return unpacked(_whole(answer))
    except TimeoutError:
        if time.monotonic() < end:
            raise
        raise BrokenAnswerError(Message("answer_late", seconds=f"{deadline:g}")) from None


def _whole(answer: http.client.HTTPResponse) -> bytes:
    parts = []
    while part := answer.read1(_CHUNK):
        parts.append(part)
    body = b"".join(parts)
    announced = "" if answer.chunked else answer.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) != len(body):
        raise BrokenAnswerError(Message("answer_cut", received=len(body), announced=announced))
    return body


def unpacked(body: bytes) -> bytes:
    """Return a body that a service or a proxy packed with gzip, asked or not; others as they are."""
    if not body.startswith(_GZIP):
        return body
    try:
        return gzip.decompress(body)
    except (OSError, EOFError, zlib.error) as error:
        raise BrokenAnswerError(Message("answer_packed", error=str(error))) from None
