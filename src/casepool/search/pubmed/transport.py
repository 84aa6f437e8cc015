"""HTTP that survives a service's faults: deadlines, retries with back-off, whole answers only.

Parameters are sent as the body of a POST, so that no key ever stands in an address.
"""

from __future__ import annotations

import email.utils
import http.client
import math
import time
import urllib.error
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_random_exponential

from casepool.model.errors import NetworkError
from casepool.model.message import Argument, Message
from casepool.search.pubmed.pace import Pace, Turn
from casepool.search.pubmed.reason import reason
from casepool.search.pubmed.request import BrokenAnswerError, send, unpacked

_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_MOVED = frozenset({301, 302, 307, 308})
_MOVES = 5  # addresses one after the other
_SAID = 65_536  # bytes of a refusal that are read
_EXCERPT = 200

T = TypeVar("T")


class PassingError(NetworkError):
    """A fault that another attempt may not meet; `retry_after` is what the service asked for."""

    def __init__(self, message: Message | str, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RefusedError(NetworkError):
    """An answer that another attempt would meet again; `said` is the reason that the service gave."""

    def __init__(self, message: Message, said: str) -> None:
        super().__init__(message)
        self.said = said


class _MovedError(Exception):
    """The service says that it stands at another address."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


@dataclass(frozen=True)
class Endurance:
    """How long the client waits and how often it tries.

    Attributes
    ----------
    timeout : seconds without any data before an attempt ends.
    deadline : seconds for a whole answer, its headers included, however steadily it drips.
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

    def post(self, program: str, parameters: Mapping[str, str], read: Callable[[bytes], T]) -> T:
        """Return what `read` makes of the answer of a program; where it raises PassingError, it is asked again.

        Raises
        ------
        RefusedError
            If the service refuses.
        NetworkError
            If it fails at every attempt, asks for a long pause or sends elsewhere; whatever else `read` raises.
        """
        retrying = Retrying(
            stop=stop_after_attempt(self.endurance.attempts),
            wait=self._pause,
            retry=retry_if_exception_type(PassingError),
            reraise=True,
        )
        try:
            return retrying(lambda: read(self._follow(program, parameters)))
        except PassingError as error:
            fault, attempts = self._masked(error.message), self.endurance.attempts
            raise NetworkError(
                Message("service_failing", place=self._place(program), fault=fault, attempts=attempts)
            ) from None

    def rest(self, attempt: int) -> None:
        """Wait before a further attempt (0: not at all, then longer each time)."""
        if attempt:
            time.sleep(min(self.endurance.first_wait * 2 ** (attempt - 1), self.endurance.longest_wait))

    def _pause(self, state: RetryCallState) -> float:
        outcome = state.outcome.exception() if state.outcome else None
        asked = outcome.retry_after if isinstance(outcome, PassingError) else 0.0
        backoff = wait_random_exponential(multiplier=self.endurance.first_wait, max=self.endurance.longest_wait)
        return max(asked, self.endurance.first_wait / 2 + float(backoff(state)) / 2)

    def _follow(self, program: str, parameters: Mapping[str, str]) -> bytes:
        """Return the answer, asked for with the same form where the service has moved on its own host."""
        key = {"api_key": self.api_key} if self.api_key else {}
        form = urllib.parse.urlencode({**parameters, **self.identity, **key}).encode("ascii")
        url = self._place(program)
        for _ in range(_MOVES):
            try:
                with self.pace.turn() as turn:
                    return self._send(program, url, form, turn)
            except _MovedError as moved:
                url = self._allowed(program, url, urllib.parse.urljoin(url, moved.address))
        raise self._sent_elsewhere(program, Message("sent_on", times=_MOVES, address=self._masked(url)))

    def _allowed(self, program: str, url: str, address: str) -> str:
        """Return a new address that may be given what was meant for the old one, the key among it."""
        old, new = urllib.parse.urlsplit(url), urllib.parse.urlsplit(address)
        if new.hostname == old.hostname and new.scheme in {old.scheme, "https"}:
            return address
        raise self._sent_elsewhere(program, Message("not_followed", address=self._masked(address)))

    def _sent_elsewhere(self, program: str, fault: Message) -> NetworkError:
        return NetworkError(Message("service_elsewhere", place=self._place(program), fault=fault))

    def _send(self, program: str, url: str, form: bytes, turn: Turn) -> bytes:
        agent = {"User-Agent": self.identity.get("tool", "casepool")}
        try:
            return send(url, form, agent, self.endurance.timeout, self.endurance.deadline)
        except urllib.error.HTTPError as error:
            with error:
                if error.code in _MOVED and error.headers.get("Location"):
                    raise _MovedError(error.headers["Location"]) from None
                raise self._refusal(program, error, turn) from None
        except BrokenAnswerError as error:
            raise PassingError(error.message) from None
        except (http.client.HTTPException, OSError) as error:  # URLError among them
            cause = error.reason if isinstance(error, urllib.error.URLError) else error
            said = self._masked(str(cause)) or type(cause).__name__
            raise PassingError(Message("connection_failed", cause=said)) from None

    def _refusal(self, program: str, error: urllib.error.HTTPError, turn: Turn) -> NetworkError:
        said = self._said(error)
        status = Message("status_of_service", code=error.code, said=said)
        if error.code not in _PASSING:
            return RefusedError(Message("service_refuses", place=self._place(program), status=status), str(said))
        asked = _seconds(error.headers.get("Retry-After"))
        if asked > self.endurance.longest_wait:
            seconds = f"{asked:.0f}"
            return NetworkError(Message("service_pauses", place=self._place(program), status=status, seconds=seconds))
        turn.postpone(max(asked, self.pace.interval))
        return PassingError(status, asked)

    def _said(self, error: urllib.error.HTTPError) -> Argument:
        """Return the reason in the body of a refusal, else the phrase beside its status."""
        try:
            body = unpacked(error.read(_SAID))
        except (
            BrokenAnswerError,
            http.client.HTTPException,
            OSError,
        ):  # the status is known; its explanation broke off
            body = b""
        return self._masked(reason(body) or str(error.reason))

    def _place(self, program: str) -> str:
        return urllib.parse.urljoin(self.base_url, program)

    def _masked(self, text: Argument) -> Argument:
        """Return the beginning of what a service said, without the key that it may have repeated."""
        if isinstance(text, Message):
            return Message(text.id, **{name: self._masked(value) for name, value in text.arguments})
        if not isinstance(text, str):
            return text
        clean = text.replace(self.api_key, "***") if self.api_key else text
        return " ".join(clean.split())[:_EXCERPT]


def _seconds(header: str | None) -> float:
    """Return the seconds that a Retry-After header asks for (a number or a date); nonsense asks for none."""
    if not header:
        return 0.0
    try:
        number = float(header)
    except ValueError:
        pass
    else:
        return max(number, 0.0) if math.isfinite(number) else 0.0
    try:
        return max(email.utils.parsedate_to_datetime(header).timestamp() - time.time(), 0.0)
    except (ValueError, OverflowError):
        return 0.0
