"""What is recorded of a read, and what never leaves: personal values in logs, ids and cursors."""

from __future__ import annotations

import json
import logging
import os
import re

import pytest

from graphrisk.analysis.service import Findings
from graphrisk.api.types import reasons
from graphrisk.store.audit.entry import Record
from tests.api.serving import Door
from tests.api.town import ACCOUNTS, NAMES, PHONES, SCAM
from tests.recorded import block, recorded, spooled, unblock

EVERYTHING = """query ($phone: ID!, $scam: ID!) {
  entity(id: $phone) { id neighbours(edgeKind: CALLED) { pageInfo { endCursor }
    edges { cursor node { id } edge { id } } } }
  finding(id: $scam) { id members { pageInfo { endCursor } edges { cursor node { id } } }
    evidence { edges { cursor node { id } } } }
  findings { edges { cursor node { id reasons { sentence { zh en } values { value } } } } }
}"""


def _audit(door: Door) -> list[Record]:
    return spooled(door.town.settings.audit_folder)


def test_every_read_is_recorded_with_purpose_case_and_count(door: Door) -> None:
    before = _audit(door)
    headers = {"x-purpose": "evaluation", "x-case": "A-7"}
    ids = [door.id_of("Person", key) for key in ("P1", "P2")]
    door.data("query ($ids: [ID!]!) { entities(ids: $ids) { id } }", {"ids": ids}, headers)
    door.data('{ search(text: "zhang") { total } }')
    door.http.get(f"/v1/scores/{ids[0]}", headers=headers)
    rows = recorded(door.town.settings.audit_folder, but=before)
    told = [(row["action"], row["purpose"], row["case"], row["count"]) for row in rows]
    assert told == [
        ("entities", "evaluation", "A-7", 2),
        ("search", "investigation", None, 2),
        ("scores", "evaluation", "A-7", 1),
    ]
    found = door.data('{ search(text: "zhang") { entities { id } } }')["search"]["entities"]
    assert [set(str(row["what"]).split(",")) for row in rows] == [
        set(ids),
        {one["id"] for one in found},
        {ids[0]},
    ]
    assert {row["principal"] for row in rows} == {"development"}
    text = json.dumps(rows, ensure_ascii=False)
    assert "zhang" not in text
    assert not [one for one in (*PHONES.values(), *NAMES, *NAMES.values()) if f'"{one}"' in text]


def test_ids_cursors_and_reasons_hold_nothing_personal(door: Door) -> None:
    variables = {"phone": door.id_of("Phone", PHONES["P1"]), "scam": SCAM}
    told = json.dumps(door.data(EVERYTHING, variables, {"x-case": "A-7"}), ensure_ascii=False)
    for value in (*PHONES.values(), *ACCOUNTS.values(), *NAMES.values()):
        assert value not in told
    # An opaque id may begin with any digits by chance; a number would stand there whole.
    told_ids = set(re.findall(r'"(?:id|cursor|endCursor)": "(?:\w+_)?(\w+)"', told))
    assert len(told_ids) > 8
    assert not told_ids & {str(nid) for nid in door.town.nids.values()}


def test_without_a_case_no_personal_value_is_said(door: Door) -> None:
    query = """query ($id: ID!) { entity(id: $id) { key caption properties { value }
      neighbours(edgeKind: CALLED) { edges { node { key caption } } } } }"""
    told = json.dumps(door.data(query, {"id": door.id_of("Phone", PHONES["P1"])}))
    assert PHONES["P1"] not in told
    assert PHONES["P2"] not in told


def test_a_fault_is_hidden_and_written_down_without_values(
    door: Door, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_reason: object, _language: str) -> str:
        raise RuntimeError(f"about {PHONES['P1']}")

    monkeypatch.setattr(reasons, "sentence", broken)
    with caplog.at_level(logging.INFO):
        answer = door.ask("{ findings { total edges { node { id } } } latestRun { id } }")
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["path"] == ["findings"]
    assert answer["data"]["latestRun"] == {"id": "run-2"}
    assert PHONES["P1"] not in json.dumps(answer)
    assert "RuntimeError" in caplog.text
    assert "types/reasons.py" in caplog.text
    assert PHONES["P1"] not in caplog.text


def test_a_store_that_fails_is_told_apart_from_a_fault(
    door: Door, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from graphrisk.core.errors import StoreUnavailable

    def away(_self: Findings) -> None:
        raise StoreUnavailable("the operations database is busy")

    monkeypatch.setattr(Findings, "latest_run", away)
    assert door.codes("{ latestRun { id } }") == ["STORE_UNAVAILABLE"]
    assert caplog.text == ""


def test_a_request_of_many_reads_waits_once_for_the_disk(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes, sync = [], os.fdatasync

    def counted(descriptor: int) -> None:
        writes.append(descriptor)
        sync(descriptor)

    before = len(_audit(door))
    monkeypatch.setattr(os, "fdatasync", counted)
    door.data(EVERYTHING, {"phone": door.id_of("Phone", PHONES["P1"]), "scam": SCAM})
    assert len(_audit(door)) - before > 3
    assert len(writes) == 1


def test_what_cannot_be_recorded_is_not_answered(door: Door) -> None:
    folder = door.town.settings.audit_folder
    asked = {"query": '{ search(text: "zhang") { total } }'}
    kept = block(folder)
    try:
        answer = door.http.post("/graphql", json=asked)
        score = door.http.get(f"/v1/scores/{door.id_of('Person', 'P1')}")
    finally:
        unblock(folder, kept)
    assert (answer.status_code, score.status_code) == (503, 503)
    assert "data" not in answer.json()
    assert answer.json()["errors"][0]["extensions"]["code"] == "STORE_UNAVAILABLE"


def test_what_a_stream_tells_is_recorded_before(door: Door) -> None:
    before = _audit(door)
    asked = {"query": '{ search(text: "zhang") { total } }'}
    told = door.http.post("/graphql", json=asked, headers={"accept": "text/event-stream"})
    assert '"total":2' in told.text
    rows = recorded(door.town.settings.audit_folder, but=before)
    assert [row["action"] for row in rows] == ["search"]
