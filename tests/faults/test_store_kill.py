"""A loader killed at any moment loses nothing that was acknowledged and leaves nothing half."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import apsw
import numpy as np
import pyarrow as pa

from graphrisk.store.contract import NeighbourQuery, Reader, Writer
from graphrisk.store.sqlite.store import SqliteStore
from tests.contract.deliveries import batch, ids, listed, read, states, sums, transfers
from tests.effort import effort

#: Each round is one kill of a loader in full swing.
KILLS = effort(20, 200)
ROWS = 400
ACCOUNTS = 50


def deliver(writer: Writer, number: int) -> None:
    """One batch: as many transfers, states and sums as the others; one commit."""
    names = [f"{n}" for n in range(ACCOUNTS)]
    accounts = writer.resolve("Account", names)
    phones = writer.resolve("Phone", [f"{number}-{n}" for n in range(2)])
    person = writer.resolve("Person", [f"p{number}"])
    at = np.arange(ROWS) + number * ROWS
    src, dst = accounts[at % ACCOUNTS], accounts[(at * 7 + 1) % ACCOUNTS]
    info = batch(1_000 + number, "transfers")
    writer.upsert_edges("TRANSFERRED", transfers(src, dst, at, at), info)
    writer.upsert_edges("HOLDS", states(person, accounts[:1], [number], [number]), info)
    writer.merge_aggregates("CALLED", sums(phones[:1], phones[1:], [1]), info)
    writer.set_progress("transfers", "all", number + 1)
    writer.commit()


def main(file: str) -> None:
    """Deliver batch after batch and acknowledge each on stdout, until killed."""
    store = SqliteStore(Path(file))
    store.migrate()
    with store.writer("loader") as writer:
        number = writer.progress("transfers", "all")
        while True:
            deliver(writer, number)
            number += 1
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()


def _run_and_kill(file: Path, chance: random.Random) -> int:
    """Returns the number of batches acknowledged before the kill."""
    loader = subprocess.Popen(
        [sys.executable, "-c", f"from {__name__} import main; main({str(file)!r})"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert loader.stdout is not None
    acknowledged = 0
    wanted = chance.randint(1, 12)
    while wanted and (line := loader.stdout.readline()):
        acknowledged = int(line)
        wanted -= 1
    try:
        loader.wait(chance.uniform(0, 0.03))
    except subprocess.TimeoutExpired:
        loader.send_signal(signal.SIGKILL)
    rest = loader.stdout.read().split()
    loader.wait()
    loader.stdout.close()
    assert loader.returncode == -signal.SIGKILL
    return int(rest[-1]) if rest else acknowledged


def _delivered(reader: Reader) -> int:
    """Batches that are there, after every sum that must agree did."""
    end = reader.version()
    counts = reader.counts()
    assert counts["TRANSFERRED"] == end * ROWS
    assert (counts["HOLDS"], counts["CALLED"], counts["Person"]) == (end, end, end)
    rows = pa.Table.from_batches(reader.export_edges("TRANSFERRED", 0, end))
    assert (rows["eid"].to_numpy() >= 0).all()
    assert (np.bincount(rows["changed_seq"].to_numpy())[1:] == ROWS).all()
    degrees = [
        reader.neighbours(NeighbourQuery(nid, "TRANSFERRED", "out", limit=1)).total
        for nid in reader.lookup("Account", [f"{n}" for n in range(ACCOUNTS)]).tolist()
    ]
    assert sum(degrees) == rows.num_rows
    assert reader.batches(ids(*range(end + 2))).num_rows == end
    assert [row["changed_seq"] for row in listed(reader.export_edges("CALLED", 0, end))] == list(
        range(1, end + 1)
    )
    return end


def test_nothing_acknowledged_is_lost_and_nothing_is_half(tmp_path: Path) -> None:
    chance = random.Random(11)
    file = tmp_path / "graph.db"
    done = 0
    for _ in range(KILLS):
        acknowledged = _run_and_kill(file, chance)
        assert acknowledged > done, "a killed loader must not keep the lease"
        store = SqliteStore(file)
        done = _delivered(read(store))
        # The batch in flight may have been committed before its acknowledgement was written.
        assert acknowledged <= done <= acknowledged + 1
        store.close()
    assert apsw.Connection(str(file)).pragma("integrity_check") == "ok"
