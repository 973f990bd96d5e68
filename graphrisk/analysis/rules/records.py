"""Rows of rules, read and written within the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session, aliased

from graphrisk.analysis.rules.batch import EventBatch
from graphrisk.analysis.rules.engine import Hit
from graphrisk.analysis.rules.form import read_document
from graphrisk.analysis.rules.ladder import Ladder
from graphrisk.analysis.rules.model import Cap, Rule
from graphrisk.analysis.rules.tables import (
    RehearsalRow,
    RuleCapRow,
    RuleHitRow,
    RulePositionRow,
    RuleRow,
    RuleStepRow,
)
from graphrisk.core.errors import Conflict, NotFound
from graphrisk.store.operations.inserts import insert_into
from graphrisk.store.operations.outbox import emit


@dataclass(frozen=True, slots=True)
class RuleStep:
    """A step in the life of a version."""

    step: str
    author: str
    reason: str
    at: int  # epoch ms UTC


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a rule as it is kept."""

    number: int
    rule: Rule
    state: str
    maker: str
    shadow: bool
    steps: tuple[RuleStep, ...]  # oldest first


@dataclass(frozen=True, slots=True)
class Place:
    """Where a version stands among those that judge."""

    number: int
    is_shadow: bool


@dataclass(frozen=True, slots=True)
class Position:
    """Up to where the events of a graph store were judged."""

    version: int  # of the graph, as it was then
    stamp: int  # of that version
    marks: Mapping[str, int]  # of each data set of calls and edge kind
    judging: tuple[tuple[int, bool], ...]  # versions, and whether each is a shadow
    counted: str | None  # the file that holds the counters; None: they have seen nothing


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A rehearsal that was asked for; ``result`` as ``rehearsal.document`` makes it."""

    rehearsal_id: str
    rule: Rule
    since: int  # epoch ms UTC
    until: int
    asked_by: str
    asked_at: int
    done: int  # events judged so far
    total: int  # 0 until it began
    finished_at: int | None
    result: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What a shadow said otherwise than the live version, over events that either hit."""

    both: int
    live_only: int
    shadow_only: int
    louder: int  # both hit, the shadow at a higher level
    quieter: int


def find(session: Session, rule_id: str, version: str) -> RuleRow:
    """A version's row, locked until the transaction ends; ``NotFound`` when there is none."""
    wanted = select(RuleRow).where(RuleRow.rule_id == rule_id, RuleRow.version == version)
    row = session.execute(wanted.with_for_update()).scalar_one_or_none()
    if row is None:
        raise NotFound(f"no version {version[:20]!r} of a rule {rule_id[:64]!r}")
    return row


def versions(session: Session, rule_id: str | None, state: str | None) -> list[Version]:
    """Versions in the order in which they came: of all rules or one, in any state or one."""
    wanted = select(RuleRow).order_by(RuleRow.number)
    if rule_id is not None:
        wanted = wanted.where(RuleRow.rule_id == rule_id)
    if state is not None:
        wanted = wanted.where(RuleRow.state == state)
    rows = session.execute(wanted).scalars().all()
    steps: dict[int, list[RuleStep]] = {row.number: [] for row in rows}
    told = select(RuleStepRow).where(RuleStepRow.rule.in_(steps)).order_by(RuleStepRow.number)
    for one in session.execute(told).scalars():
        steps[one.rule].append(RuleStep(one.step, one.author, one.reason, one.at))
    return [version_of(row, steps[row.number]) for row in rows]


def judging(session: Session) -> list[Version]:
    """Versions that judge now: live ones, and shadows beside them."""
    return [
        one
        for one in versions(session, None, None)
        if one.state == "live" or (one.shadow and one.state == "submitted")
    ]


def is_any_judging(session: Session) -> bool:
    """Whether a version judges, or one did at the last look. Index look-ups and a row."""
    live = select(RuleRow.number).where(or_(RuleRow.state == "live", RuleRow.shadow)).limit(1)
    held = select(RulePositionRow.store_id).limit(1)
    return any(session.execute(one).first() is not None for one in (live, held))


