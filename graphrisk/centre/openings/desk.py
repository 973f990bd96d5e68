"""What one viewer does with openings: asked of access first, and recorded in his name."""

from __future__ import annotations

import numpy as np

from graphrisk.access.model import EVERYTHING, AuditPort, Level
from graphrisk.access.rights import may, require, scope_for
from graphrisk.analysis.entities import Viewer
from graphrisk.centre.openings.model import (
    NewEmergency,
    NewRequest,
    Opening,
    OpeningKind,
    OpeningState,
    Thing,
)
from graphrisk.centre.openings.service import Openings
from graphrisk.centre.timeline.model import Order
from graphrisk.core.errors import Forbidden, NotFound
from graphrisk.store.contract import Store
from graphrisk.store.scope.whereabouts import areas_of

_PART = 200
#: Who decides on a kind, by which right.
_RIGHTS = {OpeningKind.REQUEST: "access.decide", OpeningKind.EMERGENCY: "access.review"}
_OWN = frozenset({"give_up", "stop"})


class OpeningDesk:
    """Openings as one viewer sees and changes them."""

    def __init__(self, openings: Openings, store: Store, viewer: Viewer, audit: AuditPort) -> None:
        self._openings = openings
        self._store = store
        self._viewer = viewer
        self._audit = audit

    def request(self, opening_id: str, nid: int, case_number: str, reason: str) -> Opening:
        """Ask for the thing behind a stub.

        Raises:
            Forbidden: The viewer may not ask, or does not work on the case.
            NotFound: Nothing outside his areas has that number; no such case within them.
            BadInput, Conflict: As ``Openings.ask``.
        """
        self._may("access.request", case_number)
        asked, purpose = np.array([nid], np.int64), self._viewer.purpose
        kind = self._store.reader(self._viewer.sight, purpose).outside(asked).get(nid)
        if kind is None:
            raise NotFound("that stands for nothing outside your areas")
        whole = self._store.reader(EVERYTHING, purpose)
        key = str(whole.get_nodes(asked)[kind]["key"][0].as_py())
        areas = areas_of(whole, nid)
        self._told("access.request", 1, opening_id)
        new = NewRequest(opening_id, case_number, reason, Thing(kind, key), areas)
        return self._openings.ask(new, self._name)

    def break_glass(
        self, opening_id: str, case_number: str, reason: str, areas: tuple[str, ...], minutes: int
    ) -> Opening:
        """Open areas to the viewer at once.

        Raises:
            Forbidden: The viewer may not.
            NotFound: No such case within his areas.
            BadInput, Conflict: As ``Openings.break_glass``.
        """
        self._may("access.emergency", case_number)
        own = scope_for(self._viewer.principal, "access.emergency").areas
        home = own[0] if own else ""
        self._told("access.emergency", len(areas), opening_id)
        new = NewEmergency(opening_id, case_number, reason, areas, minutes, home)
        return self._openings.break_glass(new, self._name)

    def act(
        self, kind: OpeningKind, action: str, order: Order, until: int | None = None
    ) -> Opening:
        """Decide on a request or emergency of one's areas, or end one of one's own.

        Raises:
            NotFound: The viewer sees none of that kind.
            Forbidden: He may not decide on it.
            BadInput, Conflict: As ``Openings.act``.
        """
        found = self._openings.get(order.subject)
        if found.kind is not kind or not self._sees(found):
            raise NotFound("no such request or emergency")
        is_own = action in _OWN and found.asker == self._name
        if not is_own and (action == "give_up" or not self._decides(found)):
            raise Forbidden(f"{self._name} may not {action.replace('_', ' ')} there")
        self._told(f"access.{action}", 1, order.subject)
        return self._openings.act(order, action, until)

    def page(
        self, kind: OpeningKind, after: int, limit: int, waiting: bool
    ) -> tuple[list[Opening], bool]:
        """Openings that the viewer asked for or decides on, oldest first; whether more follow.

        ``waiting``: those alone that nobody decided yet. Cost: linear in those behind ``after``.
        """
        found: list[Opening] = []
        undecided = (OpeningState.ASKED, OpeningState.UNREVIEWED)
        while len(found) <= limit and (part := self._openings.after(kind, after, _PART)):
            seen = [one for one in part if self._sees(one)]
            found += [one for one in seen if not waiting or one.state in undecided]
            after = part[-1].number
        self._told("access.read", min(len(found), limit))
        return found[:limit], len(found) > limit

    def nids(self, openings: list[Opening]) -> list[int | None]:
        """Numbers of the things that were asked for; ``None`` where there is none any more."""
        whole = self._store.reader(EVERYTHING, self._viewer.purpose)
        found: list[int | None] = []
        for one in openings:
            thing = one.thing
            nid = -1 if thing is None else int(whole.lookup(thing.kind, [thing.key])[0])
            found.append(None if nid < 0 else nid)
        return found

    @property
    def _name(self) -> str:
        return self._viewer.principal.name

    def _may(self, action: str, case_number: str) -> None:
        require(self._viewer.principal, action)
        area = self._openings.case_area(case_number)
        if not may(self._viewer.principal, "case.read", area):
            raise NotFound("no such case")

    def _sees(self, one: Opening) -> bool:
        return one.asker == self._name or self._decides(one) or self._audits(one)

    def _decides(self, one: Opening) -> bool:
        own = scope_for(self._viewer.principal, _RIGHTS[one.kind])
        if one.kind is OpeningKind.EMERGENCY:
            return all(own.covers(area) for area in one.areas)
        if not one.areas:
            return bool(own.areas) and own.level <= Level.CITY
        return any(own.covers(area) for area in one.areas)

    def _audits(self, one: Opening) -> bool:
        own = scope_for(self._viewer.principal, "audit.read")
        return any(own.covers(area) for area in one.areas)

    def _told(self, action: str, count: int, what: str = "") -> None:
        self._audit.record(self._viewer.principal, action, self._viewer.purpose, count, what)
