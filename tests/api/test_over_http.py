"""GraphQL over HTTP: media types, statuses and methods as its specification asks."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.api.serving import RESPONSE, Door

JSON = "application/json"
GOOD = {"query": "{ latestRun { id } }"}


def _post(door: Door, body: object = GOOD, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return door.http.post("/graphql", content=content, headers={"content-type": JSON, **named})


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        (RESPONSE, RESPONSE),
        (JSON, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (f"{JSON}, {RESPONSE};q=0.5", RESPONSE),
        (f"{JSON}, {RESPONSE};q=0", JSON),
        ("text/plain, */*;q=0.1", JSON),
    ],
)
def test_the_media_type_follows_accept(door: Door, accept: str, answered: str) -> None:
    answer = _post(door, accept=accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"{answered}; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["data"] == {"latestRun": {"id": "run-2"}}


def test_a_media_type_that_is_not_offered_is_refused(door: Door) -> None:
    assert _post(door, accept="text/csv").status_code == 406


@pytest.mark.parametrize(
    "query", ["{", "{ nothing }", "query ($a: Int!) { findings(first: $a) { total } }"]
)
def test_what_cannot_be_executed_has_no_data(door: Door, query: str) -> None:
    newer, older = (_post(door, {"query": query}, accept=one) for one in (RESPONSE, JSON))
    assert (newer.status_code, older.status_code) == (400, 200)
    for answer in (newer, older):
        assert "data" not in answer.json()
        assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_INPUT"


def test_an_error_in_one_field_leaves_the_others(door: Door) -> None:
    query = '{ latestRun { id } finding(id: "none") { id } }'
    answer = _post(door, {"query": query}, accept=RESPONSE)
    assert answer.status_code == 200
    assert answer.json()["data"] == {"latestRun": {"id": "run-2"}, "finding": None}
    (error,) = answer.json()["errors"]
    assert error["path"] == ["finding"]
    assert error["extensions"] == {"code": "NOT_FOUND"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"not json", 400),
        (b"\xff\xfe", 400),
        (b'{"query": NaN}', 400),
        (b"[" * 100_000, 400),
        ([GOOD], 400),
        ({}, 400),
        ({"query": ""}, 400),
        ({"query": 1}, 400),
        ({**GOOD, "variables": []}, 400),
        ({**GOOD, "variables": "{}"}, 400),
        ({**GOOD, "operationName": 7}, 400),
        ({**GOOD, "extensions": "x"}, 400),
        (b" " * 262_145, 413),
    ],
)
def test_a_body_that_is_no_request_is_refused(door: Door, body: object, status: int) -> None:
    for accept in (RESPONSE, JSON):
        answer = _post(door, body, accept=accept)
        assert answer.status_code == status
        assert answer.json()["errors"][0]["extensions"]["code"] in {"BAD_INPUT", "LIMIT_EXCEEDED"}


def test_unknown_members_of_a_request_are_ignored(door: Door) -> None:
    body = {**GOOD, "variables": None, "extensions": {"any": 1}, "more": True}
    assert _post(door, body, accept=RESPONSE).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "", "application/graphql", f"{JSON};charset=gbk"])
def test_a_body_of_another_type_is_refused(door: Door, kind: str) -> None:
    assert _post(door, content_type=kind).status_code == 415


def test_queries_are_answered_by_get(door: Door) -> None:
    query = "query ($first: Int!) { findings(first: $first) { total } }"
    params = {"query": query, "variables": '{"first": 1}', "extensions": "", "operationName": ""}
    answer = door.http.get("/graphql", params=params, headers={"accept": RESPONSE})
    assert answer.json()["data"] == {"findings": {"total": 2}}
    wrong = door.http.get("/graphql", params={**params, "variables": "{"}, headers={"accept": JSON})
    assert wrong.status_code == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused_by_name(door: Door, method: str) -> None:
    answer = door.http.request(method, "/graphql")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


def test_by_get_nothing_but_queries_is_answered(door: Door) -> None:
    params = {"query": "mutation { anything }"}
    answer = door.http.get("/graphql", params=params, headers={"accept": RESPONSE})
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_a_subscription_is_refused_as_what_it_is(door: Door) -> None:
    answer = _post(door, {"query": "subscription { anything }"}, accept=RESPONSE)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"] == (
        "subscriptions are streams: accept text/event-stream"
    )


def test_one_of_several_operations_is_named(door: Door) -> None:
    query = "query A { latestRun { id } } query B { counts { kind } }"
    named = _post(door, {"query": query, "operationName": "A"}, accept=RESPONSE).json()
    assert list(named["data"]) == ["latestRun"]
    for name in (None, "C"):
        answer = _post(door, {"query": query, "operationName": name}, accept=RESPONSE)
        assert answer.status_code == 400


def test_purpose_and_case_must_be_ones(door: Door) -> None:
    for headers in ({"x_purpose": "curiosity"}, {"x_case": "a b"}):
        answer = _post(door, accept=RESPONSE, **headers)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_INPUT"
    assert _post(door, accept=RESPONSE, x_purpose="screening").status_code == 200


def test_a_misspelt_field_is_not_corrected(door: Door) -> None:
    """Suggestions would tell the schema to somebody who may not read it."""
    message = door.ask("{ latestRum { id } }")["errors"][0]["message"]
    assert message == "Cannot query field 'latestRum' on type 'Query'."
