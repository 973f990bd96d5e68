"""Readers of the outbox that remember how far they are, and how they are woken.

A reader handles events and moves its position in one transaction: killed in between it handles
them again, so each is handled at least once, and exactly once where what it does is rows of this
database. Two processes under one reader's name do no harm: the later one's move is refused.
"""

from __future__ import annotations

import time

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from graphrisk.core.errors import Conflict
from graphrisk.store.operations import outbox
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.inserts import insert_into
from graphrisk.store.operations.tables import OutboxRow, ReaderRow


def position_of(session: Session, reader: str) -> int:
    """The last position that the reader handled; 0 for one that never read."""
    row = session.get(ReaderRow, reader)
    return 0 if row is None else row.position


def unread(
    session: Session, reader: str, limit: int = 1000, kind: str | None = None
) -> list[outbox.Event]:
    """The next events behind the reader's position, in order.

    ``Conflict`` when events behind it were forgotten: it must read the state anew, then ``move``.
    """
    position = position_of(session, reader)
    if is_behind_forgotten(session, position):
        raise Conflict(
            f"the outbox forgot events that {reader!r} has not read: read the state anew"
        )
    return outbox.read_after(session, position, limit, kind)


def is_behind_forgotten(session: Session, position: int) -> bool:
    """Whether events behind a reader's position were forgotten, so that it misses some."""
    return bool(position) and outbox.kept(session)[0] > position + 1


def move(session: Session, reader: str, before: int, position: int, now_ms: int) -> None:
    """Note that the reader handled all up to ``position``, from ``before`` on.

    ``Conflict`` when another process moved it meanwhile: what this transaction did is undone.
    """
    fresh = insert_into(session, ReaderRow).values(reader=reader, position=0, moved_at=now_ms)
    session.execute(fresh.on_conflict_do_nothing())
    ours = (ReaderRow.reader == reader, ReaderRow.position == before)
    moved = update(ReaderRow).where(*ours).values(position=position, moved_at=now_ms)
    if session.execute(moved.returning(ReaderRow.reader)).scalar_one_or_none() is None:
        raise Conflict(f"another process reads the outbox as {reader!r}")


def slowest(session: Session) -> int | None:
    """The position of the reader that is furthest behind; ``None`` when there are no readers."""
    return session.execute(select(func.min(ReaderRow.position))).scalar_one()


def wait_behind(database: Database, position: int, seconds: float) -> bool:
    """Wait until an event stands behind ``position``; ``False`` when none came in time.

    On PostgreSQL the relay wakes the waiting, on SQLite they look every quarter of a second.
    """
    deadline = time.monotonic() + seconds
    with database.listening(outbox.CHANNEL) as wait:  # before the first look: none slips between
        while not (found := _is_any_behind(database, position)):
            left = deadline - time.monotonic()
            if left <= 0:
                break
            wait(left)
    return found


def _is_any_behind(database: Database, position: int) -> bool:
    with database.reading() as session:
        behind = select(OutboxRow.id).where(OutboxRow.position > position).limit(1)
        return session.execute(behind).first() is not None
