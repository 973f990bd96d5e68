"""Random histories on small graphs: every answer is the one that plain Python gives."""

from __future__ import annotations

from itertools import islice

import pyarrow as pa
import pytest

from graphrisk.store.contract import NOW, AsOf, NeighbourQuery, Reader, Store, TraceQuery
from tests.contract import oracle_reads
from tests.contract.deliveries import Row, ids, listed, paged, read
from tests.contract.histories import KEYS, KEYS_A_KIND, LAST_MS, NODES, STATES, History
from tests.effort import effort

#: Histories an engine; Neo4j spends seconds on each, on planning some hundred kinds of question.
HISTORIES = {"sqlite": effort(20, 1_000), "neo4j": effort(3, 100)}
CASES = [(engine, seed) for engine, count in HISTORIES.items() for seed in range(count)]
TRANSACTIONS = 25
EDGES = (*STATES, "TRANSFERRED", "CALLED")
TEXTS = ("王", "伟", "xiaoming", "zxm", "zeng", "6131", "Li", "62", "620", "小明", "?", "x")


@pytest.mark.parametrize(("engine", "seed"), CASES, indirect=["engine"])
def test_every_answer_is_that_of_plain_python(store: Store, seed: int) -> None:
    history = History(store, seed)
    for _ in islice(history.transactions(), TRANSACTIONS):
        _compare_some(history)
    _compare_exports(history, 0, history.oracle.counters.version)


def _compare_some(history: History) -> None:
    reader, random = read(history.store), history.random
    assert reader.version() == history.oracle.counters.version
    for check in random.sample(CHECKS, 5):
        check(history, reader)


def _nids(history: History) -> list[int]:
    """Living, erased and never given ones."""
    return [history.random.randrange(history.oracle.counters.nid + 2) for _ in range(4)]


def _as_of(history: History) -> AsOf:
    moments = [history.maybe(history.moment()) for _ in range(2)]
    valid_at, known_at = (None if m is None else int(str(m)) for m in moments)
    return history.random.choice((NOW, AsOf(valid_at, known_at)))


def _rows(tables: dict[str, pa.Table]) -> dict[str, list[Row]]:
    return {kind: table.to_pylist() for kind, table in tables.items()}


def _compare_counts(history: History, reader: Reader) -> None:
    assert reader.counts() == oracle_reads.counts(history.oracle)


def _compare_nodes(history: History, reader: Reader) -> None:
    nids, as_of = _nids(history), _as_of(history)
    expected = {k: oracle_reads.node_rows(history.oracle, k, nids, as_of) for k in NODES}
    assert _rows(reader.get_nodes(ids(*nids), as_of)) == {k: v for k, v in expected.items() if v}


def _compare_pages(history: History, reader: Reader) -> None:
    kind, limit = history.random.choice(NODES), history.random.randint(1, 5)
    after = history.random.randrange(-1, history.oracle.counters.nid + 1)
    rest = list(range(after + 1, history.oracle.counters.nid))
    expected = oracle_reads.node_rows(history.oracle, kind, rest)[:limit]
    assert reader.scan_nodes(kind, after, limit).to_pylist() == expected


def _compare_keys(history: History, reader: Reader) -> None:
    kind = history.random.choice(NODES)
    keys = [KEYS[kind].format(n) for n in (*range(KEYS_A_KIND), 99)]
    assert reader.lookup(kind, keys).tolist() == oracle_reads.lookup(history.oracle, kind, keys)


def _compare_edges(history: History, reader: Reader) -> None:
    as_of = _as_of(history)
    eids = [history.random.randrange(history.oracle.counters.eid + 2) for _ in range(9)]
    expected = {
        kind: [
            oracle_reads.edge_row(fact)
            for fact in sorted(history.oracle.seen(kind, as_of), key=lambda fact: fact.eid)
            if fact.eid in eids
        ]
        for kind in EDGES
    }
    assert _rows(reader.get_edges(ids(*eids), as_of)) == {k: v for k, v in expected.items() if v}


