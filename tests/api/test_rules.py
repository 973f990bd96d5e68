"""Rules, watch lists, saved queries over GraphQL: two persons, hits, rehearsal, watching."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphrisk.analysis.rules.batch import EventBatch
from graphrisk.analysis.rules.ladder import read_ladder
from graphrisk.analysis.rules.rehearsals import seen
from graphrisk.analysis.rules.service import RuleBook
from graphrisk.analysis.watch.service import look
from graphrisk.centre.askers import ask_saved
from graphrisk.core.clock import ManualClock
from graphrisk.ingest.load import load
from graphrisk.settings import Settings
from graphrisk.store.audit.spool import AuditSpool
from graphrisk.store.operations import outbox
from graphrisk.worker.tasks import TASKS, rehearse_rule
from tests.api.serving import NOW, Door, opened_door
from tests.api.town import ACCOUNTS, PHONES, Town, build, opened
from tests.contract.deliveries import add_edges, nodes, transfers
from tests.principals import headers

TEXT = """
rules:
  - id: long_call
    title: {zh: 长时间通话, en: Long call}
    event: call
    about: caller
    reasons:
      - measure: {field: seconds}
        bands: [{from: 30, points: 10}, {from: 1000, points: 20}]
        reason: {zh: "已通话{value}秒", en: "{value} seconds on the phone"}
    alert: 10
    action: 20
    act: {rung: warn, cap: {actions: 5, within: 1 day}}
