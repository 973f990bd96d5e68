"""Watch lists: each change is told once, to its owner alone, and only of his areas."""

from __future__ import annotations

import pytest

from graphrisk.access.model import EVERYTHING, Principal, Purpose, Scope
from graphrisk.analysis.watch import service
from graphrisk.analysis.watch.service import LONGEST_MS, WatchLists, look
from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import (
    BadInput,
    Conflict,
    Forbidden,
    LimitExceeded,
    NotFound,
    StoreUnavailable,
)
from graphrisk.store.contract import Store
from graphrisk.store.operations import outbox
from graphrisk.store.operations.database import Database
from tests.contract.deliveries import add_edges, add_nodes, assertions, nodes, states, transfers
from tests.recorded import FullAudit

NOW, DAY = 1_770_912_000_000, 86_400_000
INVESTIGATOR = frozenset({"investigator"})
LI = Principal("li", INVESTIGATOR, EVERYTHING)
WANG = Principal("wang", INVESTIGATOR, Scope(("350206",)))
VOLUNTEER = Principal("he", frozenset({"volunteer"}), EVERYTHING)
PURPOSE = Purpose("investigation", "A-7")


class Audit:
    def record(
        self, principal: Principal, action: str, purpose: Purpose, count: int, what: str = ""
    ) -> None:
        assert purpose == PURPOSE
        assert what or action == "watch.lists", "a decision names its object"
        assert action.startswith("watch.")
        del principal, count


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def lists(database: Database, store: Store, clock: ManualClock) -> WatchLists:
    return WatchLists(database, store, clock, Audit())


def watched(lists: WatchLists, who: Principal, kind: str, *keys: str) -> str:
    made = lists.begin(who, PURPOSE, "A-7", NOW + 30 * DAY)
    lists.add(who, PURPOSE, made.list_id, kind, keys)
    return made.list_id


def told(lists: WatchLists, who: Principal, list_id: str) -> list[tuple[int, tuple[str, ...]]]:
    found, more = lists.hits(who, PURPOSE, list_id, None, 100)
    assert not more
    return [(hit.nid, hit.changed) for hit in reversed(found)]


def test_what_cannot_be_recorded_does_not_happen(
    lists: WatchLists, store: Store, database: Database, clock: ManualClock
) -> None:
    list_id = watched(lists, LI, "Account", "a")
    silent = WatchLists(database, store, clock, FullAudit())
    with pytest.raises(StoreUnavailable):
        silent.begin(LI, PURPOSE, "B", NOW + DAY)
    with pytest.raises(StoreUnavailable):
        silent.add(LI, PURPOSE, list_id, "Account", ["b"])
    with pytest.raises(StoreUnavailable):
        silent.close(LI, PURPOSE, list_id)
    (found,) = lists.lists(LI, PURPOSE)
    assert [item.key for item in found.items] == ["a"]
    assert found.closed_at is None


def test_what_appears_or_changes_is_told_once(
    lists: WatchLists, store: Store, database: Database, clock: ManualClock
) -> None:
    (known,) = nodes(store, "Account", ["a"])
    list_id = watched(lists, LI, "Account", "a", "b")
    assert look(store, database, clock).hits == 0, "what was there before is no news"
    b, c = nodes(store, "Account", ["b", "c"])
    assert look(store, database, clock).hits == 1
    add_nodes(store, "Account", assertions([known, c], [1, 2], bank=["甲", "乙"]))
    add_edges(store, "TRANSFERRED", transfers([known, c], [c, b], [7, 8], [10, 20]))
    assert look(store, database, clock).hits == 2
    assert look(store, database, clock).hits == 0
    changed = [(b, ("appeared",)), (known, ("properties", "TRANSFERRED")), (b, ("TRANSFERRED",))]
    assert told(lists, LI, list_id) == changed
    with database.session() as session:
        outbox.relay(session)
        events = outbox.read_after(session, 0, kind="watch.hit")
    assert [event.subject for event in events] == [list_id] * 3
    assert [event.payload["changed"] for event in events] == [list(what) for _, what in changed]


