"""What is known of the sources: promises, deliveries, lateness."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from graphrisk.core.clock import Clock
from graphrisk.ingest.model import Freshness, LastBatch, SourceState
from graphrisk.ingest.report import FileReport
from graphrisk.ingest.tables import DeliveryRow, SourceRow
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.outbox import emit
from graphrisk_loaders.mapping import Mapping
from graphrisk_loaders.parser import builtin_mappings


class Sources:
    """The register of sources in the operations database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def now_ms(self) -> int:
        """The moment by which freshness is judged."""
        return self._clock.now_ms()

    def delivered(self, mapping: Mapping, files: Sequence[FileReport]) -> None:
        """Note what came of one source, and what its mapping says of it now.

        The graph already holds the rows, in transactions of its own: after a kill in between the
        load is run again, finds everything known and notes it then. Bytes that come again move
        the time of their delivery; they keep the counts of the load that brought them in.
        """
        now = self._clock.now_ms()
        with self._database.session() as session:
            session.merge(_source_row(mapping, session))
            session.flush()
            for file in files:
                if file.delivery is not None:
                    _note(session, mapping.name, file, now)

    def expect(self, mapping: Mapping) -> None:
        """Note that a feed asks this source from now on: what never comes is late some time."""
        with self._database.reading() as session:  # a feed asks each turn: no lock for nothing
            if session.get(SourceRow, mapping.name) is not None:
                return
        with self._database.session() as session:
            row = _source_row(mapping, session)
            row.expected_since = row.expected_since or self._clock.now_ms()
            session.merge(row)

    def are_last(self, deliveries: Sequence[str]) -> bool:
        """Whether nothing else came of their sources since: else a list counts as what it says."""
        ours, other = DeliveryRow.delivery.in_(deliveries), aliased(DeliveryRow)
        later = (
            select(other.number)
            .join(DeliveryRow, DeliveryRow.source == other.source)
            .where(ours, other.delivery.not_in(deliveries), other.known_at >= DeliveryRow.known_at)
        )
        with self._database.reading() as session:
            return session.execute(later.limit(1)).first() is None

    def came_again(self, deliveries: Sequence[str]) -> None:
        """Note that files were handed over again, byte for byte: their source knows no more."""
        known = DeliveryRow.delivery.in_(deliveries) & DeliveryRow.error.is_(None)
        with self._database.session() as session:
            session.execute(update(DeliveryRow).where(known).values(known_at=self.now_ms()))

    def listing(self) -> list[SourceState]:
        """All that ever delivered or are asked, and those shipped that somebody owns, by name."""
        with self._database.reading() as session:
            found = {state.name: state for state in _states(session)}
        for mapping in _owned():
            found.setdefault(mapping.name, _silent(mapping))
        return [found[name] for name in sorted(found)]

    def note_lateness(self) -> list[str]:
        """Tell each lateness once, and once that it is over; the events told, by source.

        ``source.late`` and ``source.fresh`` go to the outbox in the transaction that remembers
        having told them.
        """
        now, told = self._clock.now_ms(), []
        with self._database.session() as session:
            rows = {row.name: row for row in session.execute(select(SourceRow)).scalars()}
            for state in _states(session):
                row = rows[state.name]
                late = state.freshness(now) is Freshness.LATE
                missed = state.due_at if late else None
                if row.late_since == missed:
                    continue
                if row.late_since is not None:
                    told.append(_tell(session, "source.fresh", state, now))
                if missed is not None:
                    told.append(_tell(session, "source.late", state, now))
                row.late_since = missed
        return told


@cache
def _owned() -> tuple[Mapping, ...]:
    return tuple(mapping for mapping in builtin_mappings() if mapping.about.owner_en)


