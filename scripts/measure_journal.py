"""Times commits on the operations database's SQLite: ``python -m scripts.measure_journal``.

For each journal mode: four processes that write (one row, ``BEGIN IMMEDIATE``) beside one that
reads, for a few seconds on a real disk; once with a pause after each commit, once without. What it
printed stands in docs/decisions/0001-operations-journal.md.
"""

from __future__ import annotations

import json
import multiprocessing
import sqlite3
import tempfile
import time
from pathlib import Path
from typing import Final

_SECONDS: Final = 5.0
_WRITERS: Final = 4
_MODES: Final = ("TRUNCATE", "WAL")
_PAUSES: Final = (0.1, 0.0)


def _connect(file: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=30, isolation_level=None)
    connection.execute(f"PRAGMA journal_mode={mode}")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _write(file: Path, mode: str, pause: float, times: multiprocessing.Queue[list[float]]) -> None:
    connection, took = _connect(file, mode), []
    end = time.perf_counter() + _SECONDS
    while (began := time.perf_counter()) < end:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO t (text) VALUES (hex(randomblob(100)))")
        connection.execute("COMMIT")
        took.append(time.perf_counter() - began)
        time.sleep(pause)
    times.put(took)


def _read(file: Path, mode: str, times: multiprocessing.Queue[list[float]]) -> None:
    connection, took = _connect(file, mode), []
    end = time.perf_counter() + _SECONDS
    while (began := time.perf_counter()) < end:
        connection.execute("SELECT * FROM t ORDER BY id DESC LIMIT 20").fetchall()
        took.append(time.perf_counter() - began)
        time.sleep(0.005)
    times.put(took)


def _told(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    p99 = ordered[int(len(ordered) * 0.99)]
    return {
        "per_second": round(len(times) / _SECONDS),
        "median_ms": round(ordered[len(ordered) // 2] * 1e3, 2),
        "p99_ms": round(p99 * 1e3, 1),
        "max_ms": round(ordered[-1] * 1e3, 1),
    }


def measure(mode: str, pause: float) -> dict[str, dict[str, float]]:
    """Commits and reads at once, in one journal mode."""
    with tempfile.TemporaryDirectory(dir=".") as folder:
        file = Path(folder) / "journal.db"
        _connect(file, mode).execute("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)")
        written: multiprocessing.Queue[list[float]] = multiprocessing.Queue()
        read: multiprocessing.Queue[list[float]] = multiprocessing.Queue()
        processes = [
            multiprocessing.Process(target=_write, args=(file, mode, pause, written))
            for _ in range(_WRITERS)
        ]
        processes.append(multiprocessing.Process(target=_read, args=(file, mode, read)))
        for process in processes:
            process.start()
        writes = [one for _ in range(_WRITERS) for one in written.get()]
        reads = read.get()
        for process in processes:
            process.join()
    return {"writes": _told(writes), "reads": _told(reads)}


if __name__ == "__main__":
    for pause in _PAUSES:
        for mode in _MODES:
            told = {"sqlite": sqlite3.sqlite_version, "journal": mode, "pause_s": pause}
            print(json.dumps({**told, **measure(mode, pause)}))  # noqa: T201 - a script's voice
