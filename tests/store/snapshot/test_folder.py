"""The folder survives kills, damage, other readers and the wrong store."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import apsw
import numpy as np
import pytest

from graphrisk.core.errors import Conflict
from graphrisk.store.contract import Store
from graphrisk.store.snapshot.manifest import MANIFEST
from graphrisk.store.sqlite.store import SqliteStore
from tests.contract.deliveries import add_edges, batch, nodes, read, transfers
from tests.store.snapshot.folders import columns_on_disk, fresh, snapshot_of

A_BATCH = 40
KILLED = """
import os, signal, sys
from pathlib import Path
from graphrisk.store.snapshot import state
from graphrisk.store.sqlite.store import SqliteStore
from tests.store.snapshot.folders import fresh
state.write_manifest = lambda folder, manifest: os.kill(os.getpid(), signal.SIGKILL)
fresh(SqliteStore(Path(sys.argv[1])), Path(sys.argv[2]))
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Files are files, whatever filled them: one engine will do."""
    opened = SqliteStore(tmp_path / "graph.db")
    opened.migrate()
    nodes(opened, "Account", ["a", "b"])
    return opened


def _deliver(store: Store, number: int) -> None:
    """A batch of equal size; the version becomes ``number + 2``."""
    akeys = range(number * A_BATCH, (number + 1) * A_BATCH)
    rows = transfers([0] * A_BATCH, [1] * A_BATCH, akeys, [number] * A_BATCH)
    add_edges(store, "TRANSFERRED", rows, batch(1_000 + number))


def test_a_kill_between_files_and_manifest_leaves_the_old_snapshot(
    store: Store, tmp_path: Path
) -> None:
    folder = tmp_path / "snapshot"
    _deliver(store, 0)
    fresh(store, folder)
    old = columns_on_disk(folder)
    _deliver(store, 1)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, tmp_path / "graph.db", folder],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    snapshot = snapshot_of(store, folder)
    assert (snapshot.version, columns_on_disk(folder)) == (2, old)
    assert snapshot.refresh().rows_read == A_BATCH
    snapshot.compact()
    made = fresh(store, tmp_path / "made")
    assert columns_on_disk(folder) == columns_on_disk(tmp_path / "made")
    assert len(made.csr("TRANSFERRED")) == 2 * A_BATCH
    named = {file.name for file in folder.iterdir() if file.suffix == ".arrow"}
    assert len(named) == len(columns_on_disk(folder)), "files of the killed refresh are swept"


def test_readers_see_one_version_or_the_next(store: Store, tmp_path: Path) -> None:
    folder, done = tmp_path / "snapshot", Event()
    _deliver(store, 0)
    fresh(store, folder)

    def look() -> set[int]:
        seen = set()
        while not done.is_set():
            snapshot = snapshot_of(store, folder)
            edges = snapshot.graph().edges["TRANSFERRED"]
            assert len(edges) == A_BATCH * (snapshot.version - 1)
            assert (edges.columns["at"] <= snapshot.version - 2).all()
            assert len(snapshot.csr("TRANSFERRED")) == len(edges)
            seen.add(snapshot.version)
        return seen

    with ThreadPoolExecutor(2) as pool:
        looking = [pool.submit(look) for _ in range(2)]
        refresher = snapshot_of(store, folder)
        try:
            for number in range(1, 25):
                _deliver(store, number)
                refresher.refresh()
        finally:
            done.set()
        assert max(max(one.result()) for one in looking) > 3


@pytest.mark.parametrize("damaged", ["manifest", "truncated", "emptied", "missing"])
def test_a_damaged_folder_is_made_again(store: Store, tmp_path: Path, damaged: str) -> None:
    folder = tmp_path / "snapshot"
    _deliver(store, 0)
    fresh(store, folder)
    whole = columns_on_disk(folder)
    file = next(folder.glob("edges.TRANSFERRED.*"))
    if damaged == "missing":
        file.unlink()
    elif damaged == "manifest":
        text = (folder / MANIFEST).read_text()
        (folder / MANIFEST).write_text(text[: len(text) // 2])
    else:
        os.truncate(file, 0 if damaged == "emptied" else file.stat().st_size // 2)
    snapshot = snapshot_of(store, folder)
    assert snapshot.version == 0
    assert snapshot.refresh().rows_read > A_BATCH
    assert columns_on_disk(folder) == whole


def test_another_store_is_refused(store: Store, tmp_path: Path) -> None:
    fresh(store, tmp_path / "snapshot")
    stranger = SqliteStore(tmp_path / "other.db")
    stranger.migrate()
    with pytest.raises(Conflict):
        snapshot_of(stranger, tmp_path / "snapshot")
    with pytest.raises(Conflict):
        snapshot_of(store, tmp_path / "snapshot", frozenset({"Phone"}))


def test_a_store_put_back_to_a_backup_is_read_anew(store: Store, tmp_path: Path) -> None:
    _deliver(store, 0)
    backup = tmp_path / "backup.db"
    apsw.Connection(str(tmp_path / "graph.db")).execute("VACUUM INTO ?", (str(backup),))
    _deliver(store, 1)
    fresh(store, tmp_path / "snapshot")
    snapshot = snapshot_of(SqliteStore(backup), tmp_path / "snapshot")
    snapshot.refresh()
    assert len(snapshot.graph().edges["TRANSFERRED"]) == A_BATCH


def test_a_backup_that_was_written_on_is_another_history(store: Store, tmp_path: Path) -> None:
    _deliver(store, 0)
    backup = tmp_path / "backup.db"
    apsw.Connection(str(tmp_path / "graph.db")).execute("VACUUM INTO ?", (str(backup),))
    _deliver(store, 1)
    fresh(store, tmp_path / "snapshot")
    restored = SqliteStore(backup)
    _deliver(restored, 2)
    assert read(restored).version() == read(store).version()
    snapshot = snapshot_of(restored, tmp_path / "snapshot")
    snapshot.refresh()
    anew = fresh(restored, tmp_path / "anew")
    for name in ("eid", "src", "dst"):
        ours, theirs = (getattr(one.graph().edges["TRANSFERRED"], name) for one in (snapshot, anew))
        assert np.array_equal(ours, theirs)
    assert np.array_equal(
        snapshot.graph().edges["TRANSFERRED"].columns["amount"],
        anew.graph().edges["TRANSFERRED"].columns["amount"],
    )
