"""Evidence of a finding, counted by kind of edge."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.analysis.proof import Proof, proofs
from graphrisk.store.sqlite.store import SqliteStore
from tests.algorithms.towns import DAY, START, Town
from tests.analysis.samples import finding
from tests.analysis.stores import fill


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """Two transfers, three calls of one pair and a state."""
    town = Town()
    one, other = town.citizen(), town.citizen()
    town.pay(one.account, other.account, 10, START)
    town.pay(one.account, other.account, 5, START + DAY)
    for hour in range(3):
        town.call(one.phone, other.phone, START + hour)
    store = SqliteStore(tmp_path / "graph.db")
    store.migrate()
    fill(store, town.graph())
    yield store
    store.close()


def test_evidence_is_counted_with_its_period_and_its_money(store: SqliteStore) -> None:
    reader = store.reader(EVERYTHING, Purpose("investigation"))
    version = reader.version()
    eids = [
        eid
        for kind in ("TRANSFERRED", "CALLED", "HOLDS")
        for batch in reader.export_edges(kind, 0, version)
        for eid in batch["eid"].to_numpy().tolist()
    ]
    told = proofs(dataclasses.replace(finding("ring_1"), evidence=tuple(sorted(eids))), reader)
    assert told == [
        Proof("HOLDS", 2, None, None, None),
        Proof("TRANSFERRED", 2, START, START + DAY, 1_500),
        Proof("CALLED", 1, START, START + 2, None),
    ]


def test_a_finding_without_evidence_has_nothing_to_tell(store: SqliteStore) -> None:
    reader = store.reader(EVERYTHING, Purpose("investigation"))
    assert proofs(dataclasses.replace(finding("ring_1"), evidence=()), reader) == []
