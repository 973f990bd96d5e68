"""Rows of cases: locked, numbered, listed, and the findings of a case with all merged into it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, and_, delete, false, func, insert, or_, select, update
from sqlalchemy.orm import Session

from graphrisk.centre.cases.model import (
    Attachment,
    Case,
    CaseFilter,
    CasePage,
    CaseState,
    FoundRing,
    Seen,
)
from graphrisk.centre.cases.rules import state_at
from graphrisk.centre.cases.tables import CaseFindingRow, CaseMemberRow, CaseNumberRow, CaseRow
from graphrisk.centre.deadlines.tables import DeadlineRow
from graphrisk.core.errors import Conflict, NotFound

_NO_CASE = "no such case"


def locked(session: Session, case_ids: Iterable[str]) -> dict[str, CaseRow]:
    """Rows of cases, locked in one order so that two who merge cannot wait for each other.

    Raises:
        NotFound: One of them is not there.
    """
    wanted = sorted(set(case_ids))
    query = select(CaseRow).where(CaseRow.case_id.in_(wanted)).order_by(CaseRow.case_id)
    rows = {row.case_id: row for row in session.execute(query.with_for_update()).scalars()}
    if len(rows) < len(wanted):
        raise NotFound(_NO_CASE)
    return rows


def found(session: Session, case_id: str, now_ms: int) -> Case:
    """A case as it is now; ``NotFound`` where there is none."""
    row = session.execute(select(CaseRow).where(CaseRow.case_id == case_id)).scalar_one_or_none()
    if row is None:
        raise NotFound(_NO_CASE)
    return case_of(row, now_ms)


def next_place(session: Session, county: str, year: int) -> int:
    """The next number of a county and year; numbers of transactions that fail are given again."""
    ours = (CaseNumberRow.county == county, CaseNumberRow.year == year)
    more = update(CaseNumberRow).where(*ours).values(last=CaseNumberRow.last + 1)
    given = session.execute(more.returning(CaseNumberRow.last)).scalar_one_or_none()
    if given is None:
        session.add(CaseNumberRow(county=county, year=year, last=1))
        session.flush()
    return given or 1


def attach(
    session: Session, case_id: str, rings: Sequence[FoundRing], author: str, now_ms: int
) -> None:
    """Put findings into a case; ``Conflict`` when one is in a case already."""
    wanted = CaseFindingRow.finding_id.in_([ring.finding_id for ring in rings])
    held = select(CaseFindingRow.finding_id, CaseRow.number).join(
        CaseRow, CaseRow.case_id == CaseFindingRow.case_id
    )
    held = held.where(wanted, CaseFindingRow.detached_at.is_(None))
    for finding_id, number in session.execute(held.order_by(CaseFindingRow.number)):
        raise Conflict(f"the finding {finding_id} is in the case {number} already")
    for ring in rings:
        row = CaseFindingRow(
            case_id=case_id,
            finding_id=ring.finding_id,
            kind=ring.kind,
            score=ring.score,
            attached_at=now_ms,
            attached_by=author,
            detached_at=None,
        )
        session.add(row)
        session.flush()
        keep_members(session, row, ring)


def keep_members(session: Session, row: CaseFindingRow, ring: FoundRing) -> None:
    """Let an attachment tell the finding as it is given, in place of what it told before."""
    row.kind, row.score = ring.kind, ring.score
    session.execute(delete(CaseMemberRow).where(CaseMemberRow.attachment == row.number))
    values = [
        {"attachment": row.number, "kind": one.kind, "key": one.key, "role": one.role}
        for one in ring.members
    ]
    if values:
        session.execute(insert(CaseMemberRow), values)


def detach(session: Session, case_ids: Sequence[str], finding_id: str, now_ms: int) -> FoundRing:
    """Take a finding out of a case or one merged into it; what it was, to be put elsewhere."""
    ours = (CaseFindingRow.case_id.in_(case_ids), CaseFindingRow.finding_id == finding_id)
    query = select(CaseFindingRow).where(*ours, CaseFindingRow.detached_at.is_(None))
    row = session.execute(query.with_for_update()).scalar_one_or_none()
    if row is None:
        raise NotFound(f"the case has no finding {finding_id[:40]!r}")
    row.detached_at = now_ms
    session.flush()
    (held,) = _attachments(session, [row])
    return FoundRing(held.finding_id, held.kind, held.score, held.members)


def family(session: Session, case_id: str) -> list[str]:
    """The case and all that were merged into it, directly or by others, in order of depth."""
    every, latest = [case_id], [case_id]
    while latest:
        query = select(CaseRow.case_id).where(CaseRow.merged_into.in_(latest))
        latest = list(session.execute(query.order_by(CaseRow.ordinal)).scalars())
        every += latest
    return every


def head(session: Session, case_id: str) -> str:
    """The case that a case was merged into, through all merges; itself when it was not."""
    while True:
        above = session.execute(
            select(CaseRow.merged_into).where(CaseRow.case_id == case_id)
        ).scalar_one_or_none()
        if above is None:
            return case_id
        case_id = above


def attachments(session: Session, case_ids: Sequence[str]) -> list[Attachment]:
    """Findings that are in these cases, in the order they were attached."""
    ours = (CaseFindingRow.case_id.in_(case_ids), CaseFindingRow.detached_at.is_(None))
    query = select(CaseFindingRow).where(*ours).order_by(CaseFindingRow.number)
    return _attachments(session, session.execute(query).scalars().all())


def page(
    session: Session, asked: CaseFilter, before: int | None, limit: int, now_ms: int
) -> CasePage:
    """Cases that fit, newest first, behind an ordinal. Cost: those of the areas, counted."""
    fits = _conditions(asked, now_ms)
    total = session.execute(select(func.count()).select_from(CaseRow).where(*fits)).scalar_one()
    if before is not None:
        fits.append(CaseRow.ordinal < before)
    query = select(CaseRow).where(*fits).order_by(CaseRow.ordinal.desc()).limit(limit + 1)
    rows = [case_of(row, now_ms) for row in session.execute(query).scalars()]
    return CasePage(tuple(rows[:limit]), len(rows) > limit, total)


def case_of(row: CaseRow, now_ms: int) -> Case:
    """The case of a row, as it stands at a moment."""
    state = state_at(row.state, row.held_until, now_ms)
    is_held = state is CaseState.HELD
    return Case(
        ordinal=row.ordinal,
        case_id=row.case_id,
        number=row.number,
        title=row.title,
        area=row.area,
        unit=row.unit,
        matter=row.matter,
        state=state,
        holder=row.holder if is_held else None,
        held_until=row.held_until if is_held else None,
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        merged_into=row.merged_into,
        version=row.version,
    )


def _attachments(session: Session, rows: Sequence[CaseFindingRow]) -> list[Attachment]:
    members: dict[int, list[Seen]] = {row.number: [] for row in rows}
    ours = select(CaseMemberRow).where(CaseMemberRow.attachment.in_(members))
    order = (CaseMemberRow.kind, CaseMemberRow.key)
    for part in session.execute(ours.order_by(*order)).scalars():
        members[part.attachment].append(Seen(part.kind, part.key, part.role))
    return [
        Attachment(
            finding_id=row.finding_id,
            case_id=row.case_id,
            kind=row.kind,
            score=row.score,
            members=tuple(members[row.number]),
            attached_at=row.attached_at,
            attached_by=row.attached_by,
        )
        for row in rows
    ]


def _conditions(asked: CaseFilter, now_ms: int) -> list[ColumnElement[bool]]:
    fits = [_within(asked.areas)]
    locked_now = and_(CaseRow.state == "held", CaseRow.held_until > now_ms)
    if asked.state is CaseState.HELD:
        fits.append(locked_now)
    elif asked.state is CaseState.OPEN:
        fits.append(and_(CaseRow.state.in_(("open", "held")), ~locked_now))
    elif asked.state is not None:
        fits.append(CaseRow.state == asked.state.value)
    if asked.area is not None:
        fits.append(_within((asked.area,)))
    if asked.unit is not None:
        fits.append(CaseRow.unit == asked.unit)
    if asked.holder is not None:
        fits.append(and_(locked_now, CaseRow.holder == asked.holder))
    if asked.due_before is not None:
        due = (DeadlineRow.state == "running", DeadlineRow.due_at < asked.due_before)
        ours = select(DeadlineRow.deadline_id).where(DeadlineRow.subject == CaseRow.case_id, *due)
        fits.append(ours.exists())
    return fits


def _within(areas: Sequence[str]) -> ColumnElement[bool]:
    """Condition: the case's area lies in one of these (prefixes of digits and letters)."""
    return or_(false(), *(CaseRow.area.startswith(area, autoescape=True) for area in areas))
