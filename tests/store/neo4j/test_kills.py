"""A loader killed at any moment loses nothing it acknowledged and leaves nothing half."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.core.errors import Conflict
from graphrisk.store.neo4j.local import Address
from graphrisk.store.neo4j.store import Neo4jStore
from tests.effort import effort
from tests.store.neo4j.killed_loader import ACCOUNTS, DELIVERY, ROWS

_KILLS = effort(2, 20)
_ROOT = Path(__file__).parents[3]


def test_killed_loader_loses_nothing_and_leaves_nothing_half(
    neo4j_store: Neo4jStore, neo4j_address: Address
) -> None:
    chance = random.Random(7)
    acknowledged = 0
    for _ in range(_KILLS):
        acknowledged = max(acknowledged, _run_and_kill(neo4j_address, chance.uniform(0, 0.5)))
        acknowledged = _check(neo4j_store, acknowledged)


def _run_and_kill(address: Address, seconds: float) -> int:
    """Start a loader, kill it some time after its first commit; rows it acknowledged in all."""
    command = [sys.executable, "-m", "tests.store.neo4j.killed_loader"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=_ROOT
    ) as loader:
        assert loader.stdin is not None
        assert loader.stdout is not None
        loader.stdin.write(f"{address.uri} {address.user} {address.password}\n")
        loader.stdin.flush()
        first = loader.stdout.readline()
        assert first, "the loader ended by itself"
        time.sleep(seconds)
        loader.kill()
        return max(int(line) for line in (first, *loader.stdout.readlines()))


def _check(store: Neo4jStore, acknowledged: int) -> int:
    """What is stored is whole transactions, all acknowledged ones among them."""
    reader = store.reader(EVERYTHING, Purpose("test"))
    done = _progress(store)
    transactions = reader.version()
    assert done == transactions * ROWS
    assert acknowledged <= done <= acknowledged + ROWS
    assert reader.counts()["Account"] == ACCOUNTS
    assert reader.counts()["TRANSFERRED"] == done
    edges = pa.Table.from_batches(list(reader.export_edges("TRANSFERRED", 0, transactions)))
    assert np.array_equal(edges["eid"].to_numpy(), np.arange(done))
    assert np.array_equal(edges["changed_seq"].to_numpy(), 1 + np.arange(done) // ROWS)
    return done


def _progress(store: Neo4jStore) -> int:
    """Rows done; the lease comes free when the server sees that the connection is gone."""
    for _ in range(100):
        try:
            with store.writer("check") as writer:
                return writer.progress("transfers", DELIVERY)
        except Conflict:
            time.sleep(0.05)
    raise AssertionError("the lease of a killed loader never came free")
