"""The audit over GraphQL: an auditor reads who did what, checks it himself, and is on record."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import update

from graphrisk.core.clock import ManualClock
from graphrisk.core.tlog.keyring import read_public
from graphrisk.core.tlog.proof import read_proof
from graphrisk.settings import Settings
from graphrisk.store.audit.collector import collect
from graphrisk.store.audit.entry import read_entry, read_record
from graphrisk.store.audit.place import place_of
from graphrisk.store.audit.tables import AuditRow
from graphrisk.store.operations.database import Database
from tests.api.serving import NOW, Document, Door, opened_door
from tests.api.town import ACCOUNTS, NAMES, build
from tests.principals import headers

TRAIL = """query ($first: Int!, $after: String, $filter: AuditFilterInput) {
  auditTrail(first: $first, after: $after, filter: $filter) {
    edges { node { index at principal action purpose case count what erasedAt } }
    pageInfo { hasNextPage endCursor } } }"""
PROOF = "query ($index: Int!) { auditProof(index: $index) { index entry proof keys record } }"


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("audited")
    with opened_door(build(Settings(store=f"sqlite:///{folder / 'graph.db'}"), folder)) as door:
        li = headers(door.town.settings, roles=["investigator"], name="li", case="A-7")
        door.data('{ search(text: "zhang") { total } }', None, li)
        door.data("{ findings { total } }", None, li)
        _collect(door)
        yield door


def _collect(door: Door) -> Database:
    database = Database(door.town.settings.operations_url)
    collect(place_of(door.town.settings), database, ManualClock(NOW))
    return database


def _auditor(door: Door, *areas: str) -> dict[str, str]:
    return headers(door.town.settings, roles=["auditor"], name="wu", areas=list(areas or ("",)))


def _page(door: Door, **variables: object) -> Document:
    page: Document = door.data(TRAIL, {"first": 9, **variables}, _auditor(door))["auditTrail"]
    return page


def test_an_auditor_reads_who_did_what_and_is_recorded(door: Door) -> None:
    page = _page(door, filter={"principal": "li"})
    nodes = [edge["node"] for edge in page["edges"]]
    told = [(one["action"], one["case"], one["purpose"], one["erasedAt"]) for one in nodes]
    assert told == [
        ("findings", "A-7", "investigation", None),
        ("search", "A-7", "investigation", None),
    ]
    _collect(door)
    (own,) = _page(door, first=1, filter={"principal": "wu"})["edges"]
    assert (own["node"]["action"], own["node"]["count"]) == ("audit.read", 2)


def test_an_auditor_learns_who_read_of_somebody(door: Door) -> None:
    li = headers(door.town.settings, roles=["investigator"], name="li.wei", case="A-7")
    ids = [door.id_of("Person", key) for key in NAMES]
    door.data("query ($ids: [ID!]!) { entities(ids: $ids) { id } }", {"ids": ids}, li)
    _collect(door)
    for one in ids:
        page = _page(door, first=1, filter={"what": one, "action": "entities"})
        (edge,) = page["edges"]
        assert (edge["node"]["principal"], edge["node"]["count"]) == ("li.wei", len(ids))
    for other in (ids[0][:-1], ids[0][1:], door.id_of("Account", ACCOUNTS["P1"])):
        assert _page(door, filter={"what": other})["edges"] == []


def test_pages_go_on_where_they_ended(door: Door) -> None:
    first = _page(door, first=1, filter={"principal": "li"})
    assert first["pageInfo"]["hasNextPage"]
    after = first["pageInfo"]["endCursor"]
    second = _page(door, first=1, after=after, filter={"principal": "li"})
    assert not second["pageInfo"]["hasNextPage"]
    actions = [page["edges"][0]["node"]["action"] for page in (first, second)]
    assert actions == ["findings", "search"]
    assert _page(door, filter={"case": "A-8"})["edges"] == []
    assert _page(door, filter={"until": "2020-01-01T00:00:00Z"})["edges"] == []


def test_a_proof_is_checked_with_what_it_holds(door: Door) -> None:
    proved = door.data(PROOF, {"index": 0}, _auditor(door))["auditProof"]
    verifiers = [one.verifier for one in read_public(proved["keys"])]
    read_proof(proved["proof"]).check(proved["entry"].encode(), verifiers)
    record = read_record(proved["record"].encode())
    assert read_entry(proved["entry"].encode()).commitment == record.commitment
    assert (record.principal, record.action, record.case) == ("li", "search", "A-7")
    assert "li" not in proved["entry"].replace("commitment", "")


def test_a_row_that_was_changed_is_not_proved(door: Door) -> None:
    database = _collect(door)
    for name in ("nobody", "li"):
        with database.session() as session:
            change = update(AuditRow).where(AuditRow.number == 1).values(principal=name)
            session.execute(change)
        answer = door.http.post(
            "/graphql",
            json={"query": PROOF, "variables": {"index": 1}},
            headers=_auditor(door),
        ).json()
        assert bool(answer.get("errors")) == (name == "nobody"), answer
    database.dispose()


def test_nobody_else_reads_it(door: Door) -> None:
    township = _auditor(door, "350206005")
    others = [headers(door.town.settings, roles=[role]) for role in ("administrator", "analyst")]
    for who in (township, *others):
        for query, variables in ((TRAIL, {"first": 1}), (PROOF, {"index": 0})):
            answer = door.ask(query, variables, who)
            assert [one["extensions"]["code"] for one in answer["errors"]] == ["FORBIDDEN"]
    answer = door.ask(PROOF, {"index": 10_000}, _auditor(door))
    assert [one["extensions"]["code"] for one in answer["errors"]] == ["NOT_FOUND"]
