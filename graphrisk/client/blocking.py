"""The client of programs that wait: one call after another."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from dataclasses import replace
from typing import Self, TypeVar

import httpx
import orjson

from graphrisk.client.calls import Call, Json, Paged, Stream
from graphrisk.client.requests import (
    EVENTS,
    JSON_ANSWER,
    TIMES,
    Backoff,
    Caller,
    EventLines,
    Failed,
    Told,
    data_in,
    data_of,
    event_document,
    not_reached,
)

T = TypeVar("T")
N = TypeVar("N")


class Client:
    """Asks one GraphQL endpoint. Close it, or use it as a context.

    Args:
        url: Of the endpoint, e.g. ``http://127.0.0.1:8000/graphql``.
        token: Bearer token or API key, or what gives a fresh one for each request.
        purpose: Code of the purpose of all reads; the service's default when missing.
        case: Number of the case they are made in.
        backoff: How often and when is tried again.
        http: A client with settings of your own (proxy, certificates); not closed here.
        sleep: Waits for seconds.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | Callable[[], str] | None = None,
        purpose: str | None = None,
        case: str | None = None,
        backoff: Backoff | None = None,
        http: httpx.Client | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._caller = Caller(url, token, purpose, case)
        self._backoff = backoff or Backoff()
        self._own = httpx.Client(timeout=TIMES) if http is None else None
        self._http = http or self._own or httpx.Client()
        self._sleep = sleep

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections, where they are this client's own."""
        if self._own is not None:
            self._own.close()

    def about(self, case: str | None, purpose: str | None = None) -> Client:
        """The same client for another case and purpose, over the same connections."""
        caller = replace(self._caller, case=case, purpose=purpose or self._caller.purpose)
        other = Client(caller.url, backoff=self._backoff, http=self._http, sleep=self._sleep)
        other._caller = caller
        return other

    def ask(self, call: Call[T]) -> T:
        """The answer to one operation.

        Raises:
            GraphRiskError: Of the class of the first error's code, once trying again is of no use.
            StoreUnavailable: Nothing answers there.
        """
        return call.answer(self._post(call.body, call.is_read))

    def each(self, call: Paged[T, N]) -> Generator[N, None, None]:
        """All items of a list, page after page; errors as of ``ask``."""
        while True:
            page = call.page(self.ask(call))
            if page is None:
                return
            for edge in page.edges:
                yield edge.node
            if not page.page_info.has_next_page:
                return
            call = call.behind(page.page_info.end_cursor)

    def follow(self, stream: Stream[T]) -> Generator[T, None, None]:
        """What a subscription tells; after its first answer a break loses nothing.

        Raises:
            GraphRiskError: As of ``ask``; ``Conflict`` for a place that was forgotten.
        """
        failed_before = 0
        while True:
            try:
                with closing(self._events(stream)) as events:
                    for event in events:
                        document = event_document(event, self._caller.url)
                        told = stream.answer(data_in(document, self._caller.url, is_read=True))
                        stream, failed_before = stream.behind(event.cursor), 0
                        yield told
                return
            except Failed as failed:
                failed_before += 1
                self._sleep(self._backoff.pause(failed, failed_before))

    def execute(self, query: str, variables: Mapping[str, Json] | None = None) -> dict[str, Json]:
        """``data`` of the answer to a document of your own; errors as of ``ask``."""
        body = orjson.dumps({"query": query, "variables": dict(variables or {})})
        return self._post(body, is_read=not query.lstrip().startswith("mutation"))

    def _post(self, body: bytes, is_read: bool) -> dict[str, Json]:
        attempts = 0
        while True:
            try:
                return self._attempt(body, is_read)
            except Failed as failed:
                attempts += 1
                self._sleep(self._backoff.pause(failed, attempts))

    def _attempt(self, body: bytes, is_read: bool) -> dict[str, Json]:
        url = self._caller.url
        try:
            answer = self._http.post(url, content=body, headers=self._caller.headers(JSON_ANSWER))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise not_reached(url, error, is_read) from error
        return data_of(answer, url, is_read)

    def _events(self, stream: Stream[T]) -> Generator[Told, None, None]:
        """The events of one connection until the subscription ends; ``Failed`` where it breaks."""
        url, lines = self._caller.url, EventLines()
        headers = self._caller.headers(EVENTS)
        try:
            with self._http.stream("POST", url, content=stream.body, headers=headers) as answer:
                if answer.headers.get("content-type", "").partition(";")[0] != EVENTS:
                    answer.read()
                    data_of(answer, url, is_read=True)
                for line in answer.iter_lines():
                    for event in lines.take(line):
                        if event.kind == "complete":
                            return
                        yield event
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise not_reached(url, error, is_read=True) from error
        raise not_reached(url, ConnectionResetError("the stream broke off"), is_read=True)
