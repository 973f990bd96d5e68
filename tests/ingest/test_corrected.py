"""A corrected mapping: facts stay the same facts, and what it says otherwise is said aloud."""

from __future__ import annotations

from pathlib import Path

from graphrisk.core.clock import OPEN
from tests.ingest.factory import Desk, Document, csv, rejects

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


def test_a_column_that_means_another_property_is_a_new_version(any_desk: Desk) -> None:
    text = (
        "name: phones\nfiles: [phones.csv]\nformat: csv\nmode: full\nid: number\n"
        "nodes: [{kind: Phone, key: number, properties: {PROPERTY: v}}]\n"
    )
    any_desk.deliver("phones.csv", "number,v\n13,loan\n")
    any_desk.load(any_desk.mapping(text.replace("PROPERTY", "operator")))
    report = any_desk.load(any_desk.mapping(text.replace("PROPERTY", "scam_category"))).files[0]
    assert (report.loaded, report.unchanged) == (1, 0)
    phone = any_desk.node("Phone", "13")
    assert phone is not None
    assert (phone["operator"], phone["scam_category"]) == (None, "loan")


def test_events_whose_sides_were_swapped_are_rejected_aloud(any_desk: Desk) -> None:
    text = (
        "name: moves\nfiles: [moves.csv]\nformat: csv\nmode: events\nid: nr\n"
        "edges: [{kind: TRANSFERRED, from: {kind: Account, key: A}, to: {kind: Account, key: B}, "
        "properties: {at: {column: t, as: epoch_ms}}}]\n"
    )
    any_desk.deliver("moves.csv", "nr,a,b,t\n1,x,y,5\n2,y,z,6\n")
    wrong = any_desk.mapping(text.replace("A}", "b}").replace("B}", "a}"))
    version = any_desk.load(wrong).version
    right = any_desk.mapping(text.replace("A}", "a}").replace("B}", "b}"))
    report = any_desk.load(right)
    assert {row["reason"] for row in rejects(report.files[0])} == {
        "an event with this id is known, with other content"
    }
    assert (report.files[0].rejected, report.version) == (2, version)


def test_the_order_in_which_a_mapping_says_things_does_not_matter(desk: Desk) -> None:
    phone = "{kind: Phone, key: number, properties: {FIRST, SECOND}}"
    text = (
        "name: phones\nfiles: [phones.csv]\nformat: csv\nmode: full\nid: number\n"
        f"nodes: [{phone}]\nedges: [TIES]\n"
    )
    parts = ["operator: o", "scam_category: c"]
    ties = [
        "{kind: OWNS_PHONE, from: {kind: Person, key: p}, to: {kind: Phone, key: number}}",
        "{kind: USES_DEVICE, from: {kind: Phone, key: number}, to: {kind: Device, key: d}}",
    ]
    desk.deliver("phones.csv", "number,o,c,p,d\n13,x,y,P1,D1\n")
    versions = []
    for _ in range(2):
        said = text.replace("FIRST", parts[0]).replace("SECOND", parts[1])
        versions.append(desk.load(desk.mapping(said.replace("TIES", ", ".join(ties)))).version)
        parts.reverse()
        ties.reverse()
    assert versions[0] == versions[1]
