"""What persons judged, in the operations database: each row with its event in one transaction."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from graphrisk.core.clock import OPEN
from graphrisk.core.errors import NotFound
from graphrisk.core.ids import uuid7
from graphrisk.ingest.resolve.model import Decision, Judged, Verdict
from graphrisk.ingest.resolve.tables import ERASED, JudgementRow
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.outbox import emit


class Decisions:
    """Judgements of persons. A later one supersedes; none is changed but by a right to erasure."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(
        self, records: tuple[str, str], verdict: Verdict, judge: str, reason: str, now_ms: int
    ) -> Judged:
        """Keep what somebody judged of two records; the same once more changes nothing.

        Raises:
            NotFound: Nobody's judgement stands that could be withdrawn.
            Conflict: Somebody else judged the same records at the same moment.
        """
        one, other = sorted(records)
        with self._database.session() as session:
            held = _last_word(session, one, other)
            if held is not None and (held.verdict, held.judge, held.reason) == (
                verdict,
                judge,
                reason,
            ):
                return Judged(_decision(held), changed=False)
            if verdict is Verdict.WITHDRAWN and (held is None or held.verdict == verdict):
                raise NotFound("no person has judged these two records")
            if held is not None:
                held.superseded_at = now_ms
                session.flush()  # before the new row: a pair has one last word
            row = JudgementRow(
                judgement_id=uuid7(now_ms),
                one=one,
                other=other,
                verdict=verdict.value,
                judge=judge,
                reason=reason,
                judged_at=now_ms,
                superseded_at=None,
                projected_at=None,
            )
            session.add(row)
            emit(session, "identity.judged", row.judgement_id, {"verdict": verdict.value}, now_ms)
            return Judged(_decision(row), changed=True)

    def every(self) -> list[Decision]:
        """All there ever were, in the order they were taken."""
        with self._database.reading() as session:
            rows = session.execute(select(JudgementRow).order_by(JudgementRow.number)).scalars()
            return [_decision(row) for row in rows]

    def standing(self) -> list[Decision]:
        """The last word on each pair that has one, but for the withdrawn."""
        with self._database.reading() as session:
            last = JudgementRow.superseded_at.is_(None)
            kept = last & (JudgementRow.verdict != Verdict.WITHDRAWN.value)
            rows = session.execute(select(JudgementRow).where(kept).order_by(JudgementRow.number))
            return [_decision(row) for row in rows.scalars()]

    def last(self) -> int:
        """Number of the latest; 0 before the first."""
        with self._database.reading() as session:
            return session.execute(select(func.max(JudgementRow.number))).scalar_one() or 0

    def pending(self) -> list[int]:
        """Numbers of those that are not yet in the graph."""
        with self._database.reading() as session:
            waiting = select(JudgementRow.number).where(JudgementRow.projected_at.is_(None))
            return list(session.execute(waiting).scalars())

    def mark_projected(self, numbers: Sequence[int], now_ms: int) -> None:
        """Note that these have reached the graph."""
        with self._database.session() as session:
            ours = update(JudgementRow).where(JudgementRow.number.in_(numbers))
            session.execute(ours.values(projected_at=now_ms))

    def forget(self, keys: Sequence[str], now_ms: int) -> int:
        """Take these keys out of every judgement, with the reason, which may name the person.

        Who judged, what and when stays; it counts no longer. How many judgements named a key.
        """
        ours = select(JudgementRow).where(
            or_(JudgementRow.one.in_(keys), JudgementRow.other.in_(keys))
        )
        with self._database.session() as session:
            rows = session.execute(ours.with_for_update()).scalars().all()
            for row in rows:
                row.one = ERASED if row.one in keys else row.one
                row.other = ERASED if row.other in keys else row.other
                row.reason = ERASED
                row.superseded_at = row.superseded_at or now_ms
                row.projected_at = row.projected_at or now_ms
            return len(rows)


def _last_word(session: Session, one: str, other: str) -> JudgementRow | None:
    ours = (JudgementRow.one == one, JudgementRow.other == other)
    query = select(JudgementRow).where(*ours, JudgementRow.superseded_at.is_(None))
    return session.execute(query.with_for_update()).scalar_one_or_none()


def _decision(row: JudgementRow) -> Decision:
    return Decision(
        decision_id=row.judgement_id,
        records=(row.one, row.other),
        verdict=Verdict(row.verdict),
        judge=row.judge,
        reason=row.reason,
        judged_at=row.judged_at,
        until=OPEN if row.superseded_at is None else row.superseded_at,
    )
