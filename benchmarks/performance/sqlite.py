"""The embedded store: from files to an indexed graph, and its reads."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa

from benchmarks.performance.data import EPOCH_MS, account_key
from benchmarks.performance.work import Work, delivered, exported, load_all, reader_of
from graphrisk.core.clock import BEGIN, OPEN
from graphrisk.store.contract import BatchInfo, DeliveryMode, NeighbourQuery, Reader
from graphrisk.store.sqlite.store import SqliteStore

#: A page of neighbours, as an investigator opens it.
PAGE = 20


def measure(work: Work) -> None:
    """First load, upserts, export, look-up and two hops."""
    edges, accounts = work.size("edges", 5_000_000), work.size("accounts", 500_000)
    delivery = delivered(work.folder / "delivery", 0, edges, accounts)
    for number in range(work.rounds):
        folder = work.folder / f"store-{number}"
        folder.mkdir()
        store = _opened(folder)
        work.add_rate("first-load", edges, partial(load_all, store, folder, delivery, edges))
        if number < work.rounds - 1:
            store.close()
            shutil.rmtree(folder)
    _upserts(work, store, edges, accounts)
    persons = _add_holders(store, accounts)
    transfers = reader_of(store).counts()["TRANSFERRED"]
    for _ in range(work.rounds):
        work.add_rate("export", transfers, partial(exported, store, transfers))
        _reads(work, reader_of(store), accounts, persons)
        _first_reads_of_hub(work, folder / "graph.db")
    store.close()


def _opened(folder: Path) -> SqliteStore:
    store = SqliteStore(folder / "graph.db")
    store.migrate()
    return store


def _upserts(work: Work, store: SqliteStore, edges: int, accounts: int) -> None:
    rows = work.size("rows of an upsert", 50_000)
    for number in range(work.rounds):
        first = edges + number * rows // 2 - rows // 2
        delivery = delivered(work.folder / f"more-{number}", first, rows, accounts)
        files = work.folder / f"files-{number}"
        work.add_rate("upserts", rows, partial(load_all, store, files, delivery, rows))


def _add_holders(store: SqliteStore, accounts: int) -> list[int]:
    """A person for every two accounts; their nids."""
    info = BatchInfo("registry", "holders", "holders.csv", DeliveryMode.DELTA, EPOCH_MS)
    keys = [account_key(number) for number in range(accounts)]
    with store.writer("benchmark") as writer:
        held = writer.resolve("Account", keys)
        persons = writer.resolve("Person", [f"P{n}" for n in range(accounts // 2)])
        rows = {
            "src": np.repeat(persons, 2)[: len(held)],
            "dst": held,
            "akey": np.arange(len(held)),
            "digest": np.zeros(len(held), np.int64),
            "row": np.arange(len(held)),
            "valid_from": np.full(len(held), BEGIN),
            "valid_to": np.full(len(held), OPEN),
        }
        size = 2 * len(persons)
        writer.upsert_edges("HOLDS", pa.table({k: v[:size] for k, v in rows.items()}), info)
        writer.commit()
    return list(persons.tolist())


def _reads(work: Work, reader: Reader, accounts: int, persons: list[int]) -> None:
    random, samples = Random(len(work.figures)), work.size("samples of a read", 2_000)
    keys = [account_key(random.randrange(accounts)) for _ in range(samples)]
    hub = _hub(reader)
    chosen = random.choices(persons, k=samples)
    for _ in range(100):  # the operating system fetches the file's pages once
        _two_hops(reader, random.choice(persons), "HOLDS")
    work.add_p99("look-up", samples, lambda i: _look_up(reader, keys[i]))
    work.add_p99("person", samples, lambda i: _two_hops(reader, chosen[i], "HOLDS"))
    work.add_p99("hub", samples // 10, lambda _: _two_hops(reader, hub, "TRANSFERRED"))


def _first_reads_of_hub(work: Work, file: Path) -> None:
    """Each by a store opened anew, which has not counted the hub's edges yet."""
    stores = [SqliteStore(file) for _ in range(50)]
    readers = [reader_of(store) for store in stores]
    hubs = [_hub(reader) for reader in readers]  # opens the connections
    work.add_p99("hub-first", 50, lambda i: _two_hops(readers[i], hubs[i], "TRANSFERRED"))
    for store in stores:
        store.close()


def _hub(reader: Reader) -> int:
    return int(reader.lookup("Account", [account_key(0)])[0])


def _look_up(reader: Reader, key: str) -> None:
    nids = reader.lookup("Account", [key])
    assert reader.get_nodes(nids)["Account"].num_rows == 1


def _two_hops(reader: Reader, nid: int, edge_kind: str) -> None:
    """A page of neighbours, and a page of whom each of them paid."""
    first = reader.neighbours(NeighbourQuery(nid, edge_kind, "out", limit=PAGE))
    for far in first.rows["dst"].to_numpy().tolist():
        reader.neighbours(NeighbourQuery(far, "TRANSFERRED", "out", limit=PAGE))
