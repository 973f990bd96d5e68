"""The client against the service, and against what is none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from graphrisk.client.graphql import GraphQLClient
from graphrisk.core.errors import GraphRiskError, NotFound, StoreUnavailable
from tests.api.serving import served


async def _answer(request: Request) -> Response:
    body = await request.json()
    if body["query"] == "page":
        after = body["variables"]["after"]
        rows = [{"node": {"n": 1 if after is None else 2}}]
        info = {"hasNextPage": after is None, "endCursor": "c"}
        return JSONResponse({"data": {"things": {"edges": rows, "pageInfo": info}}})
    if body["query"] == "headers":
        told = {name: request.headers.get(name) for name in ("x-purpose", "x-case", "accept")}
        return JSONResponse({"data": told})
    if body["query"] == "missing":
        error = {"message": "no such entity", "extensions": {"code": "NOT_FOUND"}}
        return JSONResponse({"errors": [error]}, 400)
    if body["query"] == "odd":
        return JSONResponse({"errors": [{"message": "odd"}]}, 400)
    return PlainTextResponse("[]", 500)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with served(Starlette(routes=[Route("/graphql", _answer, methods=["POST"])])) as base:
        yield f"{base}/graphql"


def test_all_pages_of_a_connection_are_asked_for(url: str) -> None:
    assert list(GraphQLClient(url).nodes("page", "things")) == [{"n": 1}, {"n": 2}]


def test_purpose_and_case_travel_as_headers(url: str) -> None:
    told = GraphQLClient(url, purpose="screening", case="A-7").execute("headers")
    accept = "application/graphql-response+json"
    assert told == {"x-purpose": "screening", "x-case": "A-7", "accept": accept}
    assert GraphQLClient(url).execute("headers")["x-purpose"] is None


def test_an_error_is_raised_as_the_class_of_its_code(url: str) -> None:
    with pytest.raises(NotFound, match="no such entity"):
        GraphQLClient(url).execute("missing")
    with pytest.raises(GraphRiskError, match="odd"):
        GraphQLClient(url).execute("odd")


def test_what_is_no_graphql_endpoint_is_unavailable(url: str) -> None:
    with pytest.raises(StoreUnavailable):
        GraphQLClient(url).execute("anything else")
    with pytest.raises(StoreUnavailable):
        GraphQLClient(f"{url}/elsewhere").execute("page")
    with pytest.raises(StoreUnavailable):
        GraphQLClient("http://127.0.0.1:1/graphql").execute("page")
