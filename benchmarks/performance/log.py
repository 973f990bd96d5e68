"""The log in process: entries made durable, integrated and signed."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path

import numpy as np

from benchmarks.performance.work import Work
from graphrisk.core.clock import SystemClock
from graphrisk.core.tlog.check import check_log
from graphrisk.core.tlog.files import DiskFiles
from graphrisk.core.tlog.keyring import new_ring
from graphrisk.core.tlog.log import Entry, Log

_BATCH = 256
#: Bytes of an entry: a commitment with its kind, amounts and times.
_BYTES = 400
#: How often whoever runs a log has it integrated.
_EVERY_SECONDS = 0.5
#: Entries a second that the wait is measured at: the goal's rate.
_RATE = 15_000
_RING = new_ring("benchmark/log", os.urandom, 0)


def measure(work: Work) -> None:
    """Append in batches and singly, each call durable when it returns, beside the integration.

    The wait is taken twice: flat out, and when entries come at the goal's rate.
    """
    entries, single = work.size("entries", 200_000), work.size("single entries", 20_000)
    work.sizes |= {"batch": _BATCH, "bytes of an entry": _BYTES}
    for turn in range(work.rounds):
        _fsync(work, work.folder / f"fsync-{turn}")
        with _opened(work.folder / f"log-{turn}") as (log, times):
            append = partial(_append, log, times, count())
            work.add_rate("log-batch", entries, partial(append, entries, _BATCH))
            work.add_rate("log-single", single, partial(append, single, 1))
        work.add("log-flat-out", times.p99())
        with _opened(work.folder / f"paced-{turn}") as (log, times):
            _append(log, times, count(), entries // 2, _BATCH, _RATE)
        work.add("log-integrated", times.p99())


class _Times:
    """When entries became durable, and when a signed checkpoint covered them."""

    def __init__(self) -> None:
        self.appended: list[tuple[int, float]] = []  # (entries so far, when)
        self.signed: list[tuple[int, float]] = []

    def p99(self) -> float:
        """The 99th percentile of the wait from durable to signed, milliseconds, by entry."""
        sizes = np.array([size for size, _ in self.signed])
        moments = np.array([moment for _, moment in self.signed])
        ends = np.array([size for size, _ in self.appended])
        waits = moments[np.searchsorted(sizes, ends)] - np.array([at for _, at in self.appended])
        return 1_000 * float(np.percentile(np.repeat(waits, np.diff(ends, prepend=0)), 99))


@contextmanager
def _opened(place: Path) -> Iterator[tuple[Log, _Times]]:
    """A new log that is integrated beside; once all is, every byte of it is checked."""
    with Log(DiskFiles(place), _RING, SystemClock()) as log, _integrated(log) as times:
        yield log, times
        while log.integrated < times.appended[-1][0]:
            time.sleep(_EVERY_SECONDS / 10)
    assert check_log(DiskFiles(place), _RING.verifiers).damages == []


@contextmanager
def _integrated(log: Log) -> Iterator[_Times]:
    """A thread beside that has the log integrated, as the worker does."""
    times = _Times()
    stopping = threading.Event()

    def work() -> None:
        while not stopping.wait(_EVERY_SECONDS):
            size = log.integrate().size
            times.signed.append((size, time.perf_counter()))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield times
    finally:
        stopping.set()
        thread.join()


def _append(
    log: Log,
    times: _Times,
    numbers: Iterator[int],
    entries: int,
    batch: int,
    rate: float = float("inf"),
) -> None:
    begin = time.perf_counter()
    for first in range(0, entries, batch):
        if (early := begin + first / rate - time.perf_counter()) > 0:
            time.sleep(early)
        numbered = [next(numbers) for _ in range(min(batch, entries - first))]
        made = [Entry("benchmark", str(n), b"%0*d" % (_BYTES, n)) for n in numbered]
        indices = log.append(made)
        times.appended.append((indices[-1] + 1, time.perf_counter()))


def _fsync(work: Work, file: Path) -> None:
    """What the disk alone takes to make a batch durable."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def sync(_sample: int) -> None:
        os.write(handle, bytes(_BATCH * _BYTES))
        os.fdatasync(handle)

    work.add_p99("log-fsync", 200, sync)
    os.close(handle)
