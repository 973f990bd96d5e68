"""Rehearsals on a loaded town: a day, a grid cell, an officer; by command and by the worker."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from graphrisk.access.model import EVERYTHING, Principal, Purpose
from graphrisk.analysis.rules.facts import GraphFacts
from graphrisk.analysis.rules.form import read_rules
from graphrisk.analysis.rules.ladder import SHIPPED, read_ladder
from graphrisk.analysis.rules.rehearsal import kinds_of, rehearse, warm_ms
from graphrisk.analysis.rules.service import RuleBook
from graphrisk.cli.app import app
from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import BadInput, Forbidden, NotFound
from graphrisk.settings import Settings
from graphrisk.store.audit.spool import AuditSpool
from graphrisk.store.operations.tables import JobRow
from graphrisk.worker.tasks import rehearse_rule
from tests.analysis.rules.reference import Edge, Event, World
from tests.analysis.rules.worlds import batch_of, graph_of
from tests.api.town import FIRST, SECOND, build, opened

DAY = 86_400_000
#: 2026-02-13 00:00 in China.
BEGIN = 1_770_912_000_000
ANALYST = Principal("analyst", frozenset({"analyst"}), EVERYTHING)
PURPOSE = Purpose("evaluation")
RULES = """
rules:
  - id: long_call
    title: {zh: 长时间通话, en: Long call}
    event: call
    about: caller
    reasons:
      - measure: {field: seconds}
        bands: [{from: 20, points: 10}, {from: 50, points: 20}]
        reason: {zh: "{value}秒", en: "{value} seconds"}
    alert: 10
    action: 20
    act: {rung: warn, cap: {actions: 1, within: 1 day}}
  - id: again
    title: {zh: 反复转账, en: Transfers after calls}
    event: transfer
    about: payer
    reasons:
      - measure: {count: calls, of: payer_holder}
        bands: [{from: 1, points: 10}]
        reason: {zh: "{value}次", en: "{value} calls"}
    alert: 10
counters:
  calls: {event: call, by: caller_holder, what: count, within: 2 days}
