"""``GET /v1/scores/{id}`` as an application meets it, on the api and on a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from graphrisk.access.sign_on import SignOn
from graphrisk.analysis.model import NodeScore, Run
from graphrisk.analysis.publish import ScoreBoard, publish
from graphrisk.api.app import scores_app
from graphrisk.api.health import board_look
from graphrisk.api.ids import PublicIds
from graphrisk.core.clock import ManualClock
from graphrisk.settings import Settings
from graphrisk.store.audit.spool import AuditSpool
from tests.api.serving import Door, served
from tests.api.town import ACCOUNTS

RUN = Run("run-9", 1_000, "store", 7, "spine-test", "d")


@pytest.fixture
def lookup(tmp_path: Path) -> Iterator[tuple[httpx.Client, Path, PublicIds]]:
    """A look-up process before its first run; its folder; its ids."""
    board, ids = ScoreBoard(tmp_path), PublicIds(b"secret")
    audit = AuditSpool(tmp_path / "audit", ManualClock(5))
    settings = Settings(store=f"sqlite:///{tmp_path / 'graph.db'}")
    sign_on = SignOn(settings, ManualClock(5))
    with (
        served(scores_app(board, ids, audit, board_look(board), sign_on)) as url,
        httpx.Client(base_url=url) as http,
    ):
        yield http, tmp_path, ids


def test_a_score_says_why_and_whence(door: Door) -> None:
    entity = door.id_of("Account", ACCOUNTS["P1"])
    answer = door.http.get(f"/v1/scores/{entity}")
    assert answer.status_code == 200
    document = answer.json()
    assert (document["id"], document["score"]) == (entity, 0.9)
    assert [reason["code"] for reason in document["reasons"]] == ["member_of", "member_of"]
    assert "洗钱回流环" in document["reasons"][0]["sentence"]["zh"]
    assert (document["model"], document["run"]) == ("spine-test", "run-2")
    assert document["computed_at"] == "2026-02-01T00:01:00.000Z"
    assert "@" in document["snapshot"]


def test_where_nothing_speaks_against_an_entity_it_scores_0_without_reasons(door: Door) -> None:
    document = door.http.get(f"/v1/scores/{door.id_of('Person', 'P4')}").json()
    assert (document["score"], document["reasons"]) == (0.0, [])


def test_graphql_and_rest_say_the_same(door: Door) -> None:
    for kind, key in (("Account", ACCOUNTS["P1"]), ("Account", ACCOUNTS["P2"]), ("Person", "P2")):
        entity = door.id_of(kind, key)
        query = """query ($id: ID!) { entity(id: $id) { score { value
          reasons { code contribution sentence { zh en } } run { id snapshot } } } }"""
        score = door.data(query, {"id": entity})["entity"]["score"]
        document = door.http.get(f"/v1/scores/{entity}").json()
        assert document["score"] == score["value"]
        assert document["reasons"] == score["reasons"]
        assert {"id": document["run"], "snapshot": document["snapshot"]} == score["run"]


def test_an_unchanged_score_is_not_sent_again(door: Door) -> None:
    path = f"/v1/scores/{door.id_of('Account', ACCOUNTS['P1'])}"
    first = door.http.get(path)
    tag = first.headers["etag"]
    assert tag.startswith('"')  # strong
    assert first.headers["cache-control"].startswith("private")
    for asked in (tag, f'"x", {tag}', f"W/{tag}", "*"):
        again = door.http.get(path, headers={"if-none-match": asked})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert door.http.get(path, headers={"if-none-match": '"other"'}).status_code == 200
    other = door.http.get(f"/v1/scores/{door.id_of('Account', ACCOUNTS['P2'])}")
    assert other.headers["etag"] != tag


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("person_zzzzzzzzzzzzz", 404, "NOT_FOUND"),
        ("8619900000001", 400, "BAD_INPUT"),
        ("transferred_0000000000000", 400, "BAD_INPUT"),
        ("%00", 400, "BAD_INPUT"),
        ("a/b", 404, "NOT_FOUND"),
    ],
)
def test_problems_are_documents(door: Door, path: str, status: int, code: str) -> None:
    answer = door.http.get(f"/v1/scores/{path}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem.keys() == {"type", "title", "status", "detail", "code"}


def test_a_node_that_the_run_did_not_know_is_not_found(door: Door) -> None:
    answer = door.http.get(f"/v1/scores/{door.ids.entity('Person', 10**9)}")
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


def test_other_methods_are_refused_with_the_ones_there_are(door: Door) -> None:
    answer = door.http.post(f"/v1/scores/{door.id_of('Person', 'P4')}")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_unknown_purpose_is_refused(door: Door) -> None:
    path = f"/v1/scores/{door.id_of('Person', 'P4')}"
    assert door.http.get(path, headers={"x-purpose": "screening"}).status_code == 200
    answer = door.http.get(path, headers={"x-purpose": "curiosity"})
    assert (answer.status_code, answer.json()["code"]) == (400, "BAD_INPUT")


def test_the_look_up_follows_the_published_file(
    lookup: tuple[httpx.Client, Path, PublicIds],
) -> None:
    http, folder, ids = lookup
    path = f"/v1/scores/{ids.entity('Account', 3)}"
    before = http.get(path)
    assert (before.status_code, before.json()["code"]) == (503, "STORE_UNAVAILABLE")
    assert before.headers["retry-after"]
    assert http.get("/readyz").status_code == 503
    tags = set()
    for number, score in enumerate((0.25, 0.75)):
        run = Run(f"run-{number}", 1_000, "store", number, "spine-test", "d")
        publish(folder, run, [NodeScore(3, score, ())], nodes=5)
        answer = http.get(path)
        assert answer.json()["score"] == score
        tags.add(answer.headers["etag"])
    assert len(tags) == 2
    assert http.get("/readyz").json()["facts"] == {"last_run": "run-1"}
    assert http.get(f"/v1/scores/{ids.entity('Account', 5)}").status_code == 404


def test_a_published_file_that_is_none_is_said_to_be_a_fault_of_the_store(
    lookup: tuple[httpx.Client, Path, PublicIds],
) -> None:
    http, folder, ids = lookup
    publish(folder, RUN, [], nodes=1)
    (file,) = (one for one in folder.iterdir() if one.suffix == ".arrow")
    file.write_bytes(b"torn")
    answer = http.get(f"/v1/scores/{ids.entity('Account', 0)}")
    assert (answer.status_code, answer.json()["code"]) == (500, "STORE")
