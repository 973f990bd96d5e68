"""However a snapshot came about, it is the one made from nothing."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from graphrisk.store.contract import NOW
from graphrisk.store.snapshot.snapshot import Snapshot
from graphrisk_schema.model import Nature
from graphrisk_schema.reader import load_schema
from tests.contract import oracle_reads
from tests.contract.deliveries import Row
from tests.contract.histories import NODES, STATES, History
from tests.contract.oracle import Fact, Oracle
from tests.effort import effort
from tests.store.snapshot.folders import columns_on_disk, fresh, snapshot_of

HISTORIES = {"sqlite": effort(6, 200), "neo4j": effort(1, 20)}
CASES = [(engine, seed) for engine, count in HISTORIES.items() for seed in range(count)]
EDGES = (*STATES, "TRANSFERRED", "CALLED")


@pytest.mark.parametrize(("engine", "seed"), CASES, indirect=["engine"])
def test_incremental_is_fresh_byte_for_byte(history: History, tmp_path: Path) -> None:
    snapshot = snapshot_of(history.store, tmp_path / "kept")
    for _ in islice(history.transactions(), 25):
        if history.random.random() < 0.6:
            snapshot.refresh()
            _holds_what_the_oracle_knows(snapshot, history.oracle)
        if history.random.random() < 0.2:
            snapshot = snapshot_of(history.store, tmp_path / "kept")
    snapshot.refresh()
    made = fresh(history.store, tmp_path / "made")
    for kind in EDGES:
        _same_view(snapshot, made, kind)
    snapshot.compact()
    made.compact()
    assert columns_on_disk(tmp_path / "kept") == columns_on_disk(tmp_path / "made")
    assert snapshot.version == made.version == history.oracle.counters.version
    _holds_what_the_oracle_knows(snapshot, history.oracle)


def _same_view(one: Snapshot, other: Snapshot, kind: str) -> None:
    for symmetric in (True, False):
        views = [s.csr(kind, symmetric=symmetric) for s in (one, other)]
        for name in ("indptr", "indices", "weights", "positions"):
            assert np.array_equal(*(getattr(view, name) for view in views)), (kind, name)


def _holds_what_the_oracle_knows(snapshot: Snapshot, oracle: Oracle) -> None:
    graph = snapshot.graph()
    for kind in NODES:
        expected = oracle_reads.node_rows(oracle, kind, list(oracle.nodes))
        for row in expected:
            row.pop("id_cipher", None)
        assert graph.nodes[kind].to_pylist() == expected, kind
    for kind in EDGES:
        edges = graph.edges[kind]
        names = ["eid", "src", "dst", *edges.columns]
        columns = [edges.eid, edges.src, edges.dst, *edges.columns.values()]
        listed = [column.tolist() for column in columns]
        rows = [dict(zip(names, row, strict=True)) for row in zip(*listed, strict=True)]
        seen = sorted(oracle.seen(kind, NOW), key=lambda fact: fact.eid)
        assert [_comparable(row) for row in rows] == [_numbers(fact) for fact in seen], kind


def _numbers(fact: Fact) -> Row:
    row: Row = {"eid": fact.eid, "src": fact.ends[0], "dst": fact.ends[1]}
    nothing = {"weight": "nan"} if load_schema().edges[fact.kind].nature is Nature.STATE else {}
    numbers = {"at", "amount", "count", "seconds", "first", "last", "days", "weight"}
    for name, value in fact.values.items():
        if name in numbers:
            row[name] = nothing.get(name, 0) if value is None else value
    return row


def _comparable(row: Row) -> Row:
    """NaN equals nothing, not even itself."""
    return {name: "nan" if value != value else value for name, value in row.items()}
