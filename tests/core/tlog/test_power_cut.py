"""Whenever the power goes, the log opens, has what it gave receipts for, once, and no two faces."""

from __future__ import annotations

import random

import pytest

from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import StoreUnavailable
from graphrisk.core.tlog import merkle
from graphrisk.core.tlog.check import check_log
from graphrisk.core.tlog.keyring import KeyRing, new_ring
from graphrisk.core.tlog.log import Entry, Log
from graphrisk.core.tlog.note import Checkpoint, open_checkpoint
from graphrisk.core.tlog.reader import LogReader
from tests.core.tlog.power import Disk, PowerCut
from tests.effort import effort

CUTS = effort(500, 10_000)
SEGMENT = 7  # so that journals are closed and keys sorted many times
_CLOCK = ManualClock(1_700_000_000_000)


class _Past:
    """What somebody outside remembers of a log."""

    def __init__(self, ring: KeyRing) -> None:
        self.ring = ring
        self.receipts: dict[str, tuple[int, bytes]] = {}
        self.seen: list[Checkpoint] = []

    def use(self, disk: Disk, chance: random.Random) -> None:
        """Append, resend and integrate until the power goes."""
        log = Log(disk, self.ring, _CLOCK, SEGMENT)
        self.see(log.checkpoint)
        for _ in range(chance.randrange(1, 8)):
            if chance.random() < 0.3:
                log.integrate()
                self.see(log.checkpoint)
                continue
            count = 300 if chance.random() < 0.005 else chance.randrange(1, 6)
            batch = [str(chance.randrange(10_000)) for _ in range(count)]
            batch += [one for one in self.receipts if chance.random() < 2 / len(self.receipts)]
            entries = [Entry("source", one, f"event {one}".encode()) for one in batch]
            for event, index in zip(batch, log.append(entries), strict=True):
                content = f"event {event}".encode()
                assert self.receipts.setdefault(event, (index, content)) == (index, content)

    def see(self, note: str) -> None:
        self.seen.append(open_checkpoint(note, self.ring.verifiers))

    def check(self, disk: Disk) -> None:
        """Open the log once more and compare it with what is remembered."""
        with Log(disk, self.ring, _CLOCK, SEGMENT) as log:
            size = log.integrate().size
        reader = LogReader(disk.read, self.ring.verifiers)
        assert reader.checkpoint.size == size
        places = [index for index, _ in self.receipts.values()]
        assert len(set(places)) == len(places)
        for index, content in self.receipts.values():
            assert reader.entry(index) == content
        entries = [reader.entry(index) for index in range(size)]
        assert len(set(entries)) == size, "an entry is doubled"
        for one in self.seen:
            assert reader.root(one.size) == one.root, "two checkpoints contradict each other"
        self.see(reader.note)
        assert check_log(disk, self.ring.verifiers).damages == []


def test_a_power_cut_loses_and_doubles_nothing() -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    chance = random.Random(seed)
    past = disk = None
    cut = 0
    while cut < CUTS:
        if past is None or disk is None or len(past.receipts) > 60:
            past, disk = _Past(new_ring("test/power", chance.randbytes, 0)), Disk(chance)
        disk.cut_after = chance.randrange(1, 60)
        disk.done = 0
        try:
            past.use(disk, chance)
            continue
        except PowerCut:
            cut += 1
            disk = disk.restarted()
        try:
            past.check(disk)
        except Exception as error:
            raise AssertionError(f"seed {seed}, cut {cut}") from error


def test_after_a_failed_write_nothing_is_acknowledged_until_the_log_is_opened_anew() -> None:
    class Failing(Disk):
        fails = False

        def sync(self, path: str) -> None:
            if self.fails:
                raise StoreUnavailable("no room")
            super().sync(path)

    disk = Failing(random.Random(1))
    ring = new_ring("test/failing", random.Random(1).randbytes, 0)
    log = Log(disk, ring, _CLOCK)
    log.append([Entry("s", "1", b"one")])
    disk.fails = True
    with pytest.raises(StoreUnavailable):
        log.append([Entry("s", "2", b"two")])
    disk.fails = False
    with pytest.raises(StoreUnavailable, match="opened anew"):
        log.append([Entry("s", "3", b"three")])
    again = Log(disk, ring, _CLOCK)
    assert again.append([Entry("s", "1", b"one")]) == [0]
    assert again.append([Entry("s", "3", b"three")])[0] >= 1
    again.integrate()
    assert LogReader(disk.read, ring.verifiers).root(1) == merkle.leaf_hash(b"one")
