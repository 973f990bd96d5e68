"""The OpenAPI document: every route with every answer it gives."""

from __future__ import annotations

from tests.api.serving import Door


def test_every_route_documents_its_answers_and_graphql_is_not_among_them(door: Door) -> None:
    document = door.http.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    files = {f"/v1/{holder}/{{subject}}/files/{{sha256}}" for holder in ("cases", "tasks")}
    batch = "/v1/scores:batch"
    assert set(document["paths"]) == {"/v1/scores/{entity_id}", batch, "/livez", "/readyz", *files}
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
