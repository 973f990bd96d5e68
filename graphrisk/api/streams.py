"""Subscriptions over HTTP and WebSocket: ``graphql-sse`` and ``graphql-transport-ws``.

Over HTTP every operation is a stream of its own, of server-sent events (the distinct connections
mode of graphql-sse): each has the cursor as its id, which a client that was cut off sends back.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import timedelta

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.websockets import WebSocket
from strawberry import Schema
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult

from graphrisk.api.context import Context
from graphrisk.core.errors import GraphRiskError

EVENTS = "text/event-stream"
#: After so long without an event a comment shows that the connection stands.
_BEAT_SECONDS = 15.0
_INIT_SECONDS = 10
_OPERATIONS = 100
_HEADERS = ("authorization", "x-purpose", "x-case")

Results = AsyncGenerator[ExecutionResult, None]
#: A context for one operation, of whoever these headers name.
ContextOf = Callable[[Mapping[str, str]], Awaitable[Context]]


def event_stream(
    results: Results, document: Callable[[ExecutionResult], dict[str, object]]
) -> Response:
    """The results as server-sent events, until they end or the client goes."""
    headers = {"cache-control": "no-store", "x-accel-buffering": "no", "vary": "accept"}
    return StreamingResponse(_events(results, document), media_type=EVENTS, headers=headers)


async def _events(
    results: Results, document: Callable[[ExecutionResult], dict[str, object]]
) -> AsyncGenerator[bytes, None]:
    coming = asyncio.ensure_future(anext(results, None))
    try:
        while True:
            ready, _ = await asyncio.wait({coming}, timeout=_BEAT_SECONDS)
            if not ready:
                yield b":\n\n"
                continue
            if (result := coming.result()) is None:
                break
            told = orjson.dumps(document(result))
            yield b"event: next\n" + _id(result) + b"data: " + told + b"\n\n"
            coming = asyncio.ensure_future(anext(results, None))
        yield b"event: complete\ndata: \n\n"
    finally:
        coming.cancel()
        with suppress(asyncio.CancelledError):
            await coming
        await results.aclose()


def _id(result: ExecutionResult) -> bytes:
    """The cursor of what a subscription told, as the id of its event."""
    for told in (result.data or {}).values():
        cursor: object = told.get("cursor") if isinstance(told, dict) else None
        if isinstance(cursor, str):
            return b"id: " + cursor.encode() + b"\n"
    return b""


class Connection:
    """A WebSocket: who it is for is said once, in its first message or in its headers."""

    def __init__(self, headers: Mapping[str, str], context_of: ContextOf) -> None:
        self.connection_params: dict[str, object] = {}
        self._given = {name: headers[name] for name in _HEADERS if name in headers}
        self._context_of = context_of

    async def context(self) -> Context:
        """A context of its own for each operation. Raises as signing on does."""
        said = {
            name.lower(): value
            for name, value in self.connection_params.items()
            if isinstance(value, str)
        }
        named = {name: said[name] for name in _HEADERS if name in said}
        return await self._context_of(self._given | named)


class GraphQLOverWebSocket(GraphQL[Connection, None]):
    """``graphql-transport-ws`` alone: the older protocol let go of nothing it had begun.

    Strawberry's own handler; pages of other origins are refused, as are more than a hundred
    operations at once on one connection.
    """

    def __init__(self, schema: Schema, context_of: ContextOf) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
            connection_init_wait_timeout=timedelta(seconds=_INIT_SECONDS),
            max_subscriptions_per_connection=_OPERATIONS,
        )
        self._context_of = context_of

    async def get_context(
        self,
        request: Request | WebSocket,
        response: Response | WebSocket,  # noqa: ARG002
    ) -> Connection:
        """The connection's."""
        return Connection(request.headers, self._context_of)

    async def on_ws_connect(self, context: Connection) -> None:
        """Refuse whom nobody knows, with 4403."""
        try:
            await context.context()
        except GraphRiskError as error:
            raise ConnectionRejectionError from error

    def encode_json(self, data: object) -> str:
        """As text: clients refuse JSON in binary frames."""
        return orjson.dumps(data).decode()
