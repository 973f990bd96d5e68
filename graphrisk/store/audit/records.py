"""Rows of the audit in a caller's transaction: kept once, read by number, filtered, erased."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, CursorResult, Select, func, or_, select, update
from sqlalchemy.orm import Session

from graphrisk.access.model import WHAT_SEPARATOR
from graphrisk.store.audit.entry import PublicEntry, Record
from graphrisk.store.audit.tables import AuditRow
from graphrisk.store.operations.inserts import insert_into

#: Rows read at once.
PART = 1_000


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A row: the record behind entry ``number`` of a log, or what is left of it."""

    number: int
    writer: str
    sequence: int
    at: int
    action: str
    count: int
    principal: str | None
    purpose: str | None
    case: str | None
    what: str | None
    salt: bytes | None
    erased_at: int | None

    @property
    def record(self) -> Record | None:
        """What the row says was recorded; ``None`` when that was erased."""
        if self.principal is None or self.purpose is None or self.what is None or not self.salt:
            return None
        said = (self.principal, self.action, self.purpose, self.case, self.count, self.what)
        return Record(self.writer, self.sequence, self.at, *said, self.salt)

    def stands_for(self, entry: PublicEntry) -> bool:
        """Whether the entry of the log is of this row; an erased one shows no commitment."""
        record = self.record
        if record is not None:
            return self.erased_at is None and record.content == entry.content
        is_bare = not any((self.principal, self.purpose, self.case, self.what, self.salt))
        said = (entry.writer, entry.sequence, entry.at, entry.action, entry.count)
        ours = (self.writer, self.sequence, self.at, self.action, self.count)
        return is_bare and self.erased_at is not None and said == ours


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which records; what is ``None`` or empty asks for nothing. Times are epoch ms UTC.

    ``what`` is one id that a record names, be it alone or among others: all rows are looked through
    for it that the rest leaves.
    """

    principal: str | None = None
    action: str | None = None
    case: str | None = None
    what: str | None = None
    since: int | None = None
    until: int | None = None  # exclusive


def keep(session: Session, origin: str, records: Mapping[int, Record]) -> None:
    """Keep records by their indices; those that are kept already stay as they are."""
    rows = [
        {name: getattr(record, name) for name in Record.__slots__}
        | {"origin": origin, "number": number}
        for number, record in records.items()
    ]
    if rows:
        session.execute(insert_into(session, AuditRow).on_conflict_do_nothing(), rows)


def page(
    session: Session, origin: str, after: int | None, limit: int, wanted: AuditFilter
) -> list[AuditLine]:
    """Rows behind an index that fit, in order; from the first on without one."""
    chosen = _fitting(origin, wanted).order_by(AuditRow.number)
    if after is not None:
        chosen = chosen.where(AuditRow.number > after)
    return _lines(session, chosen.limit(limit))


def latest(
    session: Session, origin: str, limit: int, wanted: AuditFilter, before: int | None = None
) -> list[AuditLine]:
    """The last rows that fit, of those before an index if one is given; the latest first."""
    chosen = _fitting(origin, wanted).order_by(AuditRow.number.desc())
    if before is not None:
        chosen = chosen.where(AuditRow.number < before)
    return _lines(session, chosen.limit(limit))


def one(session: Session, origin: str, number: int) -> AuditLine | None:
    """The row of an entry."""
    found = _lines(session, select(AuditRow).filter_by(origin=origin, number=number))
    return found[0] if found else None


def _fitting(origin: str, wanted: AuditFilter) -> Select[AuditRow]:
    chosen = select(AuditRow).filter_by(origin=origin)
    same = ("principal", "action", "case")
    for name in same:
        value = getattr(wanted, name)
        if value:
            chosen = chosen.where(getattr(AuditRow, name) == value)
    if wanted.what:
        named = WHAT_SEPARATOR + AuditRow.what + WHAT_SEPARATOR
        one = f"{WHAT_SEPARATOR}{wanted.what}{WHAT_SEPARATOR}"
        chosen = chosen.where(
            or_(AuditRow.what == wanted.what, named.contains(one, autoescape=True))
        )
    if wanted.since is not None:
        chosen = chosen.where(AuditRow.at >= wanted.since)
    if wanted.until is not None:
        chosen = chosen.where(AuditRow.at < wanted.until)
    return chosen


def every(session: Session, origin: str, wanted: AuditFilter) -> Iterator[AuditLine]:
    """All rows that fit, in order, read part by part."""
    after: int | None = None
    while part := page(session, origin, after, PART, wanted):
        yield from part
        after = part[-1].number


def other_origins(session: Session, origin: str) -> Sequence[str]:
    """Logs of which there are rows, without this one."""
    wanted = select(AuditRow.origin).where(AuditRow.origin != origin).distinct()
    return session.execute(wanted.order_by(AuditRow.origin)).scalars().all()


def count_before(session: Session, origin: str, before: int) -> int:
    """How many records ``erase_before`` would erase."""
    old = select(func.count()).select_from(AuditRow).where(*_old(origin, before))
    return session.execute(old).scalar_one()


def erase_before(session: Session, origin: str, before: int, now_ms: int) -> int:
    """Erase what names somebody in records of before a time, and their salts; how many."""
    old = update(AuditRow).where(*_old(origin, before))
    nothing = dict.fromkeys(("principal", "purpose", "case", "what", "salt"))
    done = session.execute(old.values(**nothing, erased_at=now_ms))
    assert isinstance(done, CursorResult)
    return done.rowcount


def _old(origin: str, before: int) -> tuple[ColumnElement[bool], ...]:
    return AuditRow.origin == origin, AuditRow.at < before, AuditRow.erased_at.is_(None)


def _lines(session: Session, wanted: Select[AuditRow]) -> list[AuditLine]:
    found = session.execute(wanted).scalars().all()
    return [
        AuditLine(**{name: getattr(row, name) for name in AuditLine.__slots__}) for row in found
    ]