def _silent(mapping: Mapping) -> SourceState:
    about = mapping.about
    return SourceState(
        name=mapping.name,
        doc_zh=about.doc_zh,
        doc_en=about.doc_en,
        owner_zh=about.owner_zh,
        owner_en=about.owner_en,
        mode=mapping.mode,
        reliability=about.reliability,
        every_ms=about.every_ms,
        delivered_at=None,
        rejected=0,
        last=None,
    )


def _source_row(mapping: Mapping, session: Session) -> SourceRow:
    before = session.get(SourceRow, mapping.name)
    return SourceRow(
        name=mapping.name,
        doc_zh=mapping.about.doc_zh,
        doc_en=mapping.about.doc_en,
        owner_zh=mapping.about.owner_zh,
        owner_en=mapping.about.owner_en,
        mode=mapping.mode,
        reliability=mapping.about.reliability,
        every_ms=mapping.about.every_ms,
        late_since=None if before is None else before.late_since,
        expected_since=None if before is None else before.expected_since,
    )


def _note(session: Session, source: str, file: FileReport, now: int) -> None:
    ours = (DeliveryRow.source == source, DeliveryRow.delivery == file.delivery)
    row = session.execute(select(DeliveryRow).where(*ours)).scalar_one_or_none()
    if row is not None and row.error is None:
        row.known_at = now
        return
    counts = {
        "file": file.file,
        "known_at": now,
        "rows": file.rows,
        "loaded": file.loaded,
        "unchanged": file.unchanged,
        "rejected": file.rejected,
        "closed": file.closed,
        "error": file.error,
    }
    if row is None:
        session.add(DeliveryRow(source=source, delivery=file.delivery, **counts))
    else:
        for name, value in counts.items():
            setattr(row, name, value)


def _states(session: Session) -> list[SourceState]:
    """Sources that ever delivered or that a feed asks, by name. Three reads."""
    good = func.max(DeliveryRow.known_at).filter(DeliveryRow.error.is_(None))
    sums = select(DeliveryRow.source, good, func.sum(DeliveryRow.rejected))
    by_source = {
        source: (delivered_at, rejected)
        for source, delivered_at, rejected in session.execute(sums.group_by(DeliveryRow.source))
    }
    newest = select(DeliveryRow.source, func.max(DeliveryRow.known_at).label("at"))
    newest_of = newest.group_by(DeliveryRow.source).subquery()
    same = (DeliveryRow.source == newest_of.c.source, DeliveryRow.known_at == newest_of.c.at)
    rows = select(DeliveryRow).join(newest_of, (same[0]) & (same[1])).order_by(DeliveryRow.number)
    last = {row.source: _batch(row) for row in session.execute(rows).scalars()}
    found = []
    for row in session.execute(select(SourceRow).order_by(SourceRow.name)).scalars():
        delivered_at, rejected = by_source.get(row.name, (None, 0))
        found.append(
            SourceState(
                name=row.name,
                doc_zh=row.doc_zh,
                doc_en=row.doc_en,
                owner_zh=row.owner_zh,
                owner_en=row.owner_en,
                mode=row.mode,
                reliability=row.reliability,
                every_ms=row.every_ms,
                delivered_at=delivered_at,
                rejected=int(rejected),
                last=last.get(row.name),
                expected_since=row.expected_since,
            )
        )
    return found


def _batch(row: DeliveryRow) -> LastBatch:
    return LastBatch(
        delivery=row.delivery,
        file=row.file,
        known_at=row.known_at,
        rows=row.rows,
        loaded=row.loaded,
        unchanged=row.unchanged,
        rejected=row.rejected,
        closed=row.closed,
        error=row.error,
    )


def _tell(session: Session, kind: str, state: SourceState, now: int) -> str:
    payload = {
        "owner_zh": state.owner_zh,
        "owner_en": state.owner_en,
        "every_ms": state.every_ms,
        "delivered_at": state.delivered_at,
        "due_at": state.due_at,
    }
    emit(session, kind, state.name, payload, now)
    return f"{kind} {state.name}"
