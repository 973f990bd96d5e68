"""Detection on a whole city, and once more after its last hundredth of calls and transfers came."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet

from benchmarks.performance.commands import run
from benchmarks.performance.work import Work, stopwatch

#: The full size is a city; a tenth of it is a town, a hundredth a small place.
_PRESETS = ((1.0, "city"), (0.1, "town"), (0.0, "small"))
_BATCH = 0.01


def measure(work: Work) -> None:
    """Every round another seed: load but the last rows, detect, load these, detect again."""
    preset = next(name for least, name in _PRESETS if work.scale >= least)
    for number in range(work.rounds):
        place = work.folder / f"round-{number}"
        city, last = place / "city", place / "last"
        last.mkdir(parents=True)
        run(work, "synth", "--preset", preset, "--seed", str(number + 1), "--out", str(city))
        work.sizes |= {"rows of the last batch": _held_back(city, last)}
        store = ("--store", f"sqlite:///{place}/graph.db")
        run(work, "load", str(city), *store)
        full, most = _detected(work, *store)
        work.add("detect", full)
        work.add("detect-memory", most)
        run(work, "load", str(last), *store)
        again, _ = _detected(work, *store)
        work.add("detect-again", again)
        work.add("detect-share", again / full)


def _held_back(city: Path, last: Path) -> int:
    """Move the latest rows of calls and transfers, files in time's order, into another delivery."""
    head, *lines = (city / "transfers.csv").read_bytes().splitlines(keepends=True)
    kept = len(lines) - int(_BATCH * len(lines))
    (city / "transfers.csv").write_bytes(b"".join([head, *lines[:kept]]))
    (last / "transfers.csv").write_bytes(b"".join([head, *lines[kept:]]))
    calls = pyarrow.parquet.read_table(city / "calls.parquet")
    made = calls.num_rows - int(_BATCH * calls.num_rows)
    pyarrow.parquet.write_table(calls.slice(0, made), city / "calls.parquet")
    pyarrow.parquet.write_table(calls.slice(made), last / "calls.parquet")
    return len(lines) - kept + calls.num_rows - made


def _detected(work: Work, *store: str) -> tuple[float, float]:
    """Seconds and the most megabytes of a detection in a process of its own."""
    with stopwatch() as seconds:
        most = run(work, "detect", *store)
    return seconds(), most
