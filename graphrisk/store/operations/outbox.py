"""Events: written with the change that made them true, then placed in one public order.

``emit`` adds a row in the caller's transaction. ``relay`` gives rows that have become visible
their ``position``: 1, 2, 3, … without gaps. ``read_after`` reads by position, so a reader that
remembers the last position it handled misses nothing and sees nothing twice.

Row ids alone cannot be that order: on PostgreSQL a transaction that took a low id may commit
after one with a higher id was read. A position is given only to committed rows. What one pass
finds is placed by id, which is the order of emission within a transaction and between
transactions that followed each other; what a later pass finds comes after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, CursorResult, delete, func, select, text, update
from sqlalchemy.orm import Session

from graphrisk.store.operations.tables import OutboxRow

#: Where PostgreSQL tells those who listen that events were placed.
CHANNEL: Final = "graphrisk_outbox"


@dataclass(frozen=True, slots=True)
class Event:
    """An event with its place in the public order."""

    position: int
    kind: str
    subject: str
    payload: Mapping[str, object]
    created_at: int  # epoch ms UTC
    area: str | None = None  # a division's code or its prefix; None: the whole deployment
    whom: str | None = None  # the principal it is told to; None: whoever works in the area


def emit(
    session: Session,
    kind: str,
    subject: str,
    payload: Mapping[str, object],
    now_ms: int,
    *,
    area: str | None = None,
    whom: str | None = None,
) -> None:
    """Add an event to the transaction of ``session``; it becomes true only when that commits.

    ``subject`` is the opaque id of what it is about; ``payload`` is JSON without personal data,
    for events leave the service. ``area`` and ``whom`` say who may follow it within.
    """
    row = OutboxRow(kind=kind, subject=subject, payload=dict(payload), created_at=now_ms)
    row.area, row.whom = area, whom
    session.add(row)


def has_unplaced(session: Session) -> bool:
    """True when a committed event waits for its place; costs one index look-up and no lock."""
    waiting = select(OutboxRow.id).where(OutboxRow.position.is_(None)).limit(1)
    return session.execute(waiting).first() is not None


def is_told(session: Session, kind: str, subject: str) -> bool:
    """Whether an event of this kind is kept about that. Cost: the rows are looked through."""
    query = select(OutboxRow.id).where(OutboxRow.kind == kind, OutboxRow.subject == subject)
    return session.execute(query.limit(1)).first() is not None


def unplaced(session: Session) -> tuple[int, int | None]:
    """How many events wait for their place, and when the oldest of them happened, epoch ms UTC."""
    waiting = OutboxRow.position.is_(None)
    query = select(func.count(), func.min(OutboxRow.created_at)).where(waiting)
    number, oldest = session.execute(query).one()
    return number, oldest


def relay(session: Session, limit: int = 1000) -> int:
    """Place up to ``limit`` committed events; returns how many.

    Two relays at once are safe: on PostgreSQL they queue on an advisory lock (held until the
    transaction ends), on SQLite on the single writer. Cost: two index look-ups and the rows.
    """
    if session.get_bind().dialect.name == "postgresql":
        # A statement of its own: the next one must see what the relay before us committed.
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext('graphrisk.outbox'))"))
    last = session.execute(select(func.max(OutboxRow.position))).scalar_one() or 0
    waiting = select(OutboxRow.id).where(OutboxRow.position.is_(None))
    ids = session.execute(waiting.order_by(OutboxRow.id).limit(limit)).scalars().all()
    if ids:
        places = [{"id": row, "position": last + n} for n, row in enumerate(ids, start=1)]
        session.execute(update(OutboxRow), places)
        if session.get_bind().dialect.name == "postgresql":  # heard when this commits
            session.execute(select(func.pg_notify(CHANNEL, str(last + len(ids)))))
    return len(ids)


def read_after(
    session: Session, position: int, limit: int = 1000, kind: str | None = None
) -> list[Event]:
    """The next placed events after ``position`` (0 = from the beginning), in order.

    All, or those of one kind; to find these the rows of other kinds are read as well.
    """
    behind = select(OutboxRow).where(OutboxRow.position > position, *_of_kind(kind))
    rows = session.execute(behind.order_by(OutboxRow.position).limit(limit)).scalars()
    return [
        Event(row.position, row.kind, row.subject, row.payload, row.created_at, row.area, row.whom)
        for row in rows
        if row.position is not None
    ]


def kept(session: Session) -> tuple[int, int]:
    """The first place that is kept and the last one; (0, 0) when no event was ever placed."""
    first, last = session.execute(
        select(func.min(OutboxRow.position), func.max(OutboxRow.position))
    ).one()
    return first or 0, last or 0


def count(session: Session, kind: str | None = None) -> int:
    """How many placed events there are, all or of one kind. Reads the rows' index, or the rows."""
    placed = select(func.count()).select_from(OutboxRow).where(OutboxRow.position.is_not(None))
    return session.execute(placed.where(*_of_kind(kind))).scalar_one()


def forget_before(session: Session, before_ms: int) -> int:
    """Forget placed events from before ``before_ms``; how many. The last place is kept.

    Places go on from the last one, so it must stay. A reader that was away for longer misses
    what is gone.
    """
    last = select(func.max(OutboxRow.position)).scalar_subquery()
    old = delete(OutboxRow).where(OutboxRow.position < last, OutboxRow.created_at < before_ms)
    gone = session.execute(old)
    assert isinstance(gone, CursorResult)
    return gone.rowcount


def _of_kind(kind: str | None) -> list[ColumnElement[bool]]:
    return [] if kind is None else [OutboxRow.kind == kind]