"""


def test_hits_are_counted_by_day_grid_and_officer_and_caps_by_period() -> None:
    kinds = {1: "Phone", 2: "Phone", 3: "Account", 4: "Account", 5: "Person", 6: "Person"}
    kinds |= {7: "GridCell", 8: "Person"}
    edges = [
        Edge("OWNS_PHONE", 5, 1),
        Edge("HOLDS", 5, 3),
        Edge("LIVES_IN", 5, 7),
        Edge("RESPONSIBLE_FOR", 8, 7),
    ]
    graph = graph_of(World(kinds, {nid: f"key{nid}" for nid in kinds}, edges))
    stream = [
        ("call", BEGIN - DAY, 1, 2, 90.0),  # warms the counter, counts as no hit
        ("call", BEGIN, 1, 2, 60.0),
        ("call", BEGIN + 1_000, 1, 2, 60.0),
        ("transfer", BEGIN + 2_000, 3, 4, 5.0),
        ("call", BEGIN + DAY, 2, 1, 30.0),
        ("transfer", BEGIN + 2 * DAY + 3_000, 3, 4, 5.0),
        ("call", BEGIN + 3 * DAY, 1, 2, 60.0),  # after the period
    ]
    field = {"call": "seconds", "transfer": "amount"}
    events = batch_of([Event(k, at, a, b, {field[k]: v}, {}) for k, at, a, b, v in stream])
    rules, heard = read_rules(RULES, "test.yaml"), list[tuple[int, int]]()
    assert kinds_of(rules) == ["call", "transfer"]
    assert warm_ms(rules) == 2 * DAY
    period = (BEGIN, BEGIN + 3 * DAY)
    calls, again = rehearse(
        rules, events, graph, GraphFacts(graph), period, lambda _, *n: heard.append(n)
    )
    assert [(d.begin, d.warnings, d.actions, d.capped) for d in calls.days] == [
        (BEGIN, 0, 2, 1),
        (BEGIN + DAY, 1, 0, 0),
        (BEGIN + 2 * DAY, 0, 0, 0),
    ]
    assert (calls.events, calls.hits) == (3, 3)
    assert [(load.nid, load.hits, load.most_a_day) for load in calls.grids] == [
        (7, 2, 2),
        (-1, 1, 1),
    ]
    assert [(load.nid, load.hits) for load in calls.officers] == [(8, 2), (-1, 1)]
    assert [day.warnings for day in again.days] == [1, 0, 0], "the third day's window is empty"
    assert heard == [(6, 7)]
    with pytest.raises(BadInput):
        rehearse(rules, events, graph, GraphFacts(graph), (BEGIN, BEGIN), lambda *_: None)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("rehearsed")
    return build(Settings(store=f"sqlite:///{folder / 'graph.db'}"), folder).settings


def test_the_worker_does_a_rehearsal_that_was_asked_for(settings: Settings) -> None:
    clock = ManualClock(SECOND)
    with opened(settings) as (_, database):
        audit = AuditSpool(settings.audit_folder, clock)
        book = RuleBook(database, read_ladder(SHIPPED), clock, audit)
        rule = read_rules(RULES, "test.yaml")[0]
        book.draft(ANALYST, PURPOSE, rule)
        which = (rule.rule_id, rule.version)
        approver = Principal("x", frozenset({"approver"}), EVERYTHING)
        with pytest.raises(Forbidden):
            book.ask_rehearsal(approver, PURPOSE, *which, (FIRST - 3 * DAY, FIRST))
        with pytest.raises(BadInput, match="366"):
            book.ask_rehearsal(ANALYST, PURPOSE, *which, (0, FIRST))
        asked = book.ask_rehearsal(ANALYST, PURPOSE, *which, (FIRST - 3 * DAY, FIRST))
        assert (asked.finished_at, asked.result) == (None, None)
        with database.reading() as session:
            job = session.get(JobRow, f"rehearse:{asked.rehearsal_id}")
            assert job is not None
            assert (job.kind, job.state) == ("rehearse", "waiting")
    told = rehearse_rule(settings, clock, asked.rehearsal_id)
    assert told == "2 hits among 2 events"
    with opened(settings) as (_, database):
        book = RuleBook(database, read_ladder(SHIPPED), clock, audit)
        done = book.rehearsal(ANALYST, PURPOSE, asked.rehearsal_id)
        assert (done.finished_at, done.done, done.total) == (SECOND, 2, 2)
        assert done.result is not None
        days = done.result["days"]
        assert isinstance(days, list)
        assert [(d["warnings"], d["actions"]) for d in days if d["warnings"] or d["actions"]] == [
            (1, 0),
            (0, 1),
        ]
        with pytest.raises(NotFound):
            book.rehearsal(ANALYST, PURPOSE, "none")


def test_the_command_tells_what_rules_would_have_done(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPHRISK_STORE", settings.store)
    file = tmp_path / "own.yaml"
    file.write_text(RULES, encoding="utf-8")
    period = ["--since", "2025-12-01T00:00:00+08:00", "--until", "2026-01-02T00:00:00+08:00"]
    run = CliRunner().invoke(app, ["rules", "rehearse", str(file), *period, "--json"])
    assert run.exit_code == 0, run.output
    calls, again = json.loads(run.stdout)["rules"]
    assert (calls["id"], calls["events"], calls["hits"]) == ("long_call", 2, 2)
    assert (again["id"], again["events"], again["hits"]) == ("again", 3, 0)
    assert calls["grids"] == [{"name": None, "hits": 2, "most_a_day": 1}]
    assert len(calls["days"]) == 32
    checked = CliRunner().invoke(app, ["rules", "check", "--json"])
    assert "transfer_after_call" in checked.stdout
    assert np.all([one["alert"] > 0 for one in json.loads(checked.stdout)["rules"]])
