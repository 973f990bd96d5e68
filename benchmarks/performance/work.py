"""What every measurement needs: a scale, rounds, a stopwatch, a load from a file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.performance.data import EPOCH_MS, write_transfers
from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.core.clock import ManualClock
from graphrisk.ingest.load import load
from graphrisk.store.contract import Reader, Store


@dataclass
class Work:
    """One run of one topic: figures by goal, and the sizes they were measured at."""

    folder: Path
    scale: float
    rounds: int
    sizes: dict[str, int] = field(default_factory=dict)
    figures: dict[str, list[float]] = field(default_factory=dict)

    def size(self, name: str, full: int) -> int:
        """A size at this scale, remembered for the page."""
        self.sizes[name] = max(int(full * self.scale), 1_000)
        return self.sizes[name]

    def add(self, name: str, figure: float) -> None:
        """The figure of one round."""
        self.figures.setdefault(name, []).append(figure)
        print(f"  {name}: {figure:,.4g}", flush=True)

    def add_rate(self, name: str, count: int, work: Callable[[], object]) -> None:
        """How many a second."""
        with stopwatch() as seconds:
            work()
        self.add(name, count / seconds())

    def add_p99(self, name: str, samples: int, work: Callable[[int], object]) -> None:
        """The 99th percentile of a thing done ``samples`` times, in milliseconds."""
        taken = []
        for sample in range(samples):
            with stopwatch() as seconds:
                work(sample)
            taken.append(1_000 * seconds())
        self.add(name, float(np.percentile(taken, 99)))


@contextmanager
def stopwatch() -> Iterator[Callable[[], float]]:
    """Yields a function that tells the seconds within the block."""
    begin = time.perf_counter()
    taken = [0.0]
    yield lambda: taken[0]
    taken[0] = time.perf_counter() - begin


def delivered(folder: Path, first: int, count: int, accounts: int) -> Path:
    """A folder with one delivery of transfers."""
    folder.mkdir(parents=True)
    write_transfers(folder / "transfers.csv", first, count, accounts)
    return folder


def load_all(store: Store, files: Path, delivery: Path, rows: int) -> None:
    """Load a delivery; every row must have been taken."""
    clock = ManualClock(EPOCH_MS)
    report = load(store, files, delivery, clock=clock, progress=lambda *_: None)
    taken = sum(file.loaded + file.unchanged for file in report.files)
    assert taken == rows, report


def reader_of(store: Store) -> Reader:
    """Reads of everything."""
    return store.reader(EVERYTHING, Purpose("benchmark"))


def exported(store: Store, rows: int) -> None:
    """One export of (src, dst, amount)."""
    reader = reader_of(store)
    batches = reader.export_edges("TRANSFERRED", 0, reader.version(), ["src", "dst", "amount"])
    assert sum(batch.num_rows for batch in batches) == rows
