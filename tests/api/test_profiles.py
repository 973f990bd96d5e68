"""The two profiles, and documents that are trusted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from graphrisk.access.sign_on import refuse_open_door
from graphrisk.api.documents import TrustedDocuments, document_id
from graphrisk.core.errors import BadInput, ConfigError, NotFound
from graphrisk.settings import Settings
from tests.api.serving import RESPONSE, Door, opened_door
from tests.api.town import Town

RUN = "query Latest { latestRun { id } }"
BROWSER = {"accept": "text/html,*/*;q=0.8"}


def _with(town: Town, **settings: str) -> Town:
    changed = town.settings.model_copy(update=settings)
    return Town(changed, town.nids, town.transfers)


@pytest.fixture(scope="module")
def closed(town: Town) -> Iterator[Door]:
    with opened_door(_with(town, profile="production")) as door:
        yield door


@pytest.fixture(scope="module")
def strict(town: Town) -> Iterator[Door]:
    file = town.settings.documents_file
    with opened_door(_with(town, profile="production", documents="trusted")) as door:
        TrustedDocuments(file).add([RUN])
        yield door
    file.unlink()


@pytest.mark.parametrize(
    "query",
    [
        "{ __schema { types { name } } }",
        '{ __type(name: "Query") { name } }',
        "{ latestRun { id } ... on Query { x: __schema { queryType { name } } } }",
        "fragment all on Query { __schema { queryType { name } } } { ...all }",
    ],
)
def test_production_does_not_tell_its_schema(closed: Door, query: str) -> None:
    answer = closed.ask(query)
    assert {one["extensions"]["code"] for one in answer["errors"]} == {"FORBIDDEN"}
    assert "data" not in answer
    assert closed.data("{ __typename latestRun { __typename } }")["__typename"] == "Query"


@pytest.mark.parametrize(
    "query",
    [
        "{ latestRum { id } }",
        "{ latestRun { idd } }",
        "{ findings(firsst: 1) { total } }",
        "{ search(text: 1, kinds: [Persn]) { total } }",
        "fragment a on Quer { latestRun { id } } { ...a }",
    ],
)
def test_no_name_is_suggested(closed: Door, door: Door, query: str) -> None:
    value = 'query ($k: [EntityKind!]) { search(text: "x", kinds: $k) { total } }'
    for one in (door, closed):
        assert "Did you mean" not in json.dumps(one.ask(query)["errors"])
        assert "Did you mean" not in json.dumps(one.ask(value, {"k": ["Persn"]})["errors"])


def test_production_shows_no_page(closed: Door) -> None:
    answer = closed.http.get("/graphql", headers=BROWSER)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_INPUT"


def test_production_needs_an_issuer(town: Town) -> None:
    with pytest.raises(ConfigError, match="GRAPHRISK_ISSUER"):
        refuse_open_door(_with(town, profile="production").settings)
    refuse_open_door(Settings(profile="production", issuer="https://sign-on.example"))


def test_a_document_is_asked_for_by_its_id(strict: Door) -> None:
    asked = {"documentId": document_id(RUN), "operationName": "Latest"}
    headers = {"accept": RESPONSE}
    for answer in (
        strict.http.post("/graphql", json=asked, headers=headers),
        strict.http.get("/graphql", params=asked, headers=headers),
    ):
        assert (answer.status_code, answer.json()["data"]) == (200, {"latestRun": {"id": "run-2"}})
    assert strict.data(RUN) == {"latestRun": {"id": "run-2"}}


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        ({"documentId": "sha256:" + "0" * 64}, 404, "NOT_FOUND"),
        ({"documentId": "sha256:" + "A" * 64}, 400, "BAD_INPUT"),
        ({"documentId": document_id(RUN), "query": RUN}, 400, "BAD_INPUT"),
        ({"documentId": 7}, 400, "BAD_INPUT"),
        ({"query": RUN + " "}, 400, "FORBIDDEN"),
        ({"query": "{ latestRun { id } }"}, 400, "FORBIDDEN"),
        ({"documentId": ""}, 400, "BAD_INPUT"),
    ],
)
def test_other_documents_are_refused(
    strict: Door, request_: dict[str, object], status: int, code: str
) -> None:
    answer = strict.http.post("/graphql", json=request_, headers={"accept": RESPONSE})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (status, code)


def test_streams_are_held_to_them_as_well(strict: Door) -> None:
    url = str(strict.http.base_url).replace("http", "ws") + "/graphql"
    other = "{ latestRun { model } }"
    with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")]) as socket:
        socket.send(json.dumps({"type": "connection_init"}))
        assert json.loads(socket.recv())["type"] == "connection_ack"
        for query, kind in ((RUN, "next"), (other, "error")):
            asked = {"id": kind, "type": "subscribe", "payload": {"query": query}}
            socket.send(json.dumps(asked))
            told = json.loads(socket.recv())
            assert (told["id"], told["type"]) == (kind, kind)
            assert ("FORBIDDEN" in json.dumps(told)) == (query is other)
            assert query is other or json.loads(socket.recv())["type"] == "complete"
    stream = {"accept": "text/event-stream"}
    assert "FORBIDDEN" in strict.http.post("/graphql", json={"query": other}, headers=stream).text


def test_what_another_process_registers_is_known_at_once(tmp_path: Path) -> None:
    file = tmp_path / "files" / "documents.json"
    served, command = TrustedDocuments(file), TrustedDocuments(file)
    assert not served.holds(RUN)
    (name,) = command.add([RUN])
    assert served.text(name) == RUN
    assert file.stat().st_mode & 0o077 == 0
    command.remove(name)
    assert not served.holds(RUN)
    with pytest.raises(NotFound):
        command.remove(name)
    with pytest.raises(BadInput):
        served.text("latest")


@pytest.mark.parametrize("held", [b"{", b"[]", json.dumps({document_id("a"): "b"}).encode()])
def test_a_register_that_was_changed_by_hand_is_refused(tmp_path: Path, held: bytes) -> None:
    file = tmp_path / "documents.json"
    file.write_bytes(held)
    with pytest.raises(ConfigError):
        TrustedDocuments(file).listing()