def position(session: Session, store_id: str) -> Position | None:
    """Up to where the events of a store were judged; ``None`` when nothing judges them yet."""
    row = session.get(RulePositionRow, store_id)
    if row is None:
        return None
    judged_by = tuple((number, bool(shadow)) for number, shadow in row.judging)
    return Position(row.version, row.stamp, dict(row.marks), judged_by, row.counted)


def move(session: Session, store_id: str, before: Position | None, after: Position | None) -> None:
    """Note up to where events were judged; ``None``: nothing judges them.

    ``Conflict`` when another process moved on meanwhile.
    """
    held = select(RulePositionRow).filter_by(store_id=store_id).with_for_update()
    row = session.execute(held).scalar_one_or_none()
    if position(session, store_id) != before:
        raise Conflict("another process judges the events of this graph")
    if row is not None:
        session.delete(row)
        session.flush()
    if after is not None:
        session.add(
            RulePositionRow(
                store_id=store_id,
                version=after.version,
                stamp=after.stamp,
                marks=dict(after.marks),
                judging=[[number, int(shadow)] for number, shadow in after.judging],
                counted=after.counted,
            )
        )


def version_of(row: RuleRow, steps: Sequence[RuleStep]) -> Version:
    """A row as it is told."""
    rule = read_document(row.document)
    return Version(row.number, rule, row.state, row.maker, row.shadow, tuple(steps))


def earlier(session: Session, row: RuleRow) -> list[tuple[str, str]]:
    """(action, author) of the steps since a version was last put in."""
    told = select(RuleStepRow).where(RuleStepRow.rule == row.number).order_by(RuleStepRow.number)
    return [(one.step, one.author) for one in session.execute(told).scalars()]


