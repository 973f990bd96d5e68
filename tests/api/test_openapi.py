"""The OpenAPI document: every route with every answer it gives."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import FastAPI
from starlette.routing import Route, WebSocketRoute

from graphrisk.api.deployment import opened_api
from graphrisk.core.clock import ManualClock
from tests.api.serving import NOW, Door

#: Described elsewhere: GraphQL by its schema, the rest is for browsers and for OpenAPI itself.
ELSEWHERE = {"/graphql", "/openapi.json"}
BROWSERS = ("/console", "/development/")


def test_every_route_documents_its_answers_and_graphql_is_not_among_them(door: Door) -> None:
    document = door.http.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    files = {f"/v1/{holder}/{{subject}}/files/{{sha256}}" for holder in ("cases", "tasks")}
    batch = "/v1/scores:batch"
    health = {"/livez", "/readyz", "/metrics"}
    assert set(document["paths"]) == {"/v1/scores/{entity_id}", batch, *health, *files}
    many = document["paths"][batch]["post"]
    assert set(many["responses"]) == {
        *("200", "400", "401", "403", "405", "409", "413", "415", "422", "429", "500", "503"),
        "default",
    }
    assert many["requestBody"]["content"]["application/json"]["schema"]["properties"]["ids"]
    answers = {
        p: set(spec["get"]["responses"]) for p, spec in document["paths"].items() if p != batch
    }
    for path in files:
        put = set(document["paths"][path]["put"]["responses"])
        assert put >= {"200", "400", "403", "404", "409", "429"}, path
    assert answers["/v1/scores/{entity_id}"] == {
        *("200", "304", "400", "401", "403", "404", "405", "429", "500", "503", "default")
    }
    assert answers["/metrics"] == {"200", "403", "500", "default"}
    assert answers["/readyz"] == {"200", "503"}
    problem = document["paths"]["/v1/scores/{entity_id}"]["get"]["responses"]["404"]["content"]
    assert set(problem) == {"application/problem+json"}
    assert "detail" in problem["application/problem+json"]["schema"]["properties"]


def test_the_documented_score_is_the_one_that_is_sent(door: Door) -> None:
    document = door.http.get("/openapi.json").json()
    schema = document["components"]["schemas"]["ScoreDocument"]
    sent = door.http.get(f"/v1/scores/{door.id_of('Person', 'P4')}").json()
    assert set(schema["required"]) == set(sent)


def test_no_page_that_loads_from_elsewhere_is_served(door: Door) -> None:
    for path in ("/docs", "/redoc"):
        answer = door.http.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


def test_no_route_for_machines_is_left_out_and_each_tells_of_problems(door: Door) -> None:
    with opened_api(door.town.settings, ManualClock(NOW)) as app:
        document = app.openapi()
        served = {
            (path, method.lower())
            for path, methods in _routes(app)
            if path not in ELSEWHERE and not path.startswith(BROWSERS)
            for method in methods - {"HEAD"}
        }
    told = {
        (path, method): operation["responses"]
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    assert set(told) == served
    assert len(served) >= 8
    for (path, method), answers in told.items():
        if path.startswith("/v1/"):
            faults = {
                code: one for code, one in answers.items() if code == "default" or code >= "4"
            }
            assert {"default", "401", "403", "429", "500", "503"} <= set(faults), (path, method)
            for one in faults.values():
                assert set(one["content"]) == {"application/problem+json"}, (path, method)


def _routes(app: FastAPI) -> Iterator[tuple[str, set[str]]]:
    """Path and methods of whatever is answered over HTTP."""
    for one in app.routes:
        if isinstance(one, Route):
            yield one.path, one.methods or set()
        elif not isinstance(one, WebSocketRoute):  # a router that was included
            for route in one.effective_route_contexts():  # type: ignore[attr-defined]
                yield route.path, set(route.methods)