"""
SUBMIT = """mutation ($text: String!) { submitRule(input: {text: $text, reason: "新骗术"}) {
  id version state maker } }"""
DECIDE = """mutation ($id: String!, $version: String!) {
  approveRule(input: {rule: $id, version: $version, reason: "已试运行"}) { state
    steps { step author reason } } }"""
HITS = """{ ruleHits(first: 1) { pageInfo { hasNextPage endCursor } edges { node {
  rule level outcome rung points about { id } reasons { text { zh en } value points } } } } }"""
REHEARSE = """mutation ($id: String!, $version: String!, $since: DateTime!, $until: DateTime!) {
  rehearseRule(input: {rule: $id, version: $version, since: $since, until: $until}) {
    id finishedAt days { begin } } }"""
REHEARSAL = """query ($id: String!) { ruleRehearsal(id: $id) { finishedAt events hits
  days { begin warnings actions capped } grids { who { id } hits } } }"""
BEGIN = """mutation { beginWatchList(input: {name: "A-7", expiresAt: "2026-03-01T00:00:00Z"}) {
  id case items { key } } }"""
WATCH = """mutation ($list: String!, $keys: [String!]!) {
  watch(input: {watchList: $list, kind: Account, keys: $keys}) { items { kind key } } }"""
WATCHED = """query ($list: String!) { watchLists { id } watchHits(watchList: $list) {
  edges { node { changed entity { id } } } } }"""
SAVE = """mutation ($asked: SaveQueryInput!) { saveQuery(input: $asked) { id answers case } }"""
NEWS = """query ($query: String!) { savedQueries { name answers refused }
  queryNews(savedQuery: $query) {
  edges { node { change entity { id } finding { id } event { kind } } } } }"""


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    settings = Settings(store=f"sqlite:///{tmp_path / 'graph.db'}")
    with opened_door(build(settings, tmp_path)) as opened_:
        yield opened_


def _as(door: Door, role: str, name: str) -> Mapping[str, str]:
    return headers(door.town.settings, roles=[role], name=name, case="A-7")


def _calls(callers: Sequence[int], callee: int) -> EventBatch:
    """The first lasts twenty minutes, the others 40 s."""
    many = len(callers)
    return EventBatch(
        kind=np.zeros(many, np.int8),
        key=np.arange(many),
        at=np.full(many, NOW),
        src=np.array(callers),
        dst=np.full(many, callee),
        eid=np.full(many, -1),
        numbers={"seconds": np.array([1_200.0] + [40.0] * (many - 1))},
        texts={},
    )


def _live(door: Door) -> Mapping[str, str]:
    submitted = door.data(SUBMIT, {"text": TEXT}, _as(door, "analyst", "maker"))["submitRule"]
    assert (submitted["state"], submitted["maker"]) == ("submitted", "maker")
    which = {"id": submitted["id"], "version": submitted["version"]}
    own = door.ask(DECIDE, which, _as(door, "supervisor", "maker"))
    assert own["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    approved = door.data(DECIDE, which, _as(door, "approver", "checker"))["approveRule"]
    assert approved["state"] == "live"
    assert [(one["step"], one["author"]) for one in approved["steps"]] == [
        ("submit", "maker"),
        ("approve", "checker"),
    ]
    return which


def test_a_rule_goes_from_text_to_hits_with_reasons_by_two_persons(door: Door) -> None:
    which, settings, town = _live(door), door.town.settings, door.town
    with opened(settings) as (store, database):
        audit, clock = AuditSpool(settings.audit_folder, ManualClock(NOW)), ManualClock(NOW)
        book = RuleBook(database, read_ladder(settings.ladder_file), clock, audit)
        _, facts = seen(store, settings.folder)
        ends = [town.nids[PHONES[key]] for key in ("P1", "P2")]
        assert book.bench(facts).judge(_calls([ends[0], -5], ends[1])) == 2
    reader = _as(door, "investigator", "reader")
    page = door.data(HITS, headers=reader)["ruleHits"]
    (edge,) = page["edges"]
    assert edge["node"] == {
        "rule": "long_call",
        "level": "alert",
        "outcome": "warned",
        "rung": None,
        "points": 10,
        "about": None,
        "reasons": [
            {
                "text": {"zh": "已通话40秒", "en": "40 seconds on the phone"},
                "value": 40.0,
                "points": 10,
            }
        ],
    }
    after = HITS.replace("first: 1", f'first: 5, after: "{page["pageInfo"]["endCursor"]}"')
    (edge,) = door.data(after, headers=reader)["ruleHits"]["edges"]
    assert (edge["node"]["outcome"], edge["node"]["rung"]) == ("taken", "warn")
    assert edge["node"]["about"] == {"id": door.id_of("Phone", PHONES["P1"])}
    assert edge["node"]["reasons"][0]["text"]["en"] == "1,200 seconds on the phone"
    kept = (
        "query ($id: String!, $version: String!) { rule(id: $id, version: $version) { document } }"
    )
    document = json.loads(door.data(kept, which, reader)["rule"]["document"])
    assert document["rules"][0]["id"] == "long_call"
    listed = '{ rules(state: "live") { id } }'
    assert door.data(listed, headers=reader) == {"rules": [{"id": "long_call"}]}


def test_files_that_are_loaded_reach_the_hits_through_the_worker(
    districts: Town, tmp_path: Path
) -> None:
    settings, clock = districts.settings, ManualClock(NOW)
    with opened_door(districts) as door:
        _live(door)
        assert TASKS["rules"](settings, clock) == "0 events judged by 1 versions, 0 hits"
        delivery = tmp_path / "calls"
        delivery.mkdir()
        calls = {
            "call_id": ["C8", "C9"],
            "caller": [PHONES["P1"], PHONES["P2"]],
            "callee": [PHONES["P2"], PHONES["P3"]],
            "start": pa.array([NOW - 60_000, NOW - 90_000], pa.timestamp("ms", "UTC")),
            "seconds": [1_200, 5],
        }
        pq.write_table(pa.table(calls), delivery / "calls.parquet")
        with opened(settings) as (store, _):
            load(store, settings.folder, delivery, clock=clock, progress=lambda *_: None)
        assert TASKS["rules"](settings, clock) == "2 events judged by 1 versions, 1 hits"
        assert TASKS["rules"](settings, clock) == "0 events judged by 1 versions, 0 hits"
        reader = _as(door, "investigator", "reader")
        (edge,) = door.data(HITS, headers=reader)["ruleHits"]["edges"]
        assert (edge["node"]["rule"], edge["node"]["outcome"]) == ("long_call", "taken")
        assert edge["node"]["about"] == {"id": door.id_of("Phone", PHONES["P1"])}
    with opened(settings) as (_, database), database.session() as session:
        outbox.relay(session)
        (told,) = outbox.read_after(session, 0, kind="rule.hit")
        assert told.payload["outcome"] == "taken"


def test_hits_about_who_lies_outside_are_not_listed(districts: Town) -> None:
    settings = districts.settings
    with opened_door(districts) as door:
        _live(door)
        with opened(settings) as (store, database):
            audit, clock = AuditSpool(settings.audit_folder, ManualClock(NOW)), ManualClock(NOW)
            book = RuleBook(database, read_ladder(settings.ladder_file), clock, audit)
            _, facts = seen(store, settings.folder)
            callers = [districts.nids[PHONES["P1"]], districts.nids[PHONES["P2"]], -5]
            assert book.bench(facts).judge(_calls(callers, districts.nids[PHONES["P1"]])) == 3
        for areas, listed in ((("350206",), 1), (("350203",), 1), (("3502",), 3), (("3501",), 1)):
            who = headers(settings, roles=["investigator"], areas=areas, case="A-7")
            every = HITS.replace("first: 1", 'first: 1, rule: "long_call"')
            found, after = [], ""
            while True:
                page = door.data(every.replace("first: 1", f"first: 1{after}"), headers=who)
                found += page["ruleHits"]["edges"]
                if not page["ruleHits"]["pageInfo"]["hasNextPage"]:
                    break
                after = f', after: "{page["ruleHits"]["pageInfo"]["endCursor"]}"'
            assert len(found) == listed, areas
            known = {(edge["node"]["about"] or {}).get("id") for edge in found}
            own = {"350206": "P1", "350203": "P2"}.get(areas[0])
            assert own is None or known == {door.id_of("Phone", PHONES[own])}


def test_a_draft_is_kept_by_who_makes_rules(door: Door) -> None:
    draft = "mutation ($text: String!) { draftRule(text: $text) { state maker } }"
    refused = door.ask(draft, {"text": TEXT}, _as(door, "supervisor", "chief"))
    assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    kept = door.data(draft, {"text": TEXT}, _as(door, "analyst", "maker"))["draftRule"]
    assert kept == {"state": "draft", "maker": "maker"}


def test_a_text_at_fault_is_told_with_place_and_value(door: Door) -> None:
    wrong = {"text": TEXT.replace("seconds}", "second}")}
    answer = door.ask(SUBMIT, wrong, _as(door, "analyst", "maker"))
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_INPUT"
    assert "text:rules.0.reasons.0.measure.field: must be one of seconds" in error["message"]
    refused = door.ask(SUBMIT, {"text": TEXT}, _as(door, "volunteer", "he"))
    assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"


def test_a_rehearsal_is_asked_for_done_and_read(door: Door) -> None:
    which, settings = _live(door), door.town.settings
    period = {"since": "2025-12-30T16:00:00Z", "until": "2026-01-01T16:00:00Z"}
    analyst = _as(door, "analyst", "maker")
    asked = door.data(REHEARSE, {**which, **period}, analyst)["rehearseRule"]
    assert (asked["finishedAt"], asked["days"]) == (None, [])
    rehearse_rule(settings, ManualClock(NOW), asked["id"])
    told = door.data(REHEARSAL, {"id": asked["id"]}, analyst)["ruleRehearsal"]
    assert (told["events"], told["hits"]) == (2, 2)
    assert told["days"] == [
        {"begin": "2025-12-30T16:00:00.000Z", "warnings": 1, "actions": 0, "capped": 0},
        {"begin": "2025-12-31T16:00:00.000Z", "warnings": 1, "actions": 0, "capped": 0},
    ]
    assert told["grids"] == [{"who": None, "hits": 2}]


def test_what_is_watched_is_told_to_its_owner_alone(door: Door) -> None:
    li, town = _as(door, "investigator", "li"), door.town
    made = door.data(BEGIN, headers=li)["beginWatchList"]
    assert (made["case"], made["items"]) == ("A-7", [])
    keys = [ACCOUNTS["P1"], "6222000000000009"]
    added = door.data(WATCH, {"list": made["id"], "keys": keys}, li)["watch"]["items"]
    assert added == [{"kind": "Account", "key": key} for key in keys]
    ends = [town.nids[ACCOUNTS[key]] for key in ("P1", "P2")]
    with opened(town.settings) as (store, database):
        add_edges(store, "TRANSFERRED", transfers([ends[0]], [ends[1]], [977], [NOW]))
        assert look(store, database, ManualClock(NOW)).hits == 1
    told = door.data(WATCHED, {"list": made["id"]}, li)
    assert told["watchLists"] == [{"id": made["id"]}]
    (edge,) = told["watchHits"]["edges"]
    assert edge["node"] == {
        "changed": ["TRANSFERRED"],
        "entity": {"id": door.id_of("Account", ACCOUNTS["P1"])},
    }
    other = door.ask(WATCHED, {"list": made["id"]}, _as(door, "investigator", "wang"))
    assert other["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert other["data"]["watchLists"] == []
    close = f'mutation {{ closeWatchList(watchList: "{made["id"]}") {{ closedAt }} }}'
    assert door.data(close, headers=li)["closeWatchList"]["closedAt"] is not None


def test_what_is_new_of_a_saved_query_is_told_to_its_owner_alone(door: Door) -> None:
    li, town = _as(door, "investigator", "li"), door.town
    asked = [
        {"name": "numbers", "subject": "SEARCH", "text": "13999", "kinds": ["Phone"]},
        {"name": "rings", "subject": "FINDINGS", "kind": "scam_cell"},
        {"name": "late", "subject": "EVENTS", "kind": "source.late"},
    ]
    made = [door.data(SAVE, {"asked": one}, li)["saveQuery"] for one in asked]
    assert [(one["answers"], one["case"]) for one in made] == [(0, "A-7"), (1, "A-7"), (0, "A-7")]
    with opened(town.settings) as (store, database):
        (fresh,) = nodes(store, "Phone", ["13999000001"])
        with database.session() as session:
            outbox.emit(session, "source.late", "calls", {}, NOW, whom="li")
        with database.session() as session:
            outbox.relay(session)
        done = ask_saved(town.settings, store, database, ManualClock(NOW))
        assert (done.news, list(done.refused)) == (2, [])
    told = [door.data(NEWS, {"query": one["id"]}, li) for one in made]
    nothing = {"change": "APPEARED", "entity": None, "finding": None, "event": None}
    news = [[edge["node"] for edge in one["queryNews"]["edges"]] for one in told]
    assert news == [
        [{**nothing, "entity": {"id": door.ids.entity("Phone", fresh)}}],
        [],
        [{**nothing, "event": {"kind": "source.late"}}],
    ]
    assert {one["name"] for one in told[0]["savedQueries"]} == {"numbers", "rings", "late"}
    other = door.ask(NEWS, {"query": made[0]["id"]}, _as(door, "investigator", "wang"))
    assert other["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert other["data"]["savedQueries"] == []
    gone = f'mutation {{ deleteSavedQuery(savedQuery: "{made[0]["id"]}") {{ name }} }}'
    assert door.data(gone, headers=li)["deleteSavedQuery"]["name"] == "numbers"
    assert door.ask(NEWS, {"query": made[0]["id"]}, li)["data"]["queryNews"] is None
