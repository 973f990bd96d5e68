"""Kills (-9) of processes that record and that collect, at any of their calls to the system.

Run as a process of its own: ``python -m tests.faults.audit_kills FOLDER KILLS SEED``; it forks what
it kills, which no process with threads may.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.model import Purpose
from graphrisk.core.clock import SystemClock
from graphrisk.store.audit import records
from graphrisk.store.audit.collector import TORN, collect
from graphrisk.store.audit.place import AuditPlace
from graphrisk.store.audit.spool import AuditSpool
from graphrisk.store.audit.verify import verify
from graphrisk.store.operations.database import Database

_CALLS = ("open", "fsync", "fdatasync", "rename", "replace", "unlink", "truncate")
_RECORDS = 4
_WRITE = os.write
#: More than a writer of so many records, and a collector of what a few of them left, ever take.
_MOST_STEPS = {"write": 100, "collect": 250}


@dataclass
class Told:
    """What came of it."""

    kills: dict[str, int] = field(default_factory=dict)
    receipts: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
    torn: int = 0
    differences: list[str] = field(default_factory=list)


def _half_written(descriptor: int, content: bytes) -> int:
    """As any write may be: who wants more written calls again."""
    return _WRITE(descriptor, content[: -(-len(content) // 2)])


class Fuse:
    """Ends this process before or after the n-th call that changes what a disk holds."""

    def __init__(self, steps: int) -> None:
        self._left = steps
        for name in _CALLS:
            vars(os)[name] = self._wrapped(vars(os)[name])
        vars(os)["write"] = self._wrapped(_half_written)
        vars(records)["keep"] = self._wrapped(records.keep)

    def _wrapped(self, call: Callable[..., object]) -> Callable[..., object]:
        def stepped(*args: object, **kwargs: object) -> object:
            self._step()
            answer = call(*args, **kwargs)
            self._step()
            return answer

        return stepped

    def _step(self) -> None:
        self._left -= 1
        if not self._left:
            os.kill(os.getpid(), signal.SIGKILL)


def main(folder: Path, kills: int, seed: int) -> Told:
    """Write and collect until ``kills`` processes were killed; look at it all in between."""
    chance, told = random.Random(seed), Told()
    place = AuditPlace(folder / "audit", folder / "keys.json")
    database = Database(f"sqlite:///{folder / 'operations.db'}")
    database.migrate()
    database.dispose()  # a connection must not be shared with a child
    ended: Counter[str] = Counter()
    asked: set[str] = set()
    receipts: set[str] = set()
    while ended.total() < kills:
        names = [f"w{len(asked)}-{n}" for n in range(_RECORDS)]
        asked.update(names)
        said, died = _forked(partial(_record, place, names), _steps(chance, "write"))
        receipts.update(said.split())
        ended["write"] += died
        _, died = _forked(partial(_collect, place, folder), _steps(chance, "collect"))
        ended["collect"] += died
        if chance.random() < 0.05:
            _look(place, database, asked, receipts, told)
    _look(place, database, asked, receipts, told)
    told.kills, told.receipts = dict(ended), len(receipts)
    return told


def _steps(chance: random.Random, kind: str) -> int:
    return chance.randint(1, _MOST_STEPS[kind])


def _forked(work: Callable[[], object], steps: int) -> tuple[str, bool]:
    """What a child's receipts were, and whether it was killed."""
    end, begin = os.pipe()
    child = os.fork()
    if not child:
        os.close(end)
        os.dup2(begin, 1)
        fuse, code = Fuse(steps), 1
        assert fuse
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    os.close(begin)
    with os.fdopen(end, encoding="utf-8") as out:
        said = out.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, -signal.SIGKILL), code
    return said, code != 0


def _record(place: AuditPlace, names: list[str]) -> None:
    spool = AuditSpool(place.folder, SystemClock())
    for name in names:
        spool.record(DEVELOPMENT, "search", Purpose("screening"), 1, name)
        _WRITE(1, f"{name}\n".encode())


def _collect(place: AuditPlace, folder: Path) -> None:
    collect(place, Database(f"sqlite:///{folder / 'operations.db'}"), SystemClock())


def _look(
    place: AuditPlace, database: Database, asked: set[str], receipts: set[str], told: Told
) -> None:
    found = verify(place, database, SystemClock())
    told.differences += [f"{one.place}: {one.reason}" for one in found.differences]
    origin = place.ring(SystemClock()).origin
    with database.reading() as session:
        lines = list(records.every(session, origin, records.AuditFilter()))
    database.dispose()
    counts = Counter(line.what or "" for line in lines if line.action != TORN)
    told.torn = sum(line.action == TORN for line in lines)
    told.lost += sorted(receipts - counts.keys())
    told.doubled += sorted(name for name, count in counts.items() if count > 1)
    told.unasked += sorted(counts.keys() - asked)


if __name__ == "__main__":
    answer = main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    sys.stdout.write(json.dumps(asdict(answer)))
