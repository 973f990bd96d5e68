"""Rules as a deployment has them: their life between two people, and what becomes of their hits."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from graphrisk.access.model import AuditPort, Principal, Purpose
from graphrisk.access.rights import require
from graphrisk.analysis.rules import records
from graphrisk.analysis.rules.bench import Bench
from graphrisk.analysis.rules.calendar import LocalDays
from graphrisk.analysis.rules.engine import Engine
from graphrisk.analysis.rules.facts import GraphFacts
from graphrisk.analysis.rules.ladder import Ladder
from graphrisk.analysis.rules.model import Rule
from graphrisk.analysis.rules.records import Difference, Rehearsal, Version
from graphrisk.analysis.rules.tables import RehearsalRow, RuleHitRow, RuleRow, RuleStepRow
from graphrisk.core.clock import Clock
from graphrisk.core.errors import BadInput, NotFound
from graphrisk.core.ids import uuid7
from graphrisk.core.machine import Machine
from graphrisk.core.machine_table import shipped_machine
from graphrisk.store.operations import jobs
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.outbox import emit
from graphrisk_algorithms.graph import RiskGraph

LONGEST_REASON = 2_000
LONGEST_REHEARSAL_MS = 366 * 86_400_000


@dataclass(frozen=True, slots=True)
class KeptHit:
    """A hit as it is kept, with what became of it."""

    number: int
    rule: Rule
    event: tuple[str, int]  # kind and key
    at: int  # of the event, epoch ms UTC
    about: int  # nid; below 0: not in the graph
    points: int
    level: str
    outcome: str  # warned, proposed, taken, capped or shadow
    rung: str | None
    told: tuple[tuple[int, float, int], ...]  # term, value, points of each reason
    edges: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HitPage:
    """One keyset page of hits, latest first."""

    items: tuple[KeptHit, ...]
    has_next: bool


#: About whom of several a reader may know, by nid.
Seen = Callable[[Sequence[int]], Collection[int]]
_HITS_READ: Final = 500


class RuleBook:
    """Versions of rules and their hits. Every change names who made it and why."""

    def __init__(self, database: Database, ladder: Ladder, clock: Clock, audit: AuditPort) -> None:
        self._database = database
        self._ladder = ladder
        self._clock = clock
        self._audit = audit

    def draft(self, principal: Principal, purpose: Purpose, rule: Rule) -> Version:
        """Keep a version that is not ready yet. Raises as ``submit``."""
        return self._put(principal, purpose, rule, "draft", "")

    def submit(self, principal: Principal, purpose: Purpose, rule: Rule, why: str) -> Version:
        """Put a version in for approval; it judges nothing yet.

        Raises:
            Forbidden: The principal may not submit rules.
            BadInput: There is no reason, or the ladder has no such rung.
            Conflict: This version is submitted or live already.
        """
        return self._put(principal, purpose, rule, "submit", why)

    def approve(
        self, principal: Principal, purpose: Purpose, rule_id: str, version: str, why: str
    ) -> Version:
        """Put a version live in place of the one before; never by who put it in.

        Raises:
            Forbidden: The principal may not approve, or submitted it himself.
            NotFound: There is no such version.
            Conflict: It does not wait for approval, or somebody decided at the same moment.
            LimitExceeded: Its counters and those of the live rules take too much a key together.
        """
        with self._database.session() as session:
            row = records.find(session, rule_id, version)
            others = [
                one.rule
                for one in records.versions(session, None, "live")
                if one.rule.rule_id != rule_id
            ]
            rule = records.version_of(row, ()).rule
            Engine([*others, rule], GraphFacts(RiskGraph(0, {}, {})), LocalDays())
            for before in session.execute(
                select(RuleRow).filter_by(rule_id=rule_id, state="live").with_for_update()
            ).scalars():
                self._step(session, before, "retire", principal, purpose, f"→ {version}: {why}")
            session.flush()  # of each rule one version is live
            self._step(session, row, "approve", principal, purpose, why)
            row.shadow = False
            return self._told(session, row)

    def refuse(
        self, principal: Principal, purpose: Purpose, rule_id: str, version: str, why: str
    ) -> Version:
        """Send a version back; it may be submitted again. Raises as ``approve``."""
        return self._moved(principal, purpose, (rule_id, version), "refuse", why)

    def retire(
        self, principal: Principal, purpose: Purpose, rule_id: str, version: str, why: str
    ) -> Version:
        """End a version; it judges no more. Raises as ``approve``."""
        return self._moved(principal, purpose, (rule_id, version), "retire", why)

    def set_shadow(
        self,
        principal: Principal,
        purpose: Purpose,
        rule_id: str,
        version: str,
        why: str,
        *,
        on: bool,
    ) -> Version:
        """Have a submitted version judge beside the live one: hits are kept, nothing is done."""
        action = "shadow_on" if on else "shadow_off"
        return self._moved(principal, purpose, (rule_id, version), action, why)

    def versions(
        self,
        principal: Principal,
        purpose: Purpose,
        rule_id: str | None = None,
        state: str | None = None,
    ) -> list[Version]:
        """Versions with their steps, oldest first."""
        require(principal, "rule.read")
        with self._database.reading() as session:
            found = records.versions(session, rule_id, state)
        self._audit.record(principal, "rules", purpose, len(found), rule_id or "")
        return found

    def version(
        self, principal: Principal, purpose: Purpose, rule_id: str, version: str
    ) -> Version:
        """One version; ``NotFound`` when there is none."""
        for one in self.versions(principal, purpose, rule_id):
            if one.rule.version == version:
                return one
        raise NotFound(f"no version {version[:20]!r} of a rule {rule_id[:64]!r}")

    def difference(
        self, principal: Principal, purpose: Purpose, rule_id: str, version: str, since: int
    ) -> Difference:
        """What a shadow said otherwise than the live version of its rule since a moment.

        ``NotFound`` when the rule has no live version.
        """
        shadow = self.version(principal, purpose, rule_id, version)
        with self._database.reading() as session:
            live = session.execute(
                select(RuleRow.number).filter_by(rule_id=rule_id, state="live")
            ).scalar_one_or_none()
            if live is None:
                raise NotFound(f"no version of {rule_id!r} is live")
            return records.difference(session, live, shadow.number, since)

    def hits(
        self,
        principal: Principal,
        purpose: Purpose,
        before: int | None,
        limit: int,
        rule_id: str | None = None,
        seen: Seen | None = None,
    ) -> HitPage:
        """Hits of all rules or one, latest kept first, those of shadows among them.

        ``seen`` tells about whom of several the reader may know: hits about others are not listed.
        Cost: linear in the hits before ``before`` until the page is full.
        """
        require(principal, "rule.read")
        wanted = select(RuleHitRow, RuleRow).join(RuleRow).order_by(RuleHitRow.number.desc())
        if rule_id is not None:
            wanted = wanted.where(RuleRow.rule_id == rule_id)
        size = limit + 1 if seen is None else max(limit + 1, _HITS_READ)
        found: list[KeptHit] = []
        with self._database.reading() as session:
            while len(found) <= limit:
                part = wanted if before is None else wanted.where(RuleHitRow.number < before)
                rows = session.execute(part.limit(size)).all()
                known = None if seen is None else seen([hit.about for hit, _ in rows])
                found += [
                    _kept(hit, records.version_of(row, ()).rule)
                    for hit, row in rows
                    if known is None or hit.about in known
                ]
                if len(rows) < size:
                    break
                before = rows[-1][0].number
        self._audit.record(principal, "rule_hits", purpose, min(len(found), limit))
        return HitPage(tuple(found[:limit]), len(found) > limit)

    def bench(self, facts: GraphFacts) -> Bench:
        """All versions that judge now: live ones, and shadows beside them."""
        with self._database.reading() as session:
            judging = records.judging(session)
        return Bench(self._database, self._ladder, self._clock, judging, facts)

    def ask_rehearsal(
        self,
        principal: Principal,
        purpose: Purpose,
        rule_id: str,
        version: str,
        period: tuple[int, int],
    ) -> Rehearsal:
        """Have the worker rehearse a version over the events of a period, epoch ms UTC, half-open.

        Raises:
            Forbidden: The principal may not rehearse rules.
            NotFound: There is no such version.
            BadInput: The period is empty or longer than a year.
        """
        require(principal, "rule.rehearse")
        if not 0 < period[1] - period[0] <= LONGEST_REHEARSAL_MS:
            raise BadInput("a rehearsal covers some time, at most 366 days (试运行时段最长366天)")
        now = self._clock.now_ms()
        rehearsal_id = uuid7(now)
        with self._database.session() as session:
            row = RehearsalRow(
                rehearsal_id=rehearsal_id,
                rule=records.find(session, rule_id, version).number,
                since=period[0],
                until=period[1],
                asked_by=principal.name,
                asked_at=now,
                done=0,
                total=0,
                finished_at=None,
                result=None,
            )
            session.add(row)
            jobs.plan(session, f"rehearse:{rehearsal_id}", "rehearse", {}, now)
            session.flush()
            (found,) = records.rehearsals(session, rehearsal_id=rehearsal_id)
            self._audit.record(principal, "rule.rehearse", purpose, 1, rehearsal_id)
        return found

    def rehearsal(self, principal: Principal, purpose: Purpose, rehearsal_id: str) -> Rehearsal:
        """A rehearsal, how far it is and what it gave; ``NotFound`` when there is none."""
        require(principal, "rule.read")
        with self._database.reading() as session:
            found = records.rehearsals(session, rehearsal_id=rehearsal_id)
        self._audit.record(principal, "rule_rehearsal", purpose, len(found), rehearsal_id)
        if not found:
            raise NotFound("no such rehearsal")
        return found[0]

    def _put(
        self, principal: Principal, purpose: Purpose, rule: Rule, action: str, why: str
    ) -> Version:
        if rule.act is not None:
            self._ladder.check(rule.act)
        with self._database.session() as session:
            held = select(RuleRow).filter_by(rule_id=rule.rule_id, version=rule.version)
            row = session.execute(held.with_for_update()).scalar_one_or_none()
            if row is None:
                row = RuleRow(
                    rule_id=rule.rule_id,
                    version=rule.version,
                    document=dict(rule.document),
                    state=life().initial,
                    maker=principal.name,
                    shadow=False,
                )
            self._step(session, row, action, principal, purpose, why)
            row.maker = principal.name
            return self._told(session, row)

    def _moved(
        self,
        principal: Principal,
        purpose: Purpose,
        which: tuple[str, str],
        action: str,
        why: str,
    ) -> Version:
        with self._database.session() as session:
            row = records.find(session, *which)
            self._step(session, row, action, principal, purpose, why)
            row.shadow = action == "shadow_on" or (row.shadow and row.state == "submitted")
            if action == "shadow_off":
                row.shadow = False
            return self._told(session, row)

    def _step(
        self,
        session: Session,
        row: RuleRow,
        action: str,
        principal: Principal,
        purpose: Purpose,
        why: str,
    ) -> None:
        """One step: allowed, recorded, told, in the caller's transaction."""
        if len(why) > LONGEST_REASON:
            raise BadInput(f"a reason has at most {LONGEST_REASON:,} characters")
        require(principal, life().right(row.state, action))
        before = [] if row.number is None else records.earlier(session, row)
        now = self._clock.now_ms()
        step = life().taken(row.state, action, principal.name, now, why, before)
        row.state = step.after
        session.add(row)
        session.flush()
        session.add(
            RuleStepRow(
                rule=row.number, step=action, author=step.author, reason=step.reason, at=now
            )
        )
        payload = {"version": row.version, "state": row.state, "step": action}
        emit(session, "rule.step", row.rule_id, payload, now)
        self._audit.record(principal, f"rule.{action}", purpose, 1, f"{row.rule_id}@{row.version}")

    def _told(self, session: Session, row: RuleRow) -> Version:
        session.flush()
        (found,) = [
            one for one in records.versions(session, row.rule_id, None) if one.number == row.number
        ]
        return found


@cache
def life() -> Machine:
    """The life of a version, as a table."""
    return shipped_machine("graphrisk.analysis.rules", "life")


def _kept(row: RuleHitRow, rule: Rule) -> KeptHit:
    return KeptHit(
        number=row.number,
        rule=rule,
        event=(row.kind, row.event),
        at=row.at,
        about=row.about,
        points=row.points,
        level=row.level,
        outcome=row.outcome,
        rung=row.rung,
        told=tuple((int(term), value, int(points)) for term, value, points in row.told),
        edges=tuple(row.edges),
    )
