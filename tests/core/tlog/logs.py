"""Logs for tests: of any size, with a history, quickly made."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from graphrisk.core.clock import ManualClock
from graphrisk.core.tlog.files import DiskFiles
from graphrisk.core.tlog.keyring import KeyRing, new_ring
from graphrisk.core.tlog.log import Entry, Log

RING = new_ring("log.test/made", random.Random(7).randbytes, 1_700_000_000_000)


class Hasty(DiskFiles):
    """Files whose bytes nobody waits for: where many are made and no power is cut."""

    def sync(self, path: str) -> None:
        """Nothing."""

    def sync_folder(self, path: str) -> None:
        """Nothing."""


def content(index: int) -> bytes:
    """Entry ``index`` of a made log."""
    return f"entry {index} ".encode() * (index % 5)


def made(place: Path, sizes: Sequence[int], ring: KeyRing = RING, segment: int = 4096) -> DiskFiles:
    """A log that had these sizes, one after the other; closed again."""
    files = Hasty(place)
    with Log(files, ring, ManualClock(1_700_000_000_000), segment) as log:
        before = 0
        for size in sizes:
            log.append([Entry("made", str(n), content(n)) for n in range(before, size)])
            log.integrate()
            before = size
    return files
