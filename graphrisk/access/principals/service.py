"""Principals as administrators keep them, and what a signed-on name stands for."""

from __future__ import annotations

from dataclasses import replace

from graphrisk.access.model import AuditPort, Principal, Purpose
from graphrisk.access.principals import rules
from graphrisk.access.principals.model import (
    Act,
    Grant,
    GrantState,
    Newcomer,
    PrincipalRows,
    Registered,
    Rights,
)
from graphrisk.access.rights import require, scope_for
from graphrisk.core.clock import Clock
from graphrisk.core.errors import Conflict, Forbidden, NotFound, Unauthenticated
from graphrisk.core.ids import uuid7

_PART = 200


class Standing:
    """What somebody may, by name. It remembers nothing: a change counts with the next request."""

    def __init__(self, rows: PrincipalRows, clock: Clock) -> None:
        self._rows = rows
        self._clock = clock

    def principal(self, name: str) -> Principal:
        """Who holds what now; with no live grant nothing at all.

        ``Unauthenticated`` for a name that is not kept, or was ended. Cost: one read of the
        principal's row and of those of his grants.
        """
        found = self._rows.find(name)
        if found is None or found.ended_at is not None:
            raise Unauthenticated("nobody of that name is known here")
        return rules.principal_of(found, self._clock.now_ms())


