"""What both clients share: headers, patience, and what an answer means."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import quote

import httpx
import orjson

from graphrisk.client.calls import Json
from graphrisk.core import errors
from graphrisk.core.errors import GraphRiskError, LimitExceeded, StoreUnavailable, Unsupported

JSON_ANSWER = "application/graphql-response+json"
EVENTS = "text/event-stream"
_TOO_MANY = 429
_TRY_AGAIN = {_TOO_MANY, 503}
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
#: A stream shows a sign of life every 15 seconds: after three that are missing it is gone.
TIMES = httpx.Timeout(45.0, connect=10.0)
#: Signs that stand in the number of a case as they are; others are percent-encoded.
_OF_A_CASE = "/._-%"


class Failed(Exception):
    """An attempt that brought no answer."""

    def __init__(
        self, error: GraphRiskError, *, again: bool = False, wish: int | None = None
    ) -> None:
        super().__init__(str(error))
        self.error = error
        self.again = again
        self.wish = wish


@dataclass(frozen=True)
class Backoff:
    """How often and when a request is sent again; a wish of the service (Retry-After) goes first.

    Args:
        attempts: Of one request in all; of a stream, in a row without an event.
        first_seconds: Longest first pause; each is up to twice as long as the one before.
        most_seconds: Longest pause. Who is told to wait longer is told so by the error.
        chance: From 0 to 1, spreads the clients of a service that comes back.
    """

    attempts: int = 4
    first_seconds: float = 0.5
    most_seconds: float = 30.0
    chance: Callable[[], float] = field(default=random.random, repr=False)

    def pause(self, failed: Failed, attempts: int) -> float:
        """Seconds until the next attempt after so many; raises the error of the last: give up."""
        longest = min(self.first_seconds * 2 ** (attempts - 1), self.most_seconds)
        seconds = longest * (0.5 + self.chance() / 2) if failed.wish is None else failed.wish
        if not failed.again or attempts >= self.attempts or seconds > self.most_seconds:
            raise failed.error from failed
        return seconds


@dataclass(frozen=True)
class Caller:
    """Who asks, and what for."""

    url: str
    token: str | Callable[[], str] | None = field(default=None, repr=False)
    purpose: str | None = None
    case: str | None = None

    def headers(self, accept: str) -> dict[str, str]:
        """Of one request; a token that is called for is called for now."""
        token = self.token() if callable(self.token) else self.token
        told = {
            "content-type": "application/json",
            "accept": accept,
            "authorization": None if token is None else f"Bearer {token}",
            "x-purpose": self.purpose,
            "x-case": None if self.case is None else quote(self.case, safe=_OF_A_CASE),
        }
        return {name: value for name, value in told.items() if value is not None}


@dataclass
class Told:
    """One server-sent event."""

    kind: str = ""
    cursor: str | None = None
    data: str = ""


class EventLines:
    """Gathers the lines of a stream into events."""

    def __init__(self) -> None:
        self._event = Told()

    def take(self, line: str) -> Iterator[Told]:
        """The event that ends with this line, if one does."""
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            self._event.kind = value
        elif name == "id":
            self._event.cursor = value
        elif name == "data":
            self._event.data += value
        elif not line and self._event.kind:
            yield self._event
            self._event = Told()


def not_reached(url: str, error: Exception, is_read: bool) -> Failed:
    """Of a service that cannot be reached. Whether a change was begun with may not be known."""
    told = StoreUnavailable(f"{url} does not answer: {error or type(error).__name__}")
    return Failed(told, again=is_read or isinstance(error, _NEVER_SENT))


def data_of(answer: httpx.Response, url: str, is_read: bool) -> dict[str, Json]:
    """``data`` of an answer. Raises ``Failed``."""
    said = answer.headers.get("retry-after", "")
    wish = int(said) if said.isdecimal() else None
    document = _document(answer.content)
    if document is not None:
        return data_in(document, url, is_read, wish)
    if answer.status_code in _TRY_AGAIN:
        told = StoreUnavailable(f"{url} answers {answer.status_code}")
        raise Failed(told, again=is_read or answer.status_code == _TOO_MANY, wish=wish)
    raise Failed(Unsupported(f"what answers at {url} is no GraphQL endpoint"))


def data_in(
    document: Mapping[str, Json], url: str, is_read: bool, wish: int | None = None
) -> dict[str, Json]:
    """``data`` of a document; ``Failed`` with the class of the first error's code."""
    if not document.get("errors"):
        return cast("dict[str, Json]", document.get("data"))
    first = cast("list[dict[str, Json]]", document["errors"])[0]
    extensions = cast("dict[str, str | int]", first.get("extensions") or {})
    error = _kinds().get(str(extensions.get("code")), GraphRiskError)(f"{url}: {first['message']}")
    told = extensions.get("retryAfterSeconds")
    wish = told if isinstance(told, int) else wish
    if isinstance(error, LimitExceeded):
        error.retry_after_seconds = wish
    again = isinstance(error, StoreUnavailable) and is_read
    raise Failed(error, again=again or (isinstance(error, LimitExceeded) and bool(wish)), wish=wish)


def event_document(event: Told, url: str) -> dict[str, Json]:
    """What an event of a stream says; ``Failed`` for one that says nothing."""
    document = _document(event.data.encode())
    if document is None:
        raise Failed(Unsupported(f"what answers at {url} is no stream of GraphQL"))
    return document


def _document(body: bytes) -> dict[str, Json] | None:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    known = isinstance(document, dict) and document.keys() & {"data", "errors"}
    return document if known else None


def _kinds() -> dict[str, type[GraphRiskError]]:
    """Classes by code."""
    held = (one for one in vars(errors).values() if isinstance(one, type))
    return {one.code: one for one in held if issubclass(one, GraphRiskError)}
