"""A loader to be killed: commits batches for ever, says so after each. Run by test_kills."""

from __future__ import annotations

import sys
import time

import numpy as np
import pyarrow as pa

from graphrisk.core.errors import Conflict
from graphrisk.store.contract import BatchInfo, DeliveryMode, Writer
from graphrisk.store.neo4j.store import Neo4jStore

ROWS = 300
ACCOUNTS = 50
DELIVERY = "transfers-2026"
_INFO = BatchInfo("transfers", DELIVERY, "transfers.csv", DeliveryMode.EVENTS, 1000)
_PATIENCE_SECONDS = 20


def _load_batch(writer: Writer) -> int:
    """One transaction: accounts, a batch of transfers, how far the delivery got."""
    done = writer.progress("transfers", DELIVERY)
    place = np.arange(done, done + ROWS)
    nids = writer.resolve("Account", [f"6222{row % ACCOUNTS}" for row in place.tolist()])
    columns = {"src": nids, "dst": np.roll(nids, 1), "akey": place, "digest": place, "row": place}
    writer.upsert_edges("TRANSFERRED", pa.table({**columns, "at": place, "amount": place}), _INFO)
    writer.set_progress("transfers", DELIVERY, done + ROWS)
    writer.commit()
    return done + ROWS


def _load(store: Neo4jStore) -> None:
    with store.writer("loader to be killed") as writer:
        while True:
            sys.stdout.write(f"{_load_batch(writer)}\n")
            sys.stdout.flush()


def main(uri: str, user: str, password: str) -> None:
    """Load until killed; the lease of the one killed before must come free by itself."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            _load(Neo4jStore(uri, user, password))
        except Conflict:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


if __name__ == "__main__":
    main(*sys.stdin.readline().split())
