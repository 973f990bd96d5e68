"""The client of programs with an event loop: the same as the one that waits, with ``await``."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
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


class AsyncClient:
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
        http: httpx.AsyncClient | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._caller = Caller(url, token, purpose, case)
        self._backoff = backoff or Backoff()
        self._own = httpx.AsyncClient(timeout=TIMES) if http is None else None
        self._http = http or self._own or httpx.AsyncClient()
        self._sleep = sleep

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of the connections, where they are this client's own."""
        if self._own is not None:
            await self._own.aclose()

    def about(self, case: str | None, purpose: str | None = None) -> AsyncClient:
        """The same client for another case and purpose, over the same connections."""
        caller = replace(self._caller, case=case, purpose=purpose or self._caller.purpose)
        other = AsyncClient(caller.url, backoff=self._backoff, http=self._http, sleep=self._sleep)
        other._caller = caller
        return other

    async def ask(self, call: Call[T]) -> T:
        """The answer to one operation.

        Raises:
            GraphRiskError: Of the class of the first error's code, once trying again is of no use.
            StoreUnavailable: Nothing answers there.
        """
        return call.answer(await self._post(call.body, call.is_read))

    async def each(self, call: Paged[T, N]) -> AsyncGenerator[N, None]:
        """All items of a list, page after page; errors as of ``ask``."""
        while True:
            page = call.page(await self.ask(call))
            if page is None:
                return
            for edge in page.edges:
                yield edge.node
            if not page.page_info.has_next_page:
                return
            call = call.behind(page.page_info.end_cursor)

    async def follow(self, stream: Stream[T]) -> AsyncGenerator[T, None]:
        """What a subscription tells; after its first answer a break loses nothing.

        Raises:
            GraphRiskError: As of ``ask``; ``Conflict`` for a place that was forgotten.
        """
        failed_before = 0
        while True:
            try:
                async with aclosing(self._events(stream)) as events:
                    async for event in events:
                        document = event_document(event, self._caller.url)
                        told = stream.answer(data_in(document, self._caller.url, is_read=True))
                        stream, failed_before = stream.behind(event.cursor), 0
                        yield told
                return
            except Failed as failed:
                failed_before += 1
                await self._sleep(self._backoff.pause(failed, failed_before))

    async def execute(
        self, query: str, variables: Mapping[str, Json] | None = None
    ) -> dict[str, Json]:
        """``data`` of the answer to a document of your own; errors as of ``ask``."""
        body = orjson.dumps({"query": query, "variables": dict(variables or {})})
        return await self._post(body, is_read=not query.lstrip().startswith("mutation"))

    async def _post(self, body: bytes, is_read: bool) -> dict[str, Json]:
        attempts = 0
        while True:
            try:
                return await self._attempt(body, is_read)
            except Failed as failed:
                attempts += 1
                await self._sleep(self._backoff.pause(failed, attempts))

    async def _attempt(self, body: bytes, is_read: bool) -> dict[str, Json]:
        url = self._caller.url
        try:
            headers = self._caller.headers(JSON_ANSWER)
            answer = await self._http.post(url, content=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise not_reached(url, error, is_read) from error
        return data_of(answer, url, is_read)

    async def _events(self, stream: Stream[T]) -> AsyncGenerator[Told, None]:
        """The events of one connection until the subscription ends; ``Failed`` where it breaks."""
        url, lines = self._caller.url, EventLines()
        headers = self._caller.headers(EVENTS)
        try:
            async with self._http.stream(
                "POST", url, content=stream.body, headers=headers
            ) as answer:
                if answer.headers.get("content-type", "").partition(";")[0] != EVENTS:
                    await answer.aread()
                    data_of(answer, url, is_read=True)
                async for line in answer.aiter_lines():
                    for event in lines.take(line):
                        if event.kind == "complete":
                            return
                        yield event
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise not_reached(url, error, is_read=True) from error
        raise not_reached(url, ConnectionResetError("the stream broke off"), is_read=True)
