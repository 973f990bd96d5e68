"""What a deployment recorded in its audit, wherever it lies by now: in the spool or in rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from pathlib import Path

from graphrisk.access.model import Act, Principal, Purpose
from graphrisk.core.errors import StoreUnavailable
from graphrisk.core.tlog.frames import read_frames
from graphrisk.store.audit.entry import Record, read_record
from graphrisk.store.audit.spool import SPOOL

#: What is told of a record; the rest belongs to the log.
TOLD = ("at", "principal", "action", "purpose", "case", "count", "what")
Line = dict[str, str | int | None]


def spooled(folder: Path) -> list[Record]:
    """All records in an audit folder's spool, in the order in which they were made."""
    there = (folder / SPOOL).glob("*") if folder.exists() else ()
    # By when they were written last: names of writers that began in one moment have no order.
    files = sorted(there, key=lambda file: file.stat().st_mtime_ns)
    frames = [frame for file in files for frame in read_frames(file.read_bytes())[0]]
    return sorted(map(read_record, frames), key=lambda record: record.at)


def recorded(folder: Path, but: Collection[Record] = ()) -> list[Line]:
    """The same as lines of plain values, without those of an earlier ``spooled``.

    Under a clock that stands still two writers' records have no order but that of their files'
    last writes, so that what is new is not what stands behind a number of lines.
    """
    told = [asdict(record) for record in spooled(folder) if record not in but]
    return [{name: line[name] for name in TOLD} for line in told]


def block(folder: Path) -> Path:
    """Nothing can be recorded from here on; where what was recorded lies meanwhile."""
    kept = (folder / SPOOL).rename(folder / "kept")
    (folder / SPOOL).touch()
    return kept


def unblock(folder: Path, kept: Path) -> None:
    """Undo ``block``."""
    (folder / SPOOL).unlink()
    kept.rename(folder / SPOOL)


class FullAudit:
    """Where nothing can be recorded any more: what is decided now must not take effect."""

    def record(
        self, principal: Principal, action: str, purpose: Purpose, count: int, what: str = ""
    ) -> None:
        del principal, purpose, count, what
        raise StoreUnavailable(f"{action} cannot be recorded")

    def record_all(self, acts: Sequence[Act]) -> None:
        for act in acts:
            self.record(act.principal, act.action, act.purpose, act.count, act.what)