def granted(session: Session, what: str, cap: Cap, wanted: int, now_ms: int) -> int:
    """How many of ``wanted`` actions the cap leaves in this period, taken at once.

    The row is locked until the transaction ends, so processes that ask at the same moment get the
    cap together and not one more. The first refusal of a period raises an alarm event.
    """
    period = now_ms // cap.within_ms * cap.within_ms
    key = {"what": what, "period": period, "within_ms": cap.within_ms}
    fresh = insert_into(session, RuleCapRow).values(**key, taken=0, refused=0)
    session.execute(fresh.on_conflict_do_nothing())
    row = session.execute(
        select(RuleCapRow)
        .filter_by(**key)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()
    given = min(wanted, max(cap.actions - row.taken, 0))
    if given < wanted and not row.refused:
        payload = {"cap": cap.actions, "within_ms": cap.within_ms, "period_at": period}
        emit(session, "rule.capped", what, payload, now_ms)
    row.taken += given
    row.refused += wanted - given
    session.flush()
    return given


def keep_hits(
    session: Session,
    place: Place,
    rule: Rule,
    hits: Sequence[Hit],
    batch: EventBatch,
    ladder: Ladder,
    now_ms: int,
) -> int:
    """Keep what a version says of events, each event once, with what becomes of it; how many."""
    keys = [int(batch.key[hit.row]) for hit in hits]
    known = _known_events(session, place.number, rule.on, keys)
    fresh = {key: hit for key, hit in zip(keys, hits, strict=True) if key not in known}
    outcomes = _outcomes(session, place, rule, list(fresh.values()), ladder, now_ms)
    for (key, hit), outcome in zip(fresh.items(), outcomes, strict=True):
        eid = int(batch.eid[hit.row])
        session.add(
            RuleHitRow(
                rule=place.number,
                kind=rule.on,
                event=key,
                at=int(batch.at[hit.row]),
                about=hit.about,
                points=hit.points,
                level=hit.level,
                outcome=outcome,
                rung=None if hit.level == "alert" or rule.act is None else rule.act.rung,
                told=[[one.term, one.value, one.points] for one in hit.told],
                edges=[] if eid < 0 else [eid],
            )
        )
        if not place.is_shadow:
            payload = {"version": rule.version, "level": hit.level, "outcome": outcome}
            emit(session, "rule.hit", rule.rule_id, payload, now_ms)
    return len(fresh)


def _outcomes(
    session: Session,
    place: Place,
    rule: Rule,
    hits: Sequence[Hit],
    ladder: Ladder,
    now_ms: int,
) -> list[str]:
    """What becomes of each hit: as many actions as rule and rung have left, in their order."""
    if place.is_shadow:
        return ["shadow"] * len(hits)
    act, wanted = rule.act, sum(hit.level == "action" for hit in hits)
    if act is None or not wanted:
        return ["warned"] * len(hits)
    if not ladder.may_take(act):
        return ["proposed" if hit.level == "action" else "warned" for hit in hits]
    left = granted(session, f"rule:{rule.rule_id}", act.cap, wanted, now_ms)
    rung = ladder.rungs[act.rung]
    left = granted(session, f"rung:{rung.name}", rung.cap, left, now_ms) if left else 0
    outcomes = []
    for hit in hits:
        if hit.level != "action":
            outcomes.append("warned")
            continue
        outcomes.append("taken" if left > 0 else "capped")
        left -= 1
    return outcomes


def _known_events(session: Session, rule: int, kind: str, events: Sequence[int]) -> set[int]:
    """Which of these events a version has hit before."""
    held = select(RuleHitRow.event).where(
        RuleHitRow.rule == rule, RuleHitRow.kind == kind, RuleHitRow.event.in_(events)
    )
    return set(session.execute(held).scalars())


def difference(session: Session, live: int, shadow: int, since: int) -> Difference:
    """Live and shadow compared over events from ``since`` on. Cost: the hits of both."""
    one, other = aliased(RuleHitRow), aliased(RuleHitRow)
    same = (one.kind == other.kind) & (one.event == other.event)
    levels = (
        select(one.level, other.level, func.count())
        .join(other, same)
        .where(one.rule == live, other.rule == shadow, one.at >= since)
        .group_by(one.level, other.level)
    )
    both = {(a, b): n for a, b, n in session.execute(levels)}
    total = sum(both.values())
    counted = select(RuleHitRow.rule, func.count()).where(
        RuleHitRow.rule.in_([live, shadow]), RuleHitRow.at >= since
    )
    hits = {row[0]: row[1] for row in session.execute(counted.group_by(RuleHitRow.rule))}
    return Difference(
        both=total,
        live_only=hits.get(live, 0) - total,
        shadow_only=hits.get(shadow, 0) - total,
        louder=both.get(("alert", "action"), 0),
        quieter=both.get(("action", "alert"), 0),
    )


def rehearsals(
    session: Session, rule: int | None = None, rehearsal_id: str | None = None
) -> list[Rehearsal]:
    """Rehearsals of a version or one by id, latest first."""
    wanted = select(RehearsalRow, RuleRow).join(RuleRow)
    wanted = wanted.order_by(RehearsalRow.asked_at.desc(), RehearsalRow.rehearsal_id)
    if rule is not None:
        wanted = wanted.where(RehearsalRow.rule == rule)
    if rehearsal_id is not None:
        wanted = wanted.where(RehearsalRow.rehearsal_id == rehearsal_id)
    return [
        Rehearsal(
            rehearsal_id=row.rehearsal_id,
            rule=read_document(of.document),
            since=row.since,
            until=row.until,
            asked_by=row.asked_by,
            asked_at=row.asked_at,
            done=row.done,
            total=row.total,
            finished_at=row.finished_at,
            result=row.result,
        )
        for row, of in session.execute(wanted)
    ]


def note_rehearsal(session: Session, rehearsal_id: str, **values: object) -> None:
    """Write down how far a rehearsal is, or what it gave."""
    ours = update(RehearsalRow).where(RehearsalRow.rehearsal_id == rehearsal_id)
    session.execute(ours.values(**values))
