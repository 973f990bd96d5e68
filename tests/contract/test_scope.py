"""Reads cut to areas: what lies outside is not found, counted, listed or walked through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path as File
from tempfile import TemporaryDirectory

import networkx as nx
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrisk.access.model import Purpose, Scope
from graphrisk.core.errors import Forbidden
from graphrisk.store.contract import NeighbourQuery, Reader, Store, TraceQuery
from graphrisk.store.scope.whereabouts import areas_of
from graphrisk.store.sqlite.store import SqliteStore
from tests.contract.deliveries import add_edges, ids, nodes, read, states, transfers, write

HULI, SIMING = "350206001001001", "350203001001001"


def _seen(store: Store, *areas: str) -> Reader:
    return store.reader(Scope(areas), Purpose("test"))


class Districts:
    """Two people of Huli (a, b), two of Siming (c, d), accounts a–d, and one account of nobody."""

    def __init__(self, store: Store) -> None:
        self.huli, self.siming = nodes(store, "GridCell", [HULI, SIMING])
        self.people = nodes(store, "Person", ["a", "b", "c", "d"])
        self.accounts = nodes(store, "Account", ["62001", "62002", "62003", "62004"])
        (self.stray,) = nodes(store, "Account", ["62009"])
        cells = [self.huli, self.huli, self.siming, self.siming]
        add_edges(store, "LIVES_IN", states(self.people, cells, [1, 2, 3, 4]))
        add_edges(store, "HOLDS", states(self.people, self.accounts, [5, 6, 7, 8]))
        a, b, c, d = self.accounts
        # a pays c, c pays b; c pays d; the long way from a to b is over the account of nobody.
        rows = transfers([a, c, c, a, self.stray], [c, b, d, self.stray, b], range(11, 16), [1, 2, 3, 4, 5])  # fmt: skip  # noqa: E501
        add_edges(store, "TRANSFERRED", rows)


@pytest.fixture
def districts(store: Store) -> Districts:
    return Districts(store)


def test_a_single_node_is_opened_and_nothing_else_with_it(
    store: Store, districts: Districts
) -> None:
    a, b, c, d = districts.people
    opened = store.reader(Scope(("350206",), frozenset({c, 10**9})), Purpose("test"))
    assert opened.lookup("Person", ["a", "b", "c", "d"]).tolist() == [a, b, c, -1]
    assert opened.outside(ids(c, d, districts.accounts[2])) == {
        d: "Person", districts.accounts[2]: "Account"
    }  # fmt: skip
    held = opened.neighbours(NeighbourQuery(c, "HOLDS", "out")).rows
    assert held["dst"].to_pylist() == [districts.accounts[2]]
    assert _seen(store, "350206").lookup("Person", ["c"]).tolist() == [-1]


def test_where_a_node_lies_is_where_a_scope_sees_it(store: Store, districts: Districts) -> None:
    every = [*districts.people, *districts.accounts, districts.stray, districts.huli]
    whole = read(store)
    for nid in every:
        lies = areas_of(whole, nid)
        for area in ("350206", "350203", HULI, "350181"):
            seen = not _seen(store, area).outside(ids(nid))
            assert seen == any(code.startswith(area) for code in lies), (nid, area, lies)
    assert areas_of(whole, districts.stray) == ()
    assert areas_of(whole, districts.accounts[2]) == (SIMING,)


def test_nodes_outside_are_not_there_and_their_kind_alone_is_told(
    store: Store, districts: Districts
) -> None:
    reader = _seen(store, "350206")
    every = ids(*districts.people, *districts.accounts, districts.siming, 999)
    found = {n for rows in reader.get_nodes(every).values() for n in rows["nid"].to_pylist()}
    assert found == {*districts.people[:2], *districts.accounts[:2]}
    assert reader.outside(every) == {
        districts.people[2]: "Person",
        districts.people[3]: "Person",
        districts.accounts[2]: "Account",
        districts.accounts[3]: "Account",
        districts.siming: "GridCell",
    }
    assert reader.lookup("Person", ["a", "c"]).tolist() == [districts.people[0], -1]
    assert reader.scan_nodes("Person", limit=1)["nid"].to_pylist() == districts.people[:1]
    assert reader.scan_nodes("Person", limit=9)["nid"].to_pylist() == districts.people[:2]
    page = reader.search("6200", ["Account"], 10)
    assert (page.rows["nid"].to_pylist(), page.total) == (districts.accounts[:2], 2)
    counts = reader.counts()
    assert (counts["Person"], counts["Account"], counts["GridCell"]) == (2, 2, 1)
    assert "TRANSFERRED" not in counts


def test_what_has_no_place_is_seen_from_the_city_up(store: Store, districts: Districts) -> None:
    stray = ids(districts.stray)
    assert _seen(store, "350206").outside(stray) == {districts.stray: "Account"}
    for areas in (("3502",), ("35",)):
        assert _seen(store, *areas).outside(stray) == {}
    assert _seen(store, "3301").outside(ids(districts.people[0])) == {districts.people[0]: "Person"}
    assert _seen(store).outside(stray) == {districts.stray: "Account"}


def test_edges_are_seen_from_an_end_that_is_seen(store: Store, districts: Districts) -> None:
    a, _, c, _ = districts.accounts
    reader = _seen(store, "350206")
    page = reader.neighbours(NeighbourQuery(a, "TRANSFERRED", "out"))
    assert page.total == 2
    assert reader.neighbours(NeighbourQuery(c, "TRANSFERRED", "out")).total == 0
    assert len(reader.neighbour_counts(c)) == 0
    every = [batch["eid"].to_numpy() for batch in read(store).export_edges("TRANSFERRED", 0, 99)]
    eids = np.concatenate(every)
    told = reader.get_edges(eids)["TRANSFERRED"].select(["src", "dst"]).to_pylist()
    assert {"src": c, "dst": districts.accounts[3]} not in told
    assert len(told) == 4


def test_a_path_leads_through_what_is_seen_alone(store: Store, districts: Districts) -> None:
    a, b, c, _ = districts.accounts
    whole, city = read(store), _seen(store, "3502")
    assert whole.shortest_path(a, b, ["TRANSFERRED"]) == city.shortest_path(a, b, ["TRANSFERRED"])
    reader = _seen(store, "350206")
    assert reader.shortest_path(a, b, ["TRANSFERRED"]) is None
    assert reader.shortest_path(a, c, ["TRANSFERRED"]) is None
    found = _seen(store, "350206", "350203").shortest_path(a, b, ["TRANSFERRED"])
    assert found is not None
    assert found.nids == (a, c, b)


def test_a_trace_ends_at_what_is_not_seen(store: Store, districts: Districts) -> None:
    a, _, c, _ = districts.accounts
    reader = _seen(store, "350206")
    page = reader.trace(TraceQuery(a, "TRANSFERRED", 0))
    assert page.rows["dst"].to_pylist() == [c, districts.stray]
    assert not page.truncated
    assert reader.trace(TraceQuery(c, "TRANSFERRED", 0)).total == 0


def test_columns_are_refused(store: Store) -> None:
    reader = _seen(store, "350206")
    for export in (
        lambda: reader.export_nodes("Person", 0, 9),
        lambda: reader.export_keys("Person", 0, 9),
        lambda: reader.export_edges("HOLDS", 0, 9),
        lambda: reader.export_deleted(0, 9),
        lambda: reader.changed_kinds(0, 9),
        lambda: reader.parts("calls"),
    ):
        with pytest.raises(Forbidden):
            export()


def test_who_moves_is_seen_where_he_moved_to_at_once(store: Store, districts: Districts) -> None:
    here, there = _seen(store, "350206"), _seen(store, "350203")
    person = ids(districts.people[0], districts.accounts[0])
    assert (len(here.outside(person)), len(there.outside(person))) == (0, 2)
    add_edges(store, "LIVES_IN", states([districts.people[0]], [districts.siming], [1], [2]))
    assert (len(here.outside(person)), len(there.outside(person))) == (2, 0)
    add_edges(store, "LIVES_IN", states([districts.people[0]], [districts.huli], [50]))
    assert (len(here.outside(person)), len(there.outside(person))) == (0, 0), "two sources"
    late = nodes(store, "Person", ["late"])
    add_edges(store, "LIVES_IN", states(late, [districts.huli], [99]))
    assert here.outside(ids(*late)) == {}
    assert there.outside(ids(*late)) == {late[0]: "Person"}
    write(store, lambda w: w.delete(ids(*late)))
    assert there.outside(ids(*late)) == {}


@contextmanager
def _fresh() -> Iterator[Store]:
    with TemporaryDirectory() as folder:
        store = SqliteStore(File(folder) / "graph.db")
        store.migrate()
        yield store
        store.close()


pairs = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20)


@settings(max_examples=25)
@given(homes=st.lists(st.sampled_from([0, 1, None]), min_size=8, max_size=8), paid=pairs)
def test_no_read_tells_more_than_the_part_that_is_seen(
    homes: list[int | None], paid: list[tuple[int, int]]
) -> None:
    with _fresh() as store:
        cells = nodes(store, "GridCell", [HULI, SIMING])
        people = nodes(store, "Person", [f"p{n}" for n in range(8)])
        accounts = nodes(store, "Account", [f"6200{n}" for n in range(8)])
        add_edges(store, "HOLDS", states(people, accounts, range(8)))
        lives = [(people[n], cells[home]) for n, home in enumerate(homes) if home is not None]
        if lives:
            src, dst = zip(*lives, strict=True)
            add_edges(store, "LIVES_IN", states(src, dst, range(100, 100 + len(lives))))
        if paid:
            ends = [(accounts[a], accounts[b]) for a, b in paid]
            src, dst = zip(*ends, strict=True)
            keys = range(200, 200 + len(paid))
            add_edges(store, "TRANSFERRED", transfers(src, dst, keys, range(len(paid))))
        here = [place for place, home in enumerate(homes) if home == 0]
        seen = {cells[0], *(people[n] for n in here), *(accounts[n] for n in here)}
        _check(_seen(store, "350206"), seen, [*cells, *people, *accounts], ends if paid else [])


def _check(reader: Reader, seen: set[int], every: list[int], paid: list[tuple[int, int]]) -> None:
    found = reader.get_nodes(ids(*every)).values()
    assert {n for rows in found for n in rows["nid"].to_pylist()} == seen
    assert set(reader.outside(ids(*every))) == set(every) - seen
    assert sum(reader.counts().values()) == len(seen)
    assert set(reader.search("6200", ["Account"], 50).rows["nid"].to_pylist()) <= seen
    graph = nx.Graph((a, b) for a, b in paid if {a, b} <= seen)
    graph.add_nodes_from(seen)
    for nid in every:
        page = reader.neighbours(NeighbourQuery(nid, "TRANSFERRED", "out"))
        assert page.total == sum(a == nid for a, _ in paid) * (nid in seen)
        traced = reader.trace(TraceQuery(nid, "TRANSFERRED", 0)).rows
        assert set(traced["src"].to_pylist()) <= seen
    for end in every[-8:]:
        path = reader.shortest_path(every[-8], end, ["TRANSFERRED"])
        apart = not {every[-8], end} <= seen or not nx.has_path(graph, every[-8], end)
        assert (path is None) == apart
        if path is not None:
            assert len(path.eids) == nx.shortest_path_length(graph, every[-8], end)
            assert set(path.nids) <= seen


def test_empty_tables_stay_tables(store: Store) -> None:
    reader = _seen(store, "350206")
    assert reader.scan_nodes("Person").num_rows == 0
    assert isinstance(reader.search("a", ["Person"]).rows, pa.Table)
    assert reader.get_nodes(ids()) == {}
