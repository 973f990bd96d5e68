"""``/metrics``: what Prometheus reads, whom it names (nobody) and who may read it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.orm import Session

from graphrisk.access.sign_on import SignOn
from graphrisk.analysis.model import Run
from graphrisk.analysis.publish import ScoreBoard, publish
from graphrisk.api.app import scores_app
from graphrisk.api.deployment import opened_api
from graphrisk.api.gauges import board_gauges
from graphrisk.api.health import board_look
from graphrisk.api.ids import PublicIds
from graphrisk.api.metrics import Meter
from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import ConfigError
from graphrisk.settings import Settings
from graphrisk.store.audit.spool import AuditSpool
from graphrisk.store.operations import heartbeats, jobs, outbox
from tests.api.serving import NOW, Door, opened_door, served
from tests.api.town import ACCOUNTS, NAMES, SECOND, Town, opened
from tests.recorded import recorded, spooled

Figures = dict[tuple[str, ...], float]
HTTP, GRAPHQL = "graphrisk_http_request_seconds_count", "graphrisk_graphql_operation_seconds_count"
SEARCH = "query ($text: String!) { search(text: $text) { __typename } }"


@pytest.fixture
def fresh(town: Town) -> Iterator[Door]:
    """A process that has counted nothing yet."""
    with opened_door(town) as door:
        yield door


def test_what_was_asked_is_counted_by_template_and_kind(fresh: Door) -> None:
    fresh.http.get(f"/v1/scores/{fresh.id_of('Account', ACCOUNTS['P1'])}")
    fresh.http.get(f"/v1/scores/{fresh.id_of('Account', ACCOUNTS['P2'])}")
    fresh.http.get("/v1/scores/nonsense")
    fresh.http.get("/nowhere/at-all")
    fresh.data("{ latestRun { id } }")
    fresh.ask("{ nothing }")
    fresh.ask('mutation { openCase(input: {title: ""}) { id } }')
    figures = _read(fresh.http)
    one = "/v1/scores/{entity_id}"
    assert figures[HTTP, one, "2xx"] == 2
    assert figures[HTTP, one, "4xx"] == 1
    assert figures[HTTP, "none", "4xx"] == 1
    assert figures[HTTP, "/graphql", "2xx"] == 1
    assert figures[HTTP, "/graphql", "4xx"] == 2
    assert figures[GRAPHQL, "query", "ok"] == 1
    assert figures[GRAPHQL, "query", "refused"] == 1
    assert figures[GRAPHQL, "mutation", "refused"] == 1
    assert figures["graphrisk_http_request_seconds_sum", one, "2xx"] > 0


def test_nobody_is_named_and_no_record_is_made(fresh: Door) -> None:
    entity = fresh.id_of("Account", ACCOUNTS["P1"])
    fresh.http.get(f"/v1/scores/{entity}")
    fresh.http.get(f"/{ACCOUNTS['P2']}")
    fresh.data(SEARCH, {"text": NAMES["P1"]})
    before = spooled(fresh.town.settings.audit_folder)
    text = fresh.http.get("/metrics").text
    for name in (entity, ACCOUNTS["P1"], ACCOUNTS["P2"], NAMES["P1"], "development", "run-2"):
        assert name not in text
    assert not recorded(fresh.town.settings.audit_folder, but=before)


def test_the_age_of_what_is_answered_from_is_shown(fresh: Door) -> None:
    figures = _read(fresh.http)
    assert figures[("graphrisk_operations_up",)] == 1
    assert figures[("graphrisk_snapshot_age_seconds",)] == (NOW - SECOND - 60_000) / 1000


def test_what_waits_and_what_the_worker_wrote_down_is_shown(tmp_path: Path) -> None:
    settings = Settings(store=f"sqlite:///{tmp_path / 'graph.db'}")
    with opened(settings) as (_, database):
        database.migrate()
        with database.session() as session:
            outbox.emit(session, "case.opened", "case 1", {}, NOW - 60_000)
            seen = heartbeats.Heartbeat("worker a:1", "x", "working", "", NOW - 9_000, NOW - 5_000)
            heartbeats.beat(session, seen)
            jobs.finish(session, _claimed(session, "audit", "audit"), NOW - 20_000)
            jobs.fail(session, _claimed(session, "feed:li.wei", "feed"), "refused", NOW - 20_000)
    (tmp_path / "graph.db.files" / "audit" / "spool").mkdir(parents=True)
    (tmp_path / "graph.db.files" / "audit" / "spool" / "one").touch()
    with (
        opened_api(settings, ManualClock(NOW)) as app,
        served(app) as url,
        httpx.Client(base_url=url) as http,
    ):
        figures, text = _read(http), http.get("/metrics").text
    assert figures[("graphrisk_subscriptions_open",)] == 0
    assert figures[("graphrisk_outbox_waiting",)] == 1
    assert figures[("graphrisk_outbox_oldest_age_seconds",)] == 60
    assert figures[("graphrisk_worker_heartbeat_age_seconds",)] == 5
    assert figures[("graphrisk_audit_files_waiting",)] == 1
    assert figures["graphrisk_jobs_failing", "audit"] == 0
    assert figures["graphrisk_jobs_failing", "feed"] == 1
    assert figures["graphrisk_job_success_age_seconds", "audit"] == 20
    assert ("graphrisk_job_success_age_seconds", "feed") not in figures
    assert "li.wei" not in text
    assert "worker a" not in text


def test_a_subscription_is_open_until_its_client_goes(fresh: Door) -> None:
    asked = {"query": "subscription { events { cursor } }"}
    accept = {"accept": "text/event-stream"}
    with fresh.http.stream("POST", "/graphql", json=asked, headers=accept) as stream:
        assert stream.status_code == 200
        _until(fresh.http, ("graphrisk_subscriptions_open",), 1)
    _until(fresh.http, ("graphrisk_subscriptions_open",), 0)
    _until(fresh.http, (GRAPHQL, "subscription", "ok"), 1)


def test_a_database_that_cannot_be_read_is_told_by_a_figure(tmp_path: Path) -> None:
    settings = Settings(store=f"sqlite:///{tmp_path / 'graph.db'}")
    with opened(settings):
        pass
    with (
        opened_api(settings, ManualClock(NOW)) as app,
        served(app) as url,
        httpx.Client(base_url=url) as http,
    ):
        figures = _read(http)
    assert figures[("graphrisk_operations_up",)] == 0
    assert ("graphrisk_outbox_waiting",) not in figures


def test_the_scores_process_counts_for_itself(tmp_path: Path) -> None:
    clock, board = ManualClock(5_000), ScoreBoard(tmp_path)
    sign_on = SignOn(Settings(store=f"sqlite:///{tmp_path / 'graph.db'}"), clock)
    audit, ids = AuditSpool(tmp_path / "audit", clock), PublicIds(b"secret")
    meter = Meter(board_gauges(board, clock))
    app = scores_app(board, ids, audit, board_look(board), sign_on, meter=meter)
    with served(app) as url, httpx.Client(base_url=url) as http:
        assert ("graphrisk_snapshot_age_seconds",) not in _read(http)
        publish(tmp_path, Run("run-9", 1_000, "store", 7, "spine-test", "d"), [], 100)
        http.get("/livez")
        figures = _read(http)
    assert figures[("graphrisk_snapshot_age_seconds",)] == 4
    assert figures[HTTP, "/livez", "2xx"] == 1
    assert figures[HTTP, "/metrics", "2xx"] == 1


@pytest.mark.parametrize(
    ("networks", "client", "status"),
    [
        ("", "127.0.0.1", 200),
        ("", "::1", 200),
        ("", "::ffff:127.0.0.1", 200),
        ("", "10.1.2.3", 403),
        ("10.1.0.0/16", "10.1.2.3", 200),
        ("10.1.0.0/16", "::ffff:10.1.2.3", 200),
        ("10.1.0.0/16", "10.2.2.3", 403),
        ("10.1.0.0/16", "2001:db8::1", 403),
    ],
)
def test_figures_are_for_this_machine_and_the_networks_that_are_named(
    town: Town, networks: str, client: str, status: int
) -> None:
    settings = town.settings.model_copy(update={"metrics_networks": networks})
    with opened_api(settings, ManualClock(NOW)) as app:
        answer = _from(app, client)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "FORBIDDEN"
        assert "graphrisk_http" not in answer.text


@pytest.mark.parametrize("header", ["forwarded", "x-forwarded-for", "x-real-ip", "via"])
def test_a_proxy_of_this_machine_is_no_door_for_others(town: Town, header: str) -> None:
    with opened_api(town.settings, ManualClock(NOW)) as app:
        assert _from(app, "127.0.0.1", {header: "127.0.0.1"}).status_code == 403


def test_networks_that_are_none_stop_the_start(town: Town) -> None:
    settings = town.settings.model_copy(update={"metrics_networks": "10.1.0.1/16"})
    with (
        pytest.raises(ConfigError, match=r"GRAPHRISK_METRICS_NETWORKS: 10\.1\.0\.1/16"),
        opened_api(settings, ManualClock(NOW)),
    ):
        pass


def _claimed(session: Session, name: str, kind: str) -> jobs.Job:
    """A repeated job that a worker has begun."""
    jobs.repeat(session, name, kind, 10_000, NOW - 40_000)
    lane = jobs.Lane(frozenset({kind}), others=False)
    job = jobs.claim(session, "x", NOW - 30_000, 10_000, lane)
    assert job is not None
    return job


def _from(app: FastAPI, client: str, headers: dict[str, str] | None = None) -> httpx.Response:
    """What this address is answered."""

    async def asked() -> httpx.Response:
        way = httpx.ASGITransport(app, client=(client, 5))
        async with httpx.AsyncClient(transport=way, base_url="http://localhost") as http:
            return await http.get("/metrics", headers=headers)

    return asyncio.run(asked())


def _read(http: httpx.Client) -> Figures:
    """Figures by their name and the values of their labels."""
    answer = http.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        (one.name, *one.labels.values()): one.value
        for family in text_string_to_metric_families(answer.text)
        for one in family.samples
    }


def _until(http: httpx.Client, figure: tuple[str, ...], value: float) -> None:
    """Ask until it is so; so many questions take longer than any change."""
    for _ in range(2_000):
        if _read(http).get(figure) == value:
            return
    pytest.fail(f"{figure} did not become {value}")
