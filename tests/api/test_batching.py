"""A list costs the same number of store reads however long it is."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest

from graphrisk.access.model import Purpose, Scope
from graphrisk.analysis.publish import ScoreBoard
from graphrisk.api.batching import Threads
from graphrisk.api.deployment import api_app, desk_of
from graphrisk.api.health import not_ready
from graphrisk.api.ids import PublicIds
from graphrisk.core.clock import ManualClock
from graphrisk.store.contract import Health, Reader, Store, Writer
from tests.api.serving import Door, served
from tests.api.town import ACCOUNTS, LAUNDERING, Town, opened

HANGS = "hangs"  # counted: each read takes longer than anybody waits
_PATIENCE, _HANGS = 2.0, 4.0  # seconds; an answer takes far less, also where much else runs


class CountingReader:
    """Passes everything on and counts the calls of each method."""

    def __init__(self, reader: Reader, calls: Counter[str]) -> None:
        self._reader = reader
        self._calls = calls

    def __getattr__(self, name: str) -> object:
        self._calls[name] += 1
        if HANGS in self._calls:
            time.sleep(_HANGS)
        return getattr(self._reader, name)


class CountingStore:
    """A real store whose readers are counted."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.calls: Counter[str] = Counter()

    def reader(self, scope: Scope, purpose: Purpose) -> Reader:
        counted: object = CountingReader(self._store.reader(scope, purpose), self.calls)
        return counted  # type: ignore[return-value]

    def migrate(self) -> None:
        self._store.migrate()

    def writer(self, owner: str) -> Writer:
        return self._store.writer(owner)

    def health(self) -> Health:
        return self._store.health()

    def passed(self, store_id: str, version: int, stamp: int) -> bool:
        return self._store.passed(store_id, version, stamp)

    def close(self) -> None:
        self._store.close()


@pytest.fixture(scope="module")
def counted(town: Town) -> Iterator[tuple[Door, Counter[str]]]:
    with _counted(town) as found:
        yield found


@contextmanager
def _counted(town: Town, patience: float = 30.0) -> Iterator[tuple[Door, Counter[str]]]:
    settings = town.settings
    with opened(settings) as (store, database), ThreadPoolExecutor(2) as executor:
        counting = CountingStore(store)
        ids = PublicIds(settings.id_secret_bytes)
        desk = desk_of(settings, counting, database, ManualClock(), Threads(executor, patience))
        app = api_app(desk, ScoreBoard(settings.scores_folder), not_ready)
        with served(app) as url, httpx.Client(base_url=url) as http:
            yield Door(town, http, ids), counting.calls


def test_a_store_that_hangs_is_unavailable_and_the_next_request_is_served(town: Town) -> None:
    with _counted(town, _PATIENCE) as (door, calls):
        account = {"id": door.id_of("Account", ACCOUNTS["P1"])}
        calls[HANGS] += 1
        answer = door.ask("query ($id: ID!) { entity(id: $id) { caption } }", account)
        (error,) = answer["errors"]
        assert error["extensions"]["code"] == "STORE_UNAVAILABLE"
        assert error["message"] == "a store did not answer within 2 s"
        calls.clear()
        time.sleep(_HANGS)
        assert door.data("query ($id: ID!) { entity(id: $id) { caption } }", account)["entity"]


MEMBERS = """query ($id: ID!, $first: Int!) { finding(id: $id) { members(first: $first) {
  edges { node { role
    entity { caption score { value } findings { id lineage { event } } } } } } } }"""
EVIDENCE = """query ($id: ID!, $first: Int!) { finding(id: $id) { evidence(first: $first) {
  edges { node { source { key } target { key } provenance { file } } } } } }"""


@pytest.mark.parametrize(
    ("query", "reads"),
    [
        (MEMBERS, {"get_nodes": 1}),
        (EVIDENCE, {"get_edges": 1, "get_nodes": 1, "batches": 1}),
    ],
    ids=["members", "evidence"],
)
def test_three_rows_cost_the_reads_of_one(
    counted: tuple[Door, Counter[str]], query: str, reads: dict[str, int]
) -> None:
    door, calls = counted
    for first in (1, 3):
        calls.clear()
        part = next(iter(door.data(query, {"id": LAUNDERING, "first": first})["finding"].values()))
        assert len(part["edges"]) == first
        assert calls == reads


def test_entities_neighbours_and_paths_are_read_together(
    counted: tuple[Door, Counter[str]],
) -> None:
    door, calls = counted
    accounts = [door.id_of("Account", number) for number in ACCOUNTS.values()]
    calls.clear()
    door.data(
        "query ($ids: [ID!]!) { entities(ids: $ids) { id score { value } } }", {"ids": accounts}
    )
    assert calls == {"get_nodes": 1}
    calls.clear()
    near = """query ($id: ID!) { entity(id: $id) { neighbours(edgeKind: TRANSFERRED) {
      edges { node { id } edge { source { id } provenance { row } } } } } }"""
    door.data(near, {"id": accounts[0]})
    assert calls == {"get_nodes": 2, "neighbours": 1, "batches": 1}
    calls.clear()
    path = """query ($a: ID!, $b: ID!) { shortestPath(source: $a, target: $b) {
      entities { id } edges { id source { id } } } }"""
    door.data(path, {"a": accounts[0], "b": accounts[2]})
    assert calls["shortest_path"] == calls["get_edges"] == 1
    assert calls["get_nodes"] <= 3
    calls.clear()
    trace = """query ($a: ID!) { trace(account: $a, start: "2025-12-01T00:00:00Z") { steps {
      edge { source { id } target { id } provenance { row } } } } }"""
    door.data(trace, {"a": accounts[0]})
    assert calls == {"get_nodes": 2, "trace": 1, "get_edges": 1, "batches": 1}