class Principals:
    """Add, grant, decide, withdraw, end, list. Each act is recorded; who acts sees his areas."""

    def __init__(self, rows: PrincipalRows, clock: Clock, audit: AuditPort) -> None:
        self._rows = rows
        self._clock = clock
        self._audit = audit

    def add(self, principal: Principal, purpose: Purpose, who: Newcomer) -> Registered:
        """Make somebody known; he holds nothing yet.

        Raises:
            BadInput: No name, or one that no token may have; no area.
            Forbidden: The principal may not change principals there.
            Conflict: The name is taken.
        """
        newcomer = rules.checked_newcomer(who)
        _require_within(principal, newcomer.area)
        self._audit.record(principal, "principal.add", purpose, 1, newcomer.name)
        return self._rows.add(newcomer, self._act(principal, ""))

    def grant(
        self, principal: Principal, purpose: Purpose, name: str, wanted: Rights, reason: str
    ) -> Grant:
        """Give somebody rights; elevated roles are proposed only, until another person agrees.

        Where nobody is an administrator, the first one is made so at once: there is nobody to
        agree.

        Raises:
            BadInput: No role, area or reason; an end that is not within a year from now.
            Forbidden: He would give more than the policy lets him, or to himself.
            NotFound: He sees no such principal.
            Conflict: The principal was ended.
        """
        now = self._clock.now_ms()
        rights, why = rules.checked_rights(wanted, now), rules.checked_reason(reason)
        holder = self._seen(principal, self._rows.find(name))
        rules.refuse_beyond(principal, holder.who.name, rights)
        is_first = rules.ADMINISTRATOR in rights.roles and not self._rows.is_any(
            rules.ADMINISTRATOR, now
        )
        waits = rules.is_elevated(rights.roles) and not is_first
        state = GrantState.PROPOSED if waits else GrantState.GIVEN
        grant_id = uuid7(now)
        self._audit.record(principal, "principal.grant", purpose, 1, grant_id)
        self._rows.give(name, grant_id, rights, state, Act(principal.name, now, why))
        return self._grant(grant_id)[1]

    def decide(
        self, principal: Principal, purpose: Purpose, grant_id: str, is_approved: bool, reason: str
    ) -> Grant:
        """Agree to a proposed grant, or refuse it: another person than who proposed or gets it.

        Raises:
            BadInput: No reason.
            Forbidden: He proposed it, would get it, or may not give as much himself.
            NotFound: He sees no such grant.
            Conflict: It is decided already, or its time is over.
        """
        why = rules.checked_reason(reason)
        holder, grant = self._grant(grant_id, principal)
        require(principal, "principal.approve")
        rules.refuse_same(principal, grant)
        rules.refuse_beyond(principal, holder.who.name, grant.rights)
        act = self._act(principal, why)
        if is_approved and act.at >= grant.rights.ends_at:
            raise Conflict("the time of the grant is over")
        self._audit.record(principal, "principal.approve", purpose, 1, grant_id)
        state = GrantState.GIVEN if is_approved else GrantState.REFUSED
        self._rows.decide(grant_id, state, act)
        return self._grant(grant_id)[1]

    def withdraw(self, principal: Principal, purpose: Purpose, grant_id: str, reason: str) -> Grant:
        """Take a grant back, in every process at once; once more changes nothing.

        Raises:
            BadInput: No reason.
            Forbidden: He may not give such a grant himself.
            NotFound: He sees no such grant.
        """
        why = rules.checked_reason(reason)
        _, grant = self._grant(grant_id, principal)
        rules.refuse_withdrawal(principal, grant)
        self._audit.record(principal, "principal.withdraw", purpose, 1, grant_id)
        self._rows.withdraw(grant_id, self._act(principal, why))
        return self._grant(grant_id)[1]

    def end(self, principal: Principal, purpose: Purpose, name: str, reason: str) -> Registered:
        """Let somebody sign on no more, whatever he holds; once more changes nothing.

        Raises:
            BadInput: No reason.
            Forbidden: He may not change principals there, or not withdraw what that one holds.
            NotFound: He sees no such principal.
        """
        why = rules.checked_reason(reason)
        self._seen(principal, holder := self._rows.find(name))
        assert holder is not None
        _require_within(principal, holder.who.area)
        for grant in holder.grants:
            if rules.is_live(grant, self._clock.now_ms()):
                rules.refuse_withdrawal(principal, grant)
        self._audit.record(principal, "principal.end", purpose, 1, name)
        self._rows.end(name, self._act(principal, why))
        return self._seen(principal, self._rows.find(name))

    def listing(
        self, principal: Principal, purpose: Purpose, after: int, limit: int, waiting: bool = False
    ) -> tuple[list[Registered], bool]:
        """Principals of one's areas in the order of entry; whether more follow.

        All, or those with a grant that waits for a decision. Of their grants those that lie within
        one's areas. ``Forbidden`` for who may not read them. Cost: linear in those behind
        ``after``.
        """
        require(principal, "principal.read")
        found: list[Registered] = []
        while len(found) <= limit and (part := self._rows.after(after, _PART, waiting)):
            found += [self._cut(principal, one) for one in part if _is_within(principal, one)]
            after = part[-1].number
        self._audit.record(principal, "principal.read", purpose, min(len(found), limit))
        return found[:limit], len(found) > limit

    def own(self, principal: Principal) -> Registered | None:
        """What is kept of the asker himself; ``None`` where nothing is."""
        return self._rows.find(principal.name)

    def _grant(self, grant_id: str, seen_by: Principal | None = None) -> tuple[Registered, Grant]:
        holder = self._rows.holder(grant_id)
        if holder is not None and (seen_by is None or _is_within(seen_by, holder)):
            for grant in holder.grants:
                if grant.grant_id == grant_id:
                    return holder, grant
        raise NotFound("no such grant")

    def _seen(self, principal: Principal, found: Registered | None) -> Registered:
        require(principal, "principal.read")
        if found is None or not _is_within(principal, found):
            raise NotFound("no such principal")
        return self._cut(principal, found)

    def _cut(self, principal: Principal, one: Registered) -> Registered:
        own = scope_for(principal, "principal.read")
        seen = [g for g in one.grants if all(own.covers(area) for area in g.rights.areas)]
        return replace(one, grants=tuple(seen))

    def _act(self, principal: Principal, reason: str) -> Act:
        return Act(principal.name, self._clock.now_ms(), reason)


def _require_within(principal: Principal, *areas: str) -> None:
    own = scope_for(principal, "principal.change")
    for area in areas:
        if not own.covers(area):
            raise Forbidden(f"{principal.name} changes no rights in {area or 'all areas'}")


def _is_within(principal: Principal, one: Registered) -> bool:
    return scope_for(principal, "principal.read").covers(one.who.area)