def test_a_look_killed_before_its_end_is_done_again_whole(
    lists: WatchLists,
    store: Store,
    database: Database,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    list_id = watched(lists, LI, "Account", "a", "b")
    nids = nodes(store, "Account", ["a", "b"])

    def killed(*_: object) -> None:
        raise StoreUnavailable("the process was ended here")

    with monkeypatch.context() as ended:
        ended.setattr(service, "_move", killed)
        with pytest.raises(StoreUnavailable):
            look(store, database, clock)
    assert told(lists, LI, list_id) == []
    assert look(store, database, clock).hits == 2
    assert told(lists, LI, list_id) == [(nid, ("appeared",)) for nid in nids]
    assert look(store, database, clock).hits == 0


def test_what_lies_outside_the_owners_areas_does_not_fire(
    lists: WatchLists, store: Store, database: Database, clock: ManualClock
) -> None:
    near, far = nodes(store, "GridCell", ["350206005001001", "350203001001001"])
    one, other = nodes(store, "Person", ["p1", "p2"])
    phones = nodes(store, "Phone", ["1", "2", "3"])
    add_edges(store, "LIVES_IN", states([one, other], [near, far], [1, 2]))
    add_edges(store, "OWNS_PHONE", states([one, other], phones[:2], [3, 4]))
    of_wang, of_li = (watched(lists, who, "Phone", "1", "2", "3") for who in (WANG, LI))
    (device,) = nodes(store, "Device", ["d"])
    add_edges(store, "USES_DEVICE", states(phones, [device] * 3, [5, 6, 7]))
    seen = look(store, database, clock)
    assert (seen.hits, seen.withheld) == (4, 2)
    assert told(lists, WANG, of_wang) == [(phones[0], ("USES_DEVICE",))]
    assert told(lists, LI, of_li) == [(nid, ("USES_DEVICE",)) for nid in phones]


def test_a_list_that_ended_tells_nothing(
    lists: WatchLists, store: Store, database: Database, clock: ManualClock
) -> None:
    expired, closed = (watched(lists, LI, "Account", "a") for _ in range(2))
    lists.close(LI, PURPOSE, closed)
    with pytest.raises(Conflict, match="closed"):
        lists.add(LI, PURPOSE, closed, "Account", ["b"])
    clock.advance(30 * DAY)
    nodes(store, "Account", ["a"])
    assert look(store, database, clock).hits == 0
    assert told(lists, LI, expired) == told(lists, LI, closed) == []


def test_a_list_is_its_owners_alone(lists: WatchLists) -> None:
    list_id = watched(lists, LI, "Account", "a")
    (mine,) = lists.lists(LI, PURPOSE)
    assert (mine.list_id, mine.owner, mine.purpose, mine.case) == (
        list_id,
        "li",
        "investigation",
        "A-7",
    )
    assert [(item.kind, item.key) for item in mine.items] == [("Account", "a")]
    assert lists.lists(WANG, PURPOSE) == []
    with pytest.raises(NotFound):
        lists.hits(WANG, PURPOSE, list_id, None, 10)
    with pytest.raises(NotFound):
        lists.close(WANG, PURPOSE, list_id)
    with pytest.raises(Forbidden, match=r"may not watch\.keep"):
        lists.begin(VOLUNTEER, PURPOSE, "x", NOW + DAY)
    for ends in (NOW, NOW + LONGEST_MS + 1):
        with pytest.raises(BadInput, match="366 days"):
            lists.begin(LI, PURPOSE, "x", ends)
    with pytest.raises(BadInput, match="kind is one of"):
        lists.add(LI, PURPOSE, list_id, "Opinion", ["o"])
    with pytest.raises(LimitExceeded):
        lists.add(LI, PURPOSE, list_id, "Account", [f"k{n}" for n in range(1_000)])
    assert len(lists.lists(LI, PURPOSE)[0].items) == 1
