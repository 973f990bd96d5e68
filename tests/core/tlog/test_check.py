"""Whatever bit of a log is changed, a look at it says in which file."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import BadInput, StoreError
from graphrisk.core.tlog.check import check_log
from graphrisk.core.tlog.files import DiskFiles
from graphrisk.core.tlog.keyring import check_times, new_ring
from graphrisk.core.tlog.log import Entry, Log
from tests.core.tlog.logs import RING, made
from tests.effort import LONG, effort

BITS = effort(100, 1000)
_KEYS = RING.verifiers
#: Kinds whose files say nothing of each other, so that many can be changed at once.
_APART = ("tile/0", "tile/entries")


class _InMemory(DiskFiles):
    """Files of a log, read once, with changes on top."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.content = {
            str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        self.listed = {path: super(_InMemory, self).names(path) for path in self._folders()}

    def read(self, path: str) -> bytes | None:
        return self.content.get(path)

    def names(self, folder: str) -> list[str]:
        return self.listed.get(folder, [])

    def flip(self, path: str, bit: int) -> None:
        changed = bytearray(self.content[path])
        changed[bit // 8] ^= 1 << bit % 8
        self.content[path] = bytes(changed)

    def _folders(self) -> set[str]:
        parents = {str(one) for path in self.content for one in Path(path).parents}
        return {"" if one == "." else one for one in parents}


def test_every_bit_of_a_log_of_20_entries(tmp_path: Path) -> None:
    made(tmp_path, [3, 11, 20], segment=10)
    files = _InMemory(tmp_path)
    assert check_log(files, _KEYS).damages == []
    kinds = {path.split("/")[0] for path in files.content}
    assert kinds == {"checkpoint", "history", "journal", "keys", "lock", "tile", "vkeys"}
    step = 1 if LONG else 10  # of the short form every tenth bit, from another one each time
    start = random.SystemRandom().randrange(step)
    for path, content in list(files.content.items()):
        for bit in range(start, 8 * len(content), step):
            files.flip(path, bit)
            found = check_log(files, _KEYS).damages
            assert path in {one.file for one in found}, (path, bit, found)
            files.flip(path, bit)


def test_bits_of_every_kind_of_file_of_a_log_of_70_000_entries(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    chance = random.Random(seed)
    made(tmp_path, [1, 300, 65_000, 69_990, 70_000])
    files = _InMemory(tmp_path)
    assert check_log(files, _KEYS).damages == []
    kinds = _kinds(files)
    flipped = 0
    while flipped < BITS:
        for kind, paths in kinds.items():
            picked = chance.sample(paths, min(len(paths), 20 if kind in _APART else 1))
            flipped += _flip_some(files, picked, chance, seed)


def _kinds(files: _InMemory) -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    for path, content in files.content.items():
        if content:
            parts = path.split("/")
            kinds.setdefault("/".join(parts[: 2 if parts[0] == "tile" else 1]), []).append(path)
    assert set(kinds) == {
        *("checkpoint", "history", "journal", "keys", "vkeys"),
        *("tile/0", "tile/1", "tile/2", "tile/entries"),
    }
    return kinds


def _flip_some(files: _InMemory, paths: list[str], chance: random.Random, seed: int) -> int:
    """Change a bit in each of these files: all are named, and no other; then put them back."""
    changes = [(path, chance.randrange(8 * len(files.content[path]))) for path in paths]
    for path, bit in changes:
        files.flip(path, bit)
    named = {one.file for one in check_log(files, _KEYS).damages}
    assert named == set(paths), f"seed {seed}"
    for path, bit in changes:
        files.flip(path, bit)
    return len(changes)


def test_the_place_of_a_changed_entry_is_named(tmp_path: Path) -> None:
    made(tmp_path, [600], segment=4096)
    file = tmp_path / "tile/entries/001"
    file.write_bytes(file.read_bytes().replace(b"entry 301 ", b"entry 3O1 "))
    (damage,) = check_log(DiskFiles(tmp_path), _KEYS).damages
    assert (damage.file, damage.reason) == (
        "tile/entries/001",
        "entry 301 is not what was signed",
    )


def test_a_missing_and_a_strange_file_are_named(tmp_path: Path) -> None:
    made(tmp_path, [600], segment=64)
    (tmp_path / "tile/0/001").unlink()
    (tmp_path / "tile/0/009").write_bytes(b"more")
    named = {one.file for one in check_log(DiskFiles(tmp_path), _KEYS).damages}
    assert named >= {"tile/0/001", "tile/0/009"}


def test_a_log_rewritten_with_other_keys_is_not_the_log_that_was_known(tmp_path: Path) -> None:
    other = new_ring(RING.origin, random.Random(8).randbytes, 0)
    files = made(tmp_path, [5], other)
    assert check_log(files, []).damages == []
    assert {one.file for one in check_log(files, _KEYS).damages} >= {"vkeys"}


def test_a_damaged_log_is_not_written_to(tmp_path: Path) -> None:
    files = made(tmp_path, [300])
    file = tmp_path / "tile/0/001.p/44"
    file.write_bytes(bytes(32) + file.read_bytes()[32:])
    with pytest.raises(StoreError, match="damaged"):
        Log(files, RING, ManualClock(0))
    file.unlink()
    with pytest.raises(StoreError, match="damaged"):
        Log(files, RING, ManualClock(0))


def test_a_key_is_changed_and_old_checkpoints_stay_valid(tmp_path: Path) -> None:
    files = made(tmp_path, [5])
    ring = RING.rotated(random.Random(9).randbytes, 1_800_000_000_000)
    with Log(files, ring, ManualClock(1_800_000_000_001)) as log:
        assert log.append([Entry("made", "2", b"resent"), Entry("made", "new", b"new")]) == [2, 5]
        log.integrate()
    report = check_log(files, _KEYS)
    assert report.damages == []
    assert report.checkpoint is not None
    assert report.checkpoint.size == 6
    first, second = (one for one in ring.public)
    assert (first.since, first.until) == (1_700_000_000_000, second.since)
    assert second.until is None


def test_a_key_signs_in_its_time_alone() -> None:
    ring = RING.rotated(lambda size: b"2" * size, 100)
    old, new = RING.signer.sign("a text\n"), ring.signer.sign("a text\n")
    check_times(ring.public, [(1, old), (99, old), (100, new), (50, new)])  # a clock put back
    for late in ([(100, old)], [(99, old), (100, new), (99, old)]):
        with pytest.raises(BadInput, match="whose time was over"):
            check_times(ring.public, late)
