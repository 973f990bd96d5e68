"""What the clients do when a service is busy, breaks off, or is none: against one that does so."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import closing

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from graphrisk.client import AsyncClient, Backoff, Client
from graphrisk.client.operations.events import follow_events
from graphrisk.client.operations.watching import delete_saved_query
from graphrisk.core.errors import (
    Conflict,
    GraphRiskError,
    LimitExceeded,
    StoreUnavailable,
    Unsupported,
)
from tests.api.serving import served

QUERY, CHANGE = "{ counts { kind } }", 'mutation { stopWebhook(webhook: "w") { id } }'


class Moody:
    """Answers as it was told to, in that order, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: list[Response] = []
        self.asked: list[dict[str, object]] = []
        self.headers: list[dict[str, str]] = []

    async def __call__(self, request: Request) -> Response:
        self.asked.append(await request.json())
        self.headers.append(dict(request.headers))
        return self.answers.pop(0) if self.answers else JSONResponse({"data": {"done": True}})


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[Moody, str]]:
    moody = Moody()

    async def answer(request: Request) -> Response:
        return await moody(request)

    with served(Starlette(routes=[Route("/graphql", answer, methods=["POST"])])) as base:
        yield moody, f"{base}/graphql"


@pytest.fixture
def moody(place: tuple[Moody, str]) -> Moody:
    place[0].__init__()  # type: ignore[misc]  # nothing of the test before
    return place[0]


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def client(place: tuple[Moody, str], pauses: list[float]) -> Iterator[Client]:
    backoff = Backoff(chance=lambda: 1.0)
    with Client(place[1], token=lambda: "t-1", backoff=backoff, sleep=pauses.append) as made:
        yield made


def _busy(status: int = 503, after: str | None = None) -> Response:
    return PlainTextResponse("busy", status, {} if after is None else {"retry-after": after})


def _refused(code: str, **more: object) -> Response:
    return JSONResponse({"errors": [{"message": "no", "extensions": {"code": code, **more}}]})


def test_a_query_is_sent_again_with_longer_pauses(
    moody: Moody, client: Client, pauses: list[float]
) -> None:
    moody.answers = [_busy(), _refused("STORE_UNAVAILABLE"), _busy(429)]
    assert client.execute(QUERY) == {"done": True}
    assert pauses == [0.5, 1.0, 2.0]
    assert [one["authorization"] for one in moody.headers] == ["Bearer t-1"] * 4


def test_patience_ends_with_the_error(moody: Moody, client: Client, pauses: list[float]) -> None:
    moody.answers = [_busy() for _ in range(9)]
    with pytest.raises(StoreUnavailable, match="503"):
        client.execute(QUERY)
    assert len(moody.asked) == 4
    assert len(pauses) == 3


def test_the_service_says_when_to_come_again(
    moody: Moody, client: Client, pauses: list[float]
) -> None:
    moody.answers = [_busy(429, after="7"), _refused("LIMIT_EXCEEDED", retryAfterSeconds=3)]
    assert client.execute(QUERY) == {"done": True}
    assert pauses == [7, 3]
    moody.answers = [_refused("LIMIT_EXCEEDED", retryAfterSeconds=3_000)]
    with pytest.raises(LimitExceeded) as told:
        client.execute(QUERY)
    assert told.value.retry_after_seconds == 3_000
    moody.answers = [_refused("LIMIT_EXCEEDED")]  # too much at once is too much the next time too
    with pytest.raises(LimitExceeded):
        client.execute(QUERY)


def test_a_change_is_not_sent_twice_unless_it_was_not_begun(moody: Moody, client: Client) -> None:
    moody.answers = [_busy(503)]
    with pytest.raises(StoreUnavailable):
        client.execute(CHANGE)
    moody.answers = [_busy(503)]
    with pytest.raises(StoreUnavailable):
        client.ask(delete_saved_query(saved_query="q"))
    assert len(moody.asked) == 2
    moody.answers = [_busy(429)]
    assert client.execute(CHANGE) == {"done": True}


def test_what_is_no_graphql_endpoint_is_said_at_once(
    moody: Moody, client: Client, pauses: list[float]
) -> None:
    moody.answers = [PlainTextResponse("[]", 500), PlainTextResponse("<html>")]
    for _ in range(2):
        with pytest.raises(Unsupported, match="no GraphQL endpoint"):
            client.execute(QUERY)
    moody.answers = [_refused("NEWER"), JSONResponse({"data": {"deleteSavedQuery": {"id": 3}}})]
    with pytest.raises(GraphRiskError, match="no"):
        client.execute(QUERY)
    with pytest.raises(Unsupported, match="another release"):
        client.ask(delete_saved_query(saved_query="q"))
    assert pauses == []
    with (
        Client("http://127.0.0.1:1/graphql", sleep=pauses.append) as nowhere,
        pytest.raises(StoreUnavailable, match="does not answer"),
    ):
        nowhere.execute(CHANGE)
    assert len(pauses) == 3


def _stream(*cursors: str, end: str = "") -> Response:
    async def told() -> AsyncIterator[str]:
        yield ":\n\n"
        for cursor in cursors:
            node: dict[str, object] = {
                "kind": "k",
                "label": {"zh": "种", "en": "kind"},
                "subject": cursor,
            }
            node |= {"at": "2026-01-01T00:00:00Z", "area": None, "details": []}
            document = {"data": {"events": {"cursor": cursor, "node": node}}}
            yield f"event: next\nid: {cursor}\ndata: {json.dumps(document)}\n\n"
        yield end

    return StreamingResponse(told(), media_type="text/event-stream")


_COMPLETE = "event: complete\ndata: \n\n"
_FORGOTTEN = {"errors": [{"message": "forgotten", "extensions": {"code": "CONFLICT"}}]}


def _places(moody: Moody) -> list[object]:
    return [dict(one["variables"]).get("after") for one in moody.asked]  # type: ignore[call-overload]


def test_a_stream_that_breaks_goes_on_behind_what_was_told(
    moody: Moody, client: Client, pauses: list[float]
) -> None:
    moody.answers = [_stream("a", "b"), _busy(), _stream(), _stream("c", end=_COMPLETE)]
    told = [one.cursor for one in client.follow(follow_events())]
    assert told == ["a", "b", "c"]
    assert _places(moody) == [None, "b", "b", "b"]
    assert pauses == [0.5, 1.0, 2.0]


def test_a_stream_ends_with_the_error_it_is_told(moody: Moody, client: Client) -> None:
    moody.answers = [_stream("a", end=f"event: next\ndata: {json.dumps(_FORGOTTEN)}\n\n")]
    with closing(client.follow(follow_events())) as events:
        assert next(events).cursor == "a"
        with pytest.raises(Conflict):
            next(events)
    moody.answers = [_refused("CONFLICT")]
    with pytest.raises(Conflict):
        list(client.follow(follow_events(after="old")))


def test_awaiting_has_the_same_patience(place: tuple[Moody, str], moody: Moody) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    async def asked() -> list[str]:
        backoff = Backoff(chance=lambda: 1.0)
        async with AsyncClient(place[1], backoff=backoff, sleep=sleep) as client:
            assert await client.execute(QUERY) == {"done": True}
            return [one.cursor async for one in client.follow(follow_events())]

    moody.answers = [_busy(), _stream("a"), _stream("b", end=_COMPLETE)]
    moody.answers.insert(1, JSONResponse({"data": {"done": True}}))
    assert asyncio.run(asked()) == ["a", "b"]
    assert _places(moody)[-2:] == [None, "a"]
    assert pauses == [0.5, 0.5]
