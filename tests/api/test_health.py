"""``/livez`` and ``/readyz``: what an operator and a load balancer are told."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from graphrisk.api import health
from graphrisk.api.deployment import opened_api
from graphrisk.api.health import Look, Readiness, health_router
from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import StoreUnavailable
from graphrisk.settings import Settings
from graphrisk.store.sqlite.store import SqliteStore
from tests.api.serving import NOW, Door, served
from tests.api.town import SECOND, opened


def test_a_deployment_tells_its_engines_last_run_and_the_age_of_what_it_saw(door: Door) -> None:
    assert door.http.get("/livez").json() == {"status": "alive"}
    answer = door.http.get("/readyz")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["ready"], told["complaints"]) == (True, [])
    facts = told["facts"]
    assert facts["graph"].startswith("sqlite ")
    assert facts["last_run"] == "run-2"
    assert facts["snapshot_behind"] == 0
    assert facts["snapshot_age_ms"] == NOW - (SECOND + 60_000)


def test_an_operations_database_that_is_not_migrated_is_complained_of(tmp_path: Path) -> None:
    settings = Settings(store=f"sqlite:///{tmp_path / 'graph.db'}")
    with _api(settings) as http:
        answer = http.get("/readyz")
        assert answer.status_code == 503
        assert "not migrated" in answer.json()["complaints"][0]
        assert http.get("/livez").status_code == 200
        with opened(settings) as (_, database):
            database.migrate()
        ready = http.get("/readyz")
        assert ready.status_code == 200
        assert ready.json()["facts"]["last_run"] is None


def test_a_graph_that_is_gone_is_complained_of(tmp_path: Path) -> None:
    settings = Settings(store=f"sqlite:///{tmp_path / 'graph.db'}")
    with opened(settings) as (_, database):
        database.migrate()
    with _api(settings) as http:
        for file in tmp_path.glob("graph.db*"):
            if file.is_file():
                file.write_bytes(b"nothing that SQLite knows" * 1000)
        answer = http.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["complaints"]


def test_a_graph_that_was_deleted_or_replaced_is_not_answered_from(tmp_path: Path) -> None:
    settings = Settings(store=f"sqlite:///{tmp_path / 'graph.db'}")
    with opened(settings) as (_, database):
        database.migrate()
    with _api(settings) as http:
        assert http.get("/readyz").status_code == 200
        for file in tmp_path.glob("graph.db*"):
            if file.is_file():
                file.unlink()
        gone = http.get("/readyz")
        assert gone.status_code == 503
        assert "graph.db is not there" in gone.json()["complaints"][0]
        assert not (tmp_path / "graph.db").exists(), "to ask is not to make"
        asked = http.post("/graphql", json={"query": "{ counts { kind count } }"}).json()
        assert asked["errors"][0]["extensions"]["code"] == "STORE_UNAVAILABLE"
        other = SqliteStore(tmp_path / "graph.db")
        other.migrate()
        with other.writer("test") as writer:
            writer.resolve("Person", ["somebody else"])
            writer.commit()
        other.close()
        ready = http.get("/readyz").json()
        assert (ready["ready"], ready["facts"]["graph_version"]) == (True, 1)


def test_a_store_that_raises_or_does_not_answer_is_not_ready(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(health, "_PATIENCE_SECONDS", 0.1)

    def raises() -> Readiness:
        raise StoreUnavailable("nobody there")

    def sleeps() -> Readiness:
        time.sleep(0.5)
        return Readiness(ready=True, complaints=[], facts={})

    for look, complaint in (
        (raises, "STORE_UNAVAILABLE: nobody there"),
        (sleeps, "did not answer"),
    ):
        with _looking(look) as http:
            answer = http.get("/readyz")
            assert answer.status_code == 503
            assert complaint in answer.json()["complaints"][0]


@contextmanager
def _api(settings: Settings) -> Iterator[httpx.Client]:
    with (
        opened_api(settings, ManualClock(NOW)) as app,
        served(app) as url,
        httpx.Client(base_url=url) as http,
    ):
        yield http


@contextmanager
def _looking(look: Look) -> Iterator[httpx.Client]:
    app = FastAPI()
    app.include_router(health_router(look))
    with served(app) as url, httpx.Client(base_url=url) as http:
        yield http
