"""Cases over GraphQL: opened on findings, worked on in areas, four eyes, verdict, on record."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from graphrisk.settings import Settings
from tests.api.serving import Document, Door, opened_door
from tests.api.town import ACCOUNTS, LAUNDERING, SCAM, build
from tests.principals import headers
from tests.recorded import recorded

AREA = "350206001002"
FIELDS = """id number title state holder unit version mergedInto verdict
  findings { findingId kind members { kind key role } }"""
OPEN = f"""mutation ($input: OpenCaseInput!) {{ openCase(input: $input) {{ {FIELDS} }} }}"""
CASE = f"""query ($id: ID!) {{ case(id: $id) {{ {FIELDS}
  timeline(first: 50) {{ edges {{ node {{ action label {{ zh }} author reason before after }} }} }}
  deadlines {{ name label {{ zh }} state dueAt level isProvisional }} escalations {{ level unit }}
  merged {{ number }} measures {{ id state proposer decider basis target }} }} }}"""
CASES = """query ($first: Int!, $after: String, $state: CaseState, $area: String) {
  cases(first: $first, after: $after, state: $state, area: $area) { total
    pageInfo { hasNextPage endCursor } edges { node { number } } } }"""
PROPOSE = """mutation ($input: ProposeMeasureInput!) { proposeMeasure(input: $input) {
  id state label { zh } } }"""
CLOSE = """mutation ($input: CaseOrderInput!, $verdict: VerdictOutcome!,
  $parts: [VerdictPartInput!]) {
  closeCase(input: $input, verdict: $verdict, parts: $parts) { state verdict } }"""
ACCOUNT = """query ($id: ID!) { entity(id: $id) {
  neighbours(edgeKind: CONCERNS, direction: IN, first: 5) { edges {
    edge { properties { name value } } node { kind caption } } } } }"""


@dataclass
class People:
    """A served town, and people with just the rights they need."""

    door: Door

    def of(self, name: str, *roles: str) -> Mapping[str, str]:
        return headers(self.door.town.settings, name=name, roles=roles, case="A-7")

    def order(
        self, who: Mapping[str, str], mutation: str, subject: str, reason: str = "", more: str = ""
    ) -> Document:
        text = f"""mutation ($input: CaseOrderInput!) {{
          {mutation}(input: $input{more}) {{ {FIELDS} }} }}"""
        asked = {"input": {"caseId": subject, "reason": reason}}
        answer = self.door.ask(text, asked, who)
        return _told(answer, mutation)

    def decide(
        self, who: Mapping[str, str], mutation: str, measure: str, reason: str = ""
    ) -> Document:
        text = f"""mutation ($input: MeasureOrderInput!) {{
          {mutation}(input: $input) {{ state proposer decider }} }}"""
        answer = self.door.ask(text, {"input": {"measureId": measure, "reason": reason}}, who)
        return _told(answer, mutation)

    def open(self, who: Mapping[str, str], *findings: str, **more: object) -> Document:
        said = {"id": str(uuid.uuid4()), "title": "涉诈团伙", "area": AREA}
        asked = {"input": {**said, "findingIds": list(findings), **more}}
        return _told(self.door.ask(OPEN, asked, who), "openCase")


def _told(answer: Document, name: str) -> Document:
    """The answer, or the code of its first error under ``code``."""
    if "errors" in answer:
        return {"code": answer["errors"][0]["extensions"]["code"]}
    told: Document = answer["data"][name]
    return told


@pytest.fixture
def people(database_url: str, tmp_path: Path) -> Iterator[People]:
    settings = Settings(store=f"sqlite:///{tmp_path / 'graph.db'}", operations=database_url)
    with opened_door(build(settings, tmp_path)) as door:
        yield People(door)


def test_from_a_finding_over_four_eyes_to_a_label_in_the_graph(people: People) -> None:
    door, li = people.door, people.of("li", "investigator")
    chief = people.of("chen", "approver")
    case = people.open(li, LAUNDERING)
    assert (case["number"], case["state"]) == ("350206-2026-000001", "OPEN")
    assert {m["key"] for m in case["findings"][0]["members"]} == {
        ACCOUNTS[key] for key in ("P1", "P2", "P3")
    }
    assert people.order(li, "takeCase", case["id"])["holder"] == "li"
    said = {"id": str(uuid.uuid4()), "caseId": case["id"], "kind": "freeze"}
    said |= {"target": ACCOUNTS["P1"], "reason": "赃款将被转走"}
    measure = door.data(PROPOSE, {"input": said}, li)["proposeMeasure"]
    assert (measure["state"], measure["label"]["zh"]) == ("PROPOSED", "冻结")
    assert people.decide(li, "approveMeasure", measure["id"]) == {"code": "FORBIDDEN"}
    both = people.of("li", "investigator", "approver")
    assert people.decide(both, "approveMeasure", measure["id"]) == {"code": "FORBIDDEN"}
    approved = people.decide(chief, "approveMeasure", measure["id"])
    assert approved == {"state": "APPROVED", "proposer": "li", "decider": "chen"}
    close = {"input": {"caseId": case["id"], "reason": "查明"}, "verdict": "CONFIRMED"}
    assert _told(door.ask(CLOSE, close, li), "closeCase") == {"code": "CONFLICT"}
    people.decide(li, "carryOutMeasure", measure["id"], "银行回执 7")
    closed = door.data(CLOSE, close, li)["closeCase"]
    assert closed == {"state": "CLOSED", "verdict": "CONFIRMED"}
    account = {"id": door.id_of("Account", ACCOUNTS["P1"])}
    (edge,) = door.data(ACCOUNT, account, li)["entity"]["neighbours"]["edges"]
    values = {one["name"]: one["value"] for one in edge["edge"]["properties"]}
    assert (values["verdict"], values["finding"]) == (1, LAUNDERING)
    assert edge["node"] == {"kind": "Case", "caption": case["number"]}
    told = door.data(CASE, {"id": case["id"]}, li)["case"]
    steps = [edge["node"]["action"] for edge in told["timeline"]["edges"]]
    assert steps == ["open", "take", "propose", "approve", "carry_out", "close"]
    assert {one["name"]: one["state"] for one in told["deadlines"]} == {
        "acceptance": "MET",
        "handling": "MET",
    }
    people.order(li, "reopenCase", case["id"], "新证据")
    assert door.data(ACCOUNT, account, li)["entity"]["neighbours"]["edges"] == []


def test_who_has_no_right_to_it_changes_nothing(people: People) -> None:
    li, reader = people.of("li", "investigator"), people.of("an", "analyst")
    case = people.open(li, SCAM)
    assert people.open(reader, LAUNDERING) == {"code": "FORBIDDEN"}
    assert people.order(reader, "takeCase", case["id"]) == {"code": "FORBIDDEN"}
    assert people.door.data(CASE, {"id": case["id"]}, reader)["case"]["number"] == case["number"]
    worker = people.of("g", "grid_worker")
    for asked in ({"id": case["id"]}, {"id": str(uuid.uuid4())}):
        assert _told(people.door.ask(CASE, asked, worker), "case") == {"code": "NOT_FOUND"}


def test_cases_are_listed_page_by_page_and_on_ones_desk(people: People) -> None:
    door, li = people.door, people.of("li", "investigator")
    numbers = [people.open(li, matter=f"M{n}")["number"] for n in range(3)]
    first = door.data(CASES, {"first": 2, "area": "350206001"}, li)["cases"]
    assert (first["total"], first["pageInfo"]["hasNextPage"]) == (3, True)
    asked = {"first": 2, "after": first["pageInfo"]["endCursor"], "state": "OPEN"}
    rest = door.data(CASES, asked, li)["cases"]
    listed = [edge["node"]["number"] for edge in (*first["edges"], *rest["edges"])]
    assert listed == numbers[::-1]
    desk = "{ myDesk(first: 5) { edges { node { number holder } } } }"
    assert door.data(desk, None, li)["myDesk"]["edges"] == []
    mine = people.open(li, SCAM)
    people.order(li, "takeCase", mine["id"])
    (edge,) = door.data(desk, None, li)["myDesk"]["edges"]
    assert edge["node"] == {"number": mine["number"], "holder": "li"}


def test_cases_are_merged_split_and_given_to_another_unit(people: People) -> None:
    li, chief = people.of("li", "investigator"), people.of("chen", "supervisor")
    one, other = people.open(li, SCAM), people.open(li, LAUNDERING)
    merged = people.order(li, "mergeCases", one["id"], "同一团伙", f', into: "{other["id"]}"')
    assert {one["findingId"] for one in merged["findings"]} == {LAUNDERING, SCAM}
    people.order(li, "unmergeCases", one["id"], "并错")
    more = f', findingIds: ["{SCAM}"]'
    assert people.order(li, "attachFindings", other["id"], "", more) == {"code": "CONFLICT"}
    more = f', findingId: "{SCAM}"'
    assert people.order(li, "detachFinding", one["id"], "误并", more)["findings"] == []
    more = f', findingIds: ["{SCAM}"]'
    assert len(people.order(li, "attachFindings", other["id"], "", more)["findings"]) == 2
    moved = people.order(chief, "assignCase", other["id"], "上报", ', unit: "3502"')
    assert moved["unit"] == "3502"


def test_titles_reasons_and_keys_are_masked_until_a_case_is_named(people: People) -> None:
    li = people.of("li", "investigator")
    case = people.open(li, LAUNDERING, title="张小伟等人涉嫌洗钱")
    people.order(li, "addNote", case["id"], "张小伟与王芳同住一室")
    bare = {name: value for name, value in li.items() if name != "x-case"}
    masked = json.dumps(people.door.data(CASE, {"id": case["id"]}, bare), ensure_ascii=False)
    assert "张小伟" not in masked
    assert ACCOUNTS["P1"] not in masked
    clear = json.dumps(people.door.data(CASE, {"id": case["id"]}, li), ensure_ascii=False)
    assert "张小伟等人涉嫌洗钱" in clear
    assert "张小伟与王芳同住一室" in clear


def test_what_is_read_and_decided_is_recorded(people: People) -> None:
    li = people.of("li", "investigator")
    case = people.open(li, matter="M1")
    people.order(li, "takeCase", case["id"])
    rows = recorded(people.door.town.settings.audit_folder)
    told = {(row["principal"], row["action"], row["case"], row["what"]) for row in rows}
    ours = [("li", f"case.{action}", "A-7", case["id"]) for action in ("open", "take")]
    assert set(ours) <= told


@pytest.mark.parametrize(
    "more",
    [{"id": "7"}, {"title": ""}, {"area": "x"}, {"matter": None}, {"title": "a\0"}],
    ids=str,
)
def test_what_is_no_case_is_refused(people: People, more: Mapping[str, object]) -> None:
    li = people.of("li", "investigator")
    assert people.open(li, **{"matter": "M1", **more}) == {"code": "BAD_INPUT"}
