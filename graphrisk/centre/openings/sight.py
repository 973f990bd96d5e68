"""What somebody who asks may look at: his areas, what is open to him, and only in a case of his.

Everything here is read anew with each request.
"""

from __future__ import annotations

from graphrisk.access.demands import Demand
from graphrisk.access.model import EVERYTHING, Principal, Purpose, Scope
from graphrisk.access.rights import may
from graphrisk.analysis.entities import Viewer
from graphrisk.centre.openings.model import Opening, OpeningKind
from graphrisk.centre.openings.service import live_in, working_area
from graphrisk.core.clock import Clock
from graphrisk.core.errors import CaseRequired
from graphrisk.store.contract import Store
from graphrisk.store.operations.database import Database

#: By which right what is open was asked for: who lost it sees nothing of that any more.
_ASKED_BY = {OpeningKind.REQUEST: "access.request", OpeningKind.EMERGENCY: "access.emergency"}


class Sights:
    """Makes viewers. Without a ``store`` (published scores) nothing beyond one's areas is open.

    Args:
        database: Where cases and openings are; asked only about who names a case.
        clock: Tells what is over.
        demand: Who has to name a case.
        store: The graph, to find single things that were opened.
    """

    def __init__(
        self, database: Database, clock: Clock, demand: Demand, store: Store | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._demand = demand
        self._store = store

    def viewer(self, principal: Principal, purpose: Purpose) -> Viewer:
        """Who looks, and what is open to him.

        ``CaseRequired`` for who has to name a case and names one that he does not work on, is not
        granted anything in, and does not answer for. Cost: nothing without a case; else one read
        of his openings, another of the case where it is demanded or something is open.
        """
        is_demanded = self._demand.applies(principal, purpose)
        if purpose.case is None:
            return Viewer(principal, purpose, lacks_case=is_demanded)
        if self._store is None and not is_demanded:
            return Viewer(principal, purpose)
        open_now = self._open_to(principal, purpose.case)
        if is_demanded and not open_now and not self._is_his(principal, purpose.case):
            raise CaseRequired(
                "name a case that you work on, are granted something in, or answer for "
                "(请填写本人承办、获授权或主管的案件编号)"
            )
        return Viewer(principal, purpose, self._opened(principal, purpose, open_now))

    def _open_to(self, principal: Principal, number: str) -> list[Opening]:
        """What is open to somebody who could still ask for it, by his rights of this moment."""
        now = self._clock.now_ms()
        found = live_in(self._database, principal.name, number, now)
        still = [one for one in found if may(principal, _ASKED_BY[one.kind])]
        case = working_area(self._database, principal.name, number, now) if still else None
        return still if case is not None and may(principal, "case.read", case.area) else []

    def _is_his(self, principal: Principal, number: str) -> bool:
        found = working_area(self._database, principal.name, number, self._clock.now_ms())
        return found is not None and (found.works or may(principal, "access.decide", found.area))

    def _opened(self, principal: Principal, purpose: Purpose, found: list[Opening]) -> Scope | None:
        if self._store is None or not found or principal.scope.is_everything:
            return None
        reader, nodes = self._store.reader(EVERYTHING, purpose), set[int]()
        areas = {area for one in found if one.thing is None for area in one.areas}
        for one in found:
            if one.thing is not None:
                nodes.update(reader.lookup(one.thing.kind, [one.thing.key]).tolist())
        return Scope(tuple(sorted({*principal.scope.areas, *areas})), frozenset(nodes - {-1}))