def _compare_neighbour_counts(history: History, reader: Reader) -> None:
    as_of = _as_of(history)
    for nid in _nids(history):
        counts = reader.neighbour_counts(nid, as_of).to_pylist()
        assert counts == oracle_reads.neighbour_counts(history.oracle, nid, as_of)


def _compare_neighbours(history: History, reader: Reader) -> None:
    random = history.random
    for nid in _nids(history):
        query = NeighbourQuery(
            nid,
            random.choice(EDGES),
            "out" if random.random() < 0.5 else "in",
            since=random.choice((None, history.moment())),
            until=random.choice((None, history.moment(), 2 * LAST_MS)),
            after_eid=random.choice((-1, -1, random.randrange(history.oracle.counters.eid + 1))),
            limit=random.choice((1, 2, 100)),
        )
        as_of = _as_of(history)
        page = paged(reader.neighbours(query, as_of))
        assert page == oracle_reads.neighbours(history.oracle, query, as_of), (query, as_of)


def _compare_search(history: History, reader: Reader) -> None:
    kinds = history.random.sample(NODES, 2)
    text, limit = history.random.choice(TEXTS), history.random.choice((1, 3, 20))
    page = paged(reader.search(text, kinds, limit))
    assert page == oracle_reads.search(history.oracle, text, kinds, limit), (text, kinds)


def _compare_paths(history: History, reader: Reader) -> None:
    kinds = history.random.sample(EDGES, history.random.randint(1, 5))
    source, target = _nids(history)[:2]
    hops = history.random.randint(1, 6)
    path = reader.shortest_path(source, target, kinds, hops)
    assert path == oracle_reads.shortest_path(history.oracle, source, target, kinds, hops)


def _compare_traces(history: History, reader: Reader) -> None:
    random = history.random
    for nid in _nids(history):
        query = TraceQuery(
            nid,
            "TRANSFERRED",
            history.moment(),
            "out" if random.random() < 0.5 else "in",
            until=random.choice((None, None, history.moment())),
            max_hops=random.randint(1, 5),
            fan_out=random.choice((1, 2, 50)),
            limit=random.choice((3, 2_000)),
        )
        page = paged(reader.trace(query))
        assert page == oracle_reads.trace(history.oracle, query), query


def _compare_scores(history: History, reader: Reader) -> None:
    nids = _nids(history)
    assert reader.scores(ids(*nids)).to_pylist() == oracle_reads.scores(history.oracle, nids)


def _compare_some_exports(history: History, reader: Reader) -> None:
    del reader
    end = history.oracle.counters.version
    _compare_exports(history, *sorted(history.random.randint(0, end) for _ in range(2)))


def _compare_exports(history: History, since: int, upto: int) -> None:
    reader, oracle = read(history.store), history.oracle
    changed = reader.changed_kinds(since, upto)
    for kind in EDGES:
        edges = listed(reader.export_edges(kind, since, upto))
        assert kind in changed or not edges
        assert edges == oracle_reads.export_edges(oracle, kind, since, upto), kind
    for kind in NODES:
        facts = listed(reader.export_nodes(kind, since, upto))
        assert facts == oracle_reads.export_nodes(oracle, kind, since, upto), kind
        keys = listed(reader.export_keys(kind, since, upto))
        assert kind in changed or not facts + keys
        assert keys == oracle_reads.export_keys(oracle, kind, since, upto), kind
    erased = reader.export_deleted(since, upto).tolist()
    assert erased == oracle_reads.export_deleted(oracle, since, upto)


CHECKS = (
    *(_compare_counts, _compare_nodes, _compare_pages, _compare_keys, _compare_edges),
    *(_compare_neighbour_counts, _compare_neighbours, _compare_search, _compare_paths),
    *(_compare_traces, _compare_scores, _compare_some_exports),
)
