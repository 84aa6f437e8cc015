"""HTTP that survives a service's faults: deadlines, retries with back-off, whole answers only.

Parameters are sent as the body of a POST, so that no key ever stands in an address.
"""

from __future__ import annotations

import email.utils
import http.client
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_random_exponential

from casepool.model.errors import NetworkError
from casepool.search.pubmed.pace import Pace, Turn

_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_CHUNK = 65_536
_EXCERPT = 200


class PassingError(NetworkError):
    """A fault that another attempt may not meet; `retry_after` is what the service asked for."""

    def __init__(self, message: str, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


@dataclass(frozen=True)
class Endurance:
    """How long the client waits and how often it tries.

    Attributes
    ----------
    timeout : seconds without any data before an attempt ends.
    deadline : seconds for a whole answer, however steadily it drips.
    attempts : attempts in all.
    first_wait, longest_wait : seconds of back-off, doubled after each attempt, with jitter; a service
        that asks for more than the longest wait ends the search.
    """

    timeout: float = 60.0
    deadline: float = 600.0
    attempts: int = 7
    first_wait: float = 1.0
    longest_wait: float = 300.0


@dataclass(frozen=True)
class Transport:
    """A service, who asks, and how patiently."""

    base_url: str
    identity: Mapping[str, str]
    pace: Pace
    endurance: Endurance = field(default_factory=Endurance)
    api_key: str = field(default="", repr=False)

    def post(self, program: str, parameters: Mapping[str, str], check: Callable[[bytes], None]) -> bytes:
        """Return the answer of a program; one that `check` refuses as passing is asked for again.

        Raises
        ------
        NetworkError
            If the service refuses, or fails at every attempt.
        """
        retrying = Retrying(
            stop=stop_after_attempt(self.endurance.attempts),
            wait=self._pause,
            retry=retry_if_exception_type(PassingError),
            reraise=True,
        )
        try:
            return retrying(self._attempt, program, parameters, check)
        except PassingError as error:
            message = (
                f"{self._place(program)}: {error} (after {self.endurance.attempts} attempts). The snapshots are "
                "untouched. Try again in an hour; if it persists, look at the status page of the service."
            )
            raise NetworkError(message) from None

    def _pause(self, state: RetryCallState) -> float:
        outcome = state.outcome.exception() if state.outcome else None
        asked = outcome.retry_after if isinstance(outcome, PassingError) else 0.0
        backoff = wait_random_exponential(multiplier=self.endurance.first_wait, max=self.endurance.longest_wait)
        return max(asked, self.endurance.first_wait / 2 + float(backoff(state)) / 2)

    def _attempt(self, program: str, parameters: Mapping[str, str], check: Callable[[bytes], None]) -> bytes:
        with self.pace.turn() as turn:
            body = self._send(program, parameters, turn)
        check(body)
        return body

    def _send(self, program: str, parameters: Mapping[str, str], turn: Turn) -> bytes:
        key = {"api_key": self.api_key} if self.api_key else {}
        form = urllib.parse.urlencode({**parameters, **self.identity, **key}).encode("ascii")
        url = urllib.parse.urljoin(self.base_url, program)
        agent = {"User-Agent": self.identity.get("tool", "casepool")}
        request = urllib.request.Request(url, data=form, headers=agent)  # noqa: S310  the configuration admits http(s) only
        try:
            with urllib.request.urlopen(request, timeout=self.endurance.timeout) as answer:  # noqa: S310  as above
                return self._read(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise self._refusal(program, error, turn) from None
        except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
            reason = error.reason if isinstance(error, urllib.error.URLError) else error
            message = f"the connection failed ({self._words(str(reason)) or type(error).__name__})"
            raise PassingError(message) from None

    def _read(self, answer: http.client.HTTPResponse) -> bytes:
        end = time.monotonic() + self.endurance.deadline
        parts = []
        while part := answer.read1(_CHUNK):
            parts.append(part)
            if time.monotonic() > end:
                message = f"the answer was not complete after {self.endurance.deadline:g} s"
                raise PassingError(message)
        body = b"".join(parts)
        announced = answer.headers.get("Content-Length")
        if announced is not None and int(announced) != len(body):
            message = f"the answer broke off after {len(body)} of {announced} bytes"
            raise PassingError(message)
        return body

    def _refusal(self, program: str, error: urllib.error.HTTPError, turn: Turn) -> NetworkError:
        if error.code not in _PASSING:
            said = self._words(error.read(_CHUNK).decode("utf-8", "replace"))
            return NetworkError(
                f"{self._place(program)}: refused with status {error.code} ({said}). Check the query, "
                "pubmed.base_url and NCBI_API_KEY. The snapshots are untouched."
            )
        asked = _seconds(error.headers.get("Retry-After"))
        if asked > self.endurance.longest_wait:
            return NetworkError(
                f"{self._place(program)}: status {error.code}, try again in {asked:.0f} s. The snapshots are untouched."
            )
        turn.postpone(max(asked, self.pace.interval))
        return PassingError(f"status {error.code} {error.reason}", asked)

    def _place(self, program: str) -> str:
        return urllib.parse.urljoin(self.base_url, program)

    def _words(self, text: str) -> str:
        """Return the beginning of what a service said, without the key that it may have repeated."""
        clean = text.replace(self.api_key, "***") if self.api_key else text
        return " ".join(clean.split())[:_EXCERPT]


def _seconds(header: str | None) -> float:
    """Return the seconds that a Retry-After header asks for (a number or a date)."""
    if not header:
        return 0.0
    try:
        return max(float(header), 0.0)
    except ValueError:
        pass
    try:
        return max(email.utils.parsedate_to_datetime(header).timestamp() - time.time(), 0.0)
    except ValueError:
        return 0.0
