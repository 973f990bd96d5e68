"""Heartbeats: what each background process last said of itself, for ``doctor`` and dashboards."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session

from graphrisk.store.operations.tables import HeartbeatRow


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A process, what it is doing, and when it said so."""

    process: str  # e.g. worker HOST:PID
    owner: str  # one start of that process
    state: str
    detail: str
    started_at: int  # epoch ms UTC
    beat_at: int  # epoch ms UTC


def beat(session: Session, heartbeat: Heartbeat) -> None:
    """Say so; what the process said before is replaced."""
    session.merge(
        HeartbeatRow(
            process=heartbeat.process,
            owner=heartbeat.owner,
            state=heartbeat.state,
            detail=heartbeat.detail,
            started_at=heartbeat.started_at,
            beat_at=heartbeat.beat_at,
        )
    )


def heartbeats(session: Session) -> list[Heartbeat]:
    """All processes that were heard of, the latest first."""
    rows = session.execute(select(HeartbeatRow).order_by(HeartbeatRow.beat_at.desc())).scalars()
    return [
        Heartbeat(row.process, row.owner, row.state, row.detail, row.started_at, row.beat_at)
        for row in rows
    ]


def forget_silent(session: Session, before_ms: int) -> int:
    """Forget processes that were last heard of before ``before_ms``; how many."""
    gone = session.execute(delete(HeartbeatRow).where(HeartbeatRow.beat_at < before_ms))
    assert isinstance(gone, CursorResult)
    return gone.rowcount
