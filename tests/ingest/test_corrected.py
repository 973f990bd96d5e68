"""A corrected mapping: facts stay the same facts."""

from __future__ import annotations

from pathlib import Path

from graphrisk.core.clock import OPEN
from tests.ingest.factory import Desk, Document, csv

ACCOUNT = "{kind: Account, key: account}"
HOLDS = (
    "{kind: HOLDS, from: {kind: Person, key: holder}, to: {kind: Account, key: account}, "
    "optional: true}"
)
PERSON = "{kind: Person, key: holder, properties: {name: name}, optional: true}"
HEADER = "account,holder,name"


def accounts(desk: Desk, mode: str, nodes: list[str], edges: list[str]) -> Path:
    """A mapping of accounts with what it states of each row."""
    return desk.mapping(
        f"name: accounts\nfiles: ['accounts*.csv']\nformat: csv\nmode: {mode}\nid: account\n"
        f"nodes: [{', '.join(nodes)}]\nedges: [{', '.join(edges)}]\n"
    )


def still(desk: Desk, kind: str) -> list[Document]:
    """Rows of an edge kind that are believed and have not ended."""
    return [row for row in desk.edges(kind) if row["known_to"] == row["valid_to"] == OPEN]


def test_a_fact_keeps_its_identity_when_others_join_the_mapping(any_desk: Desk) -> None:
    any_desk.deliver("accounts-1.csv", csv(HEADER, [("A1", "P1", "Li"), ("A2", "P2", "Wu")]))
    any_desk.load(accounts(any_desk, "delta", [ACCOUNT], [HOLDS]))
    wider = accounts(any_desk, "delta", [ACCOUNT, PERSON], [HOLDS])
    any_desk.load(wider)
    held = still(any_desk, "HOLDS")
    assert [row["eid"] for row in held] == [0, 1], "one tie a row"
    any_desk.deliver("accounts-2.csv", csv(HEADER, [("A1", "P2", "Wu")]))
    any_desk.load(wider)
    (p2,) = any_desk.reader.lookup("Person", ["P2"]).tolist()
    assert {(row["eid"], row["src"]) for row in still(any_desk, "HOLDS")} == {(0, p2), (1, p2)}


def test_a_kind_that_left_the_mapping_has_ended(any_desk: Desk) -> None:
    any_desk.deliver("accounts.csv", csv(HEADER, [("A1", "P1", "Li"), ("A2", "", "")]))
    any_desk.load(accounts(any_desk, "full", [ACCOUNT, PERSON], [HOLDS]))
    assert len(still(any_desk, "HOLDS")) == 1
    without = accounts(any_desk, "full", [ACCOUNT], [])
    report = any_desk.load(without).files[0]
    assert report.closed == 2, "the tie, and what was said of the person"
    assert still(any_desk, "HOLDS") == []
    assert any_desk.load(without).files[0].closed == 0
