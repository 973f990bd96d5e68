"""Who is who over GraphQL: the queue, judging, history, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.model import EVERYTHING, Principal, Purpose
from graphrisk.analysis.entities import Viewer
from graphrisk.analysis.identity import FIELDS, IdentityInquiry
from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import Forbidden
from graphrisk.ingest.resolve.judgements import judge_by_machine
from graphrisk.ingest.resolve.matcher import Matches
from graphrisk.ingest.resolve.model import Verdict
from graphrisk.ingest.resolve.persons import PERSONS
from graphrisk.ingest.resolve.service import Identities
from graphrisk.settings import Settings
from graphrisk.store.audit.spool import AuditSpool
from tests.api.serving import Document, Door, opened_door
from tests.api.town import NAMES, SECOND, build, opened
from tests.recorded import recorded, spooled

QUEUE = """query ($first: Int!, $after: String) { identityQueue(first: $first, after: $after) {
  total pageInfo { hasNextPage endCursor }
  edges { node { probability judge byPerson reason verdict clues { field label { zh en } bits }
    one { id caption } other { id caption } } } } }"""
JUDGE = """mutation ($one: ID!, $other: ID!, $verdict: IdentityVerdict!, $reason: String!) {
  judgeIdentity(input: {one: $one, other: $other, verdict: $verdict, reason: $reason}) {
    changed judgement { verdict judge reason byPerson probability clues { bits } judgedAt until
      one { id } other { id } } } }"""
PERSON = """query ($id: ID!, $first: Int, $after: String) { entity(id: $id) {
  records { id caption } judgements(first: $first, after: $after) { total
    pageInfo { hasNextPage endCursor }
    edges { node { verdict byPerson reason judge until } } } } }"""
CASE = {"x-case": "A-7"}


@pytest.fixture
def doubted(tmp_path: Path) -> Iterator[Door]:
    """A town of its own, in which the machine doubts three pairs."""
    settings = Settings(store=f"sqlite:///{tmp_path / 'graph.db'}")
    town = build(settings, tmp_path)
    pairs = [("P1", "P4"), ("P2", "P3"), ("P2", "P4")]
    left, right = (np.array([town.nids[pair[side]] for pair in pairs]) for side in (0, 1))
    chance = np.array([0.8, 0.5, 0.2])
    bits = np.tile(np.array([7.25, -1.5], np.float32), (3, 1))
    found = Matches(left, right, chance, ("name", "identity"), bits, 3, 0, 0)
    with opened(settings) as (store, _):
        judge_by_machine(store, ManualClock(SECOND + 1_000), found)
    with opened_door(town) as door:
        yield door


def _said(door: Door, one: str, other: str, **said: str) -> Document:
    ids = {"one": door.id_of("Person", one), "other": door.id_of("Person", other)}
    return {**ids, "verdict": "SAME", "reason": "同一张照片", **said}


def _waiting(door: Door) -> list[set[str]]:
    edges = door.data(QUEUE, {"first": 10})["identityQueue"]["edges"]
    return [{edge["node"][side]["id"] for side in ("one", "other")} for edge in edges]


def test_pairs_in_doubt_are_listed_page_by_page_the_most_probable_first(doubted: Door) -> None:
    first = doubted.data(QUEUE, {"first": 2}, CASE)["identityQueue"]
    assert (first["total"], first["pageInfo"]["hasNextPage"]) == (3, True)
    after = first["pageInfo"]["endCursor"]
    rest = doubted.data(QUEUE, {"first": 2, "after": after}, CASE)["identityQueue"]
    assert not rest["pageInfo"]["hasNextPage"]
    nodes = [edge["node"] for edge in (*first["edges"], *rest["edges"])]
    assert [one["probability"] for one in nodes] == [0.8, 0.5, 0.2]
    assert (nodes[0]["one"]["caption"], nodes[0]["other"]["caption"]) == (NAMES["P1"], NAMES["P4"])
    assert nodes[0]["clues"] == [
        {"field": "name", "label": {"zh": "姓名", "en": "Name"}, "bits": 7.2},
        {"field": "identity", "label": {"zh": "证件号码", "en": "Identity number"}, "bits": -1.5},
    ]
    assert (nodes[0]["judge"], nodes[0]["byPerson"], nodes[0]["reason"]) == (
        "records-2",
        False,
        None,
    )


def test_who_judges_is_the_caller_and_the_pair_waits_no_longer(doubted: Door) -> None:
    said = _said(doubted, "P4", "P1")
    answer = doubted.data(JUDGE, said, CASE)["judgeIdentity"]
    assert answer["changed"]
    judgement = answer["judgement"]
    assert (judgement["judge"], judgement["verdict"]) == (DEVELOPMENT.name, "SAME")
    assert {judgement["one"]["id"], judgement["other"]["id"]} == {said["one"], said["other"]}
    assert {said["one"], said["other"]} not in _waiting(doubted)
    assert doubted.data(JUDGE, said, CASE)["judgeIdentity"] == {**answer, "changed": False}
    person = doubted.data(PERSON, {"id": said["one"], "first": 5}, CASE)["entity"]
    assert {one["id"] for one in person["records"]} == {said["one"], said["other"]}


def test_all_that_was_judged_of_a_record_stays_known_in_turn(doubted: Door) -> None:
    doubted.data(JUDGE, _said(doubted, "P1", "P4"))
    doubted.data(JUDGE, _said(doubted, "P1", "P4", verdict="DIFFERENT", reason="双胞胎"))
    doubted.data(JUDGE, _said(doubted, "P1", "P4", verdict="WITHDRAWN", reason="再查"))
    asked = {"id": doubted.id_of("Person", "P1"), "first": 3}
    page = doubted.data(PERSON, asked, CASE)["entity"]["judgements"]
    asked["after"] = page["pageInfo"]["endCursor"]
    rest = doubted.data(PERSON, asked, CASE)["entity"]["judgements"]
    assert (page["total"], page["pageInfo"]["hasNextPage"]) == (4, True)
    nodes = [edge["node"] for edge in (*page["edges"], *rest["edges"])]
    assert [one["verdict"] for one in nodes] == ["UNSURE", "SAME", "DIFFERENT", "WITHDRAWN"]
    assert [one["until"] is None for one in nodes] == [True, False, False, True]
    assert len(_waiting(doubted)) == 3, "what was withdrawn waits again"


def test_a_reason_and_names_are_masked_until_a_case_is_named(doubted: Door) -> None:
    said = _said(doubted, "P1", "P4", reason="张小伟与张小玮同住一室")
    masked = doubted.data(JUDGE, said)["judgeIdentity"]["judgement"]["reason"]
    asked = {"id": said["one"], "first": 5}
    told = json.dumps(doubted.data(PERSON, asked), ensure_ascii=False)
    assert said["reason"] not in (masked, told)
    assert not [name for name in NAMES.values() if name in told]
    assert said["reason"] in json.dumps(doubted.data(PERSON, asked, CASE), ensure_ascii=False)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"other": "P1"}, "BAD_INPUT"),
        ({"reason": "  "}, "BAD_INPUT"),
        ({"reason": "x" * 2_001}, "BAD_INPUT"),
        ({"reason": "a\0b"}, "BAD_INPUT"),
        ({"reason": "a\x1bb"}, "BAD_INPUT"),
        ({"verdict": "WITHDRAWN"}, "NOT_FOUND"),
        ({"verdict": "PERHAPS"}, "BAD_INPUT"),
        ({"stranger": "person_0000000000001"}, "NOT_FOUND"),
        ({"stranger": "nobody"}, "BAD_INPUT"),
    ],
    ids=str,
)
def test_what_cannot_be_judged_is_refused_and_nothing_is_kept(
    doubted: Door, said: dict[str, str], code: str
) -> None:
    changed = {name: value for name, value in said.items() if name in ("verdict", "reason")}
    asked = _said(doubted, "P1", said.get("other", "P4"), **changed)
    asked["other"] = said.get("stranger", asked["other"])
    assert doubted.codes(JUDGE, asked) == [code]
    assert len(_waiting(doubted)) == 3


def test_only_persons_are_judged(doubted: Door) -> None:
    phone = doubted.ids.entity("Phone", next(iter(doubted.town.nids.values())))
    assert doubted.codes(JUDGE, {**_said(doubted, "P1", "P4"), "other": phone}) == ["NOT_FOUND"]
    assert doubted.codes(QUEUE, {"first": 1, "after": "after_gaps_0000000000000"}) == ["BAD_INPUT"]


def test_reads_and_judgements_are_recorded(doubted: Door) -> None:
    folder = doubted.town.settings.audit_folder
    before = spooled(folder)
    doubted.data("{ identityQueue(first: 2) { total } }", headers=CASE)
    doubted.data(JUDGE.replace("one { id } other { id }", ""), _said(doubted, "P1", "P4"), CASE)
    rows = recorded(folder, but=before)
    told = [(row["principal"], row["action"], row["case"], row["count"]) for row in rows]
    assert told == [
        ("development", "identity_queue", "A-7", 2),
        ("development", "judge", "A-7", 2),
    ]
    pair = ",".join(doubted.id_of("Person", key) for key in ("P1", "P4"))
    assert [row["what"] for row in rows] == ["", pair]


def test_who_has_no_say_is_refused(tmp_path: Path) -> None:
    settings = Settings(store=f"sqlite:///{tmp_path / 'graph.db'}")
    town = build(settings, tmp_path)
    reader = Principal("reader", frozenset({"auditor"}), EVERYTHING)
    clock = ManualClock(SECOND)
    with opened(settings) as (store, database):
        people = Identities(store, database, clock)
        viewer = Viewer(reader, Purpose("investigation"))
        inquiry = IdentityInquiry(
            people, store, viewer, AuditSpool(settings.audit_folder, clock), "{}_{}".format
        )
        with pytest.raises(Forbidden):
            inquiry.judge(town.nids["P1"], town.nids["P4"], Verdict.SAME, "同一张照片")
        assert people.known().judgements_of(town.nids["P1"]) == []


def test_every_field_that_the_machine_compares_has_words() -> None:
    compared = {*PERSONS.texts, *(column.name for column in PERSONS.shared)}
    apart = {f"{one.name} within {one.within}" for one in PERSONS.shared if one.within}
    assert FIELDS.keys() == compared | apart
