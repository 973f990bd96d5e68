"""Pull by HTTP: changes page by page, from the token of the last page on."""

from __future__ import annotations

import http.client
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from email.message import Message
from typing import IO

import orjson

from graphrisk.core.errors import BadInput, ConfigError, LimitExceeded, StoreUnavailable
from graphrisk.ingest.feeds.config import HttpFeed

MOST_BYTES = 64 << 20
ATTEMPTS = 5
LONGEST_PAUSE_SECONDS = 60
WHOLE_SECONDS = 300
_QUIET_SECONDS = 30
_CHUNK = 1 << 16
_PASSING = (429, 500, 502, 503, 504)
_Faults = (OSError, http.client.HTTPException)  # URLError is an OSError


class _Again(Exception):
    """What may pass by itself; ``after`` is how long the service asks to wait, in seconds."""

    def __init__(self, reason: str, after: int = 0) -> None:
        self.after = after
        super().__init__(reason)


class HttpPull:
    """Fetches pages of a feed.

    An answer is a JSON object: rows (objects) in one member, in another the token to ask with next
    time. Requests that fail for a passing reason are repeated after 1, 2, 4 … seconds or when the
    service says. Redirects are not followed: the key would go along.
    """

    def __init__(self, feed: HttpFeed, pause: Callable[[float], None] = time.sleep) -> None:
        self._feed = feed
        self._pause = pause
        self._headers = {"accept": "application/json"}
        if feed.secret is not None:
            key = os.environ.get(feed.secret)
            if not key:
                raise ConfigError(f"{feed.name}: the variable {feed.secret} holds no key")
            self._headers["authorization"] = f"Bearer {key}"
        self._opener = urllib.request.build_opener(_NoRedirect)

    def fetch(self, token: str | None, add: Callable[[bytes], None]) -> str | None:
        """Hand the rows behind ``token`` to ``add``, each as a JSON object.

        Returns:
            The token behind these rows; ``None`` where the service names none.

        Raises:
            StoreUnavailable: it does not answer, however often it is asked.
            BadInput: it refuses, or answers what is no page.
            LimitExceeded: a page of more than 64 MiB.
        """
        answer = self._answer(self._url(token))
        rows, behind = answer.get(self._feed.rows), answer.get(self._feed.next)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self._bad(f"{self._feed.rows!r} is no list of objects")
        if behind is not None and not isinstance(behind, str | int):
            raise self._bad(f"{self._feed.next!r} is neither a text nor a number")
        if rows and behind is not None and str(behind) == token:
            raise self._bad("it brings rows without moving on")
        for row in rows:
            add(orjson.dumps(row))
        return None if behind is None else str(behind)

    def _url(self, token: str | None) -> str:
        if token is None:
            return self._feed.url
        parts = urllib.parse.urlsplit(self._feed.url)
        said = [*urllib.parse.parse_qsl(parts.query, True), (self._feed.since, token)]
        return parts._replace(query=urllib.parse.urlencode(said)).geturl()

    def _answer(self, url: str) -> dict[str, object]:
        for attempt in range(ATTEMPTS):
            try:
                body = self._read(url)
                break
            except _Again as error:
                if attempt == ATTEMPTS - 1:
                    message = f"{self._feed.name}: the service does not answer: {error}"
                    raise StoreUnavailable(message) from error
                self._pause(min(max(2**attempt, error.after), LONGEST_PAUSE_SECONDS))
        try:
            found = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise self._bad(f"no JSON: {error}") from error
        if not isinstance(found, dict):
            raise self._bad("no JSON object")
        return found

    def _read(self, url: str) -> bytes:
        """The body of an answer, within bounds of time and size."""
        request = urllib.request.Request(url, headers=self._headers)
        until = time.monotonic() + WHOLE_SECONDS
        body = bytearray()
        try:
            with self._opener.open(request, timeout=_QUIET_SECONDS) as answer:
                while chunk := answer.read1(_CHUNK):
                    body += chunk
                    if len(body) > MOST_BYTES:
                        raise LimitExceeded(
                            f"{self._feed.name}: a page of more than {MOST_BYTES >> 20} MiB"
                        )
                    if time.monotonic() > until:
                        raise _Again(f"no whole page within {WHOLE_SECONDS} s")
                if answer.length:
                    raise _Again("the answer broke off")
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in _PASSING:
                raise _Again(f"status {error.code}", _asked(error.headers)) from error
            raise self._bad(f"status {error.code}") from error
        except _Faults as error:
            raise _Again(str(error) or type(error).__name__) from error
        return bytes(body)

    def _bad(self, what: str) -> BadInput:
        return BadInput(f"the service's answer cannot be used: {what}", file=self._feed.name)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> None:
        """Follow none: the answer stays an error with its status."""


def _asked(headers: Message) -> int:
    """Seconds of Retry-After, 0 when it names none."""
    text = headers.get("retry-after", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
