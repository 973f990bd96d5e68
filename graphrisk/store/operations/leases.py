"""Leases: what only one process may do at a time, with a fence that grows with every holder.

A lease runs out when its holder stops renewing it. The holder may find that out late (it was
paused, or its clock ran behind), so whatever it does under the lease carries the fence: the row's
fence has moved on and ``renew`` refuses.

Clocks may jump. A holder whose lease nobody took keeps it, however late it renews. A lease that
ends further in the future than two terms was taken by a clock that was wrong, and counts as ended.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from graphrisk.core.errors import Conflict
from graphrisk.store.operations.tables import LeaseRow


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease as its holder got it."""

    name: str
    owner: str
    fence: int
    expires_at: int  # epoch ms UTC, exclusive


def ended(
    column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
    now_ms: int,
    term_ms: int,
) -> ColumnElement[bool]:
    """Condition: a lease that ends at ``column`` binds nobody any more."""
    return or_(column <= now_ms, column > now_ms + 2 * term_ms)


def take(session: Session, name: str, owner: str, now_ms: int, term_ms: int) -> Lease | None:
    """The lease, for ``term_ms``; ``None`` when somebody else holds it."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    free = insert(LeaseRow).values(name=name, owner=owner, fence=0, expires_at=now_ms)
    session.execute(free.on_conflict_do_nothing(index_elements=[LeaseRow.name]))
    ours = (
        update(LeaseRow)
        .where(LeaseRow.name == name, ended(LeaseRow.expires_at, now_ms, term_ms))
        .values(owner=owner, fence=LeaseRow.fence + 1, expires_at=now_ms + term_ms)
        .returning(LeaseRow.fence)
    )
    fence = session.execute(ours).scalar_one_or_none()
    return None if fence is None else Lease(name, owner, fence, now_ms + term_ms)


def renew(session: Session, lease: Lease, now_ms: int, term_ms: int) -> Lease:
    """The same lease for another term; ``Conflict`` when somebody took it meanwhile."""
    again = update(LeaseRow).where(*_held(lease)).values(expires_at=now_ms + term_ms)
    if session.execute(again.returning(LeaseRow.fence)).scalar_one_or_none() is None:
        raise Conflict(f"the lease {lease.name!r} was taken by somebody else")
    return Lease(lease.name, lease.owner, lease.fence, now_ms + term_ms)


def release(session: Session, lease: Lease, now_ms: int) -> None:
    """End the lease now; nothing happens when somebody took it meanwhile."""
    session.execute(update(LeaseRow).where(*_held(lease)).values(expires_at=now_ms))


def is_free(session: Session, name: str, now_ms: int, term_ms: int) -> bool:
    """True when ``take`` would most likely succeed; a read, so that waiting costs no lock."""
    held = (LeaseRow.name == name, ~ended(LeaseRow.expires_at, now_ms, term_ms))
    return session.execute(select(LeaseRow.name).where(*held)).first() is None


def leases(session: Session) -> list[Lease]:
    """All that were ever taken, by name, also those that have ended."""
    rows = session.execute(select(LeaseRow).order_by(LeaseRow.name)).scalars()
    return [Lease(row.name, row.owner, row.fence, row.expires_at) for row in rows]


def _held(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    return LeaseRow.name == lease.name, LeaseRow.fence == lease.fence
