"""What one viewer does with cases: asked of access first, recorded, and masked for him.

A case outside his areas is not there for him. Who acts is the viewer; every read and decision is
recorded in his name before he sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from graphrisk.access.model import EVERYTHING, AuditPort
from graphrisk.access.rights import may, require, scope_for
from graphrisk.analysis.entities import Viewer
from graphrisk.analysis.inquiry import Inquiry
from graphrisk.centre.cases.model import Attachment, Case, CaseFilter, CasePage, FoundRing, NewCase
from graphrisk.centre.cases.rules import case_machine
from graphrisk.centre.cases.service import Cases
from graphrisk.centre.deadlines.model import Deadline, Escalation
from graphrisk.centre.deadlines.service import Deadlines
from graphrisk.centre.measures.model import Measure, Proposal
from graphrisk.centre.measures.service import Measures
from graphrisk.centre.openings.service import Openings
from graphrisk.centre.rings.model import kept_rings
from graphrisk.centre.timeline.model import Entry, Order
from graphrisk.centre.units import Unit, Units
from graphrisk.centre.verdicts.model import Outcome, Ruling
from graphrisk.centre.verdicts.service import Verdicts
from graphrisk.core.calendar import Calendar
from graphrisk.core.clock import Clock
from graphrisk.core.errors import BadInput, NotFound
from graphrisk.store.contract import Store
from graphrisk.store.operations.database import Database
from graphrisk_schema.model import Sensitivity

MOST_FINDINGS = 50


@dataclass(frozen=True, slots=True)
class Centre:
    """The services of the centre on one deployment."""

    cases: Cases
    measures: Measures
    verdicts: Verdicts
    openings: Openings


def centre_of(
    store: Store, database: Database, clock: Clock, calendar: Calendar, units: Units
) -> Centre:
    """The centre of a deployment."""
    cases = Cases(database, clock, calendar, units)
    deadlines = Deadlines(calendar, units)
    return Centre(
        cases=cases,
        measures=Measures(database, clock, deadlines),
        verdicts=Verdicts(store, database, cases, clock),
        openings=Openings(database, clock, deadlines, units),
    )


class CaseDesk:
    """Cases as one viewer sees and changes them.

    Every method that changes something raises ``Forbidden`` where the viewer has no right to it
    in the case's area, ``NotFound`` for a case outside his areas, and what the services raise.
    """

    def __init__(
        self, centre: Centre, store: Store, inquiry: Inquiry, viewer: Viewer, audit: AuditPort
    ) -> None:
        self._centre = centre
        self._store = store
        self._inquiry = inquiry
        self._viewer = viewer
        self._audit = audit

    @property
    def name(self) -> str:
        """Who acts."""
        return self._viewer.principal.name

    def unit(self, name: str) -> Unit:
        """A unit by name, for its words."""
        return self._centre.cases.units.named(name)

    def case(self, case_id: str) -> Case:
        """A case within the viewer's areas."""
        found = self._visible(case_id)
        self._told("case", 1, case_id)
        return self._seen(found)

    def page(self, asked: CaseFilter, before: int | None, limit: int) -> CasePage:
        """Cases within the viewer's areas, newest first."""
        principal = self._viewer.principal
        require(principal, "case.read")
        page = self._centre.cases.page(
            replace(asked, areas=scope_for(principal, "case.read").areas), before, limit
        )
        self._told("cases", len(page.items))
        return replace(page, items=tuple(map(self._seen, page.items)))

    def findings(self, case_id: str) -> list[Attachment]:
        """Findings of a case, members' keys as the viewer sees them; no key of one outside."""
        self._visible(case_id)
        found = self._centre.cases.findings(case_id)
        self._viewer.demand_case(m.kind for one in found for m in one.members)
        self._told("case_findings", sum(len(one.members) for one in found), case_id)
        hidden = self._outside({(m.kind, m.key) for one in found for m in one.members})
        return [
            replace(
                one,
                members=tuple(
                    replace(m, key="" if (m.kind, m.key) in hidden else self._text(m.key))
                    for m in one.members
                ),
            )
            for one in found
        ]

    def timeline(self, case_id: str, after: int, limit: int) -> list[Entry]:
        """Steps of a case, reasons as the viewer sees them."""
        self._visible(case_id)
        found = self._centre.cases.timeline(case_id, after, limit)
        self._told("case_timeline", len(found), case_id)
        return [replace(one, reason=self._text(one.reason)) for one in found]

    def deadlines(self, case_id: str) -> tuple[list[Deadline], list[Escalation]]:
        """Deadlines of a case, and which levels were told."""
        self._visible(case_id)
        return self._centre.cases.deadlines(case_id)

    def merged(self, case_id: str) -> list[Case]:
        """Cases that were merged into a case and lie within the viewer's areas."""
        self._visible(case_id)
        found = self._centre.cases.merged(case_id)
        return [self._seen(one) for one in found if self._may_read(one)]

    def measures(self, case_id: str) -> list[Measure]:
        """Measures of a case."""
        self._visible(case_id)
        found = self._centre.measures.of_cases([case_id])[case_id]
        self._told("measures", len(found), case_id)
        return [self._shown(one) for one in found]

    def verdict(self, case_id: str) -> Outcome | None:
        """The verdict that stands on a case."""
        self._visible(case_id)
        return self._centre.verdicts.outcomes([case_id]).get(case_id)

    def open(self, new: NewCase, finding_ids: Sequence[str]) -> Case:
        """Open a case in an area of the viewer's, on findings that he sees or a matter."""
        require(self._viewer.principal, "case.open", new.area)
        opened = replace(new, findings=self._rings(finding_ids))
        return self._decided(
            "case.open", new.case_id, lambda: self._centre.cases.open(opened, self.name)
        )

    def act(self, action: str, order: Order) -> Case:
        """Take, renew, release, note, unmerge or reopen: what takes an order alone."""
        done: dict[str, Callable[[Order], Case]] = {
            "take": self._centre.cases.take,
            "renew": self._centre.cases.renew,
            "release": self._centre.cases.release,
            "note": self._centre.cases.note,
            "unmerge": self._centre.cases.unmerge,
            "reopen": self._centre.verdicts.reopen,
        }
        self._may(action, order.subject)
        return self._decided(f"case.{action}", order.subject, lambda: done[action](order))

    def assign(self, order: Order, unit: str) -> Case:
        """Make another unit responsible."""
        self._may("assign", order.subject)
        return self._decided(
            "case.assign", order.subject, lambda: self._centre.cases.assign(order, unit)
        )

    def attach(self, order: Order, finding_ids: Sequence[str]) -> Case:
        """Put findings that the viewer sees into a case."""
        self._may("attach", order.subject)
        rings = self._rings(finding_ids)
        return self._decided(
            "case.attach", order.subject, lambda: self._centre.cases.attach(order, rings)
        )

    def detach(self, order: Order, finding_id: str) -> Case:
        """Take a finding out of a case."""
        self._may("detach", order.subject)
        return self._decided(
            "case.detach", order.subject, lambda: self._centre.cases.detach(order, finding_id)
        )

    def split(self, order: Order, new: NewCase, finding_ids: Sequence[str]) -> Case:
        """Move findings to a new case; that one."""
        self._may("split", order.subject)
        require(self._viewer.principal, "case.open", new.area)
        return self._decided(
            "case.split",
            order.subject,
            lambda: self._centre.cases.split(order, new, finding_ids)[1],
        )

    def merge(self, order: Order, into: str) -> Case:
        """Merge a case into another one, both within the viewer's areas; the other one."""
        self._may("merge", order.subject)
        self._may("absorb", into)
        return self._decided(
            "case.merge", order.subject, lambda: self._centre.cases.merge(order, into)
        )

    def close(self, order: Order, ruling: Ruling) -> Case:
        """Close a case with a verdict."""
        self._may("close", order.subject)
        return self._decided(
            "case.close", order.subject, lambda: self._centre.verdicts.close(order, ruling)
        )

    def propose(self, proposal: Proposal, why: str) -> Measure:
        """Propose a severe measure in a case that the viewer holds."""
        case = self._visible(proposal.case_id)
        require(self._viewer.principal, "measure.propose", case.area)
        self._told("measure.propose", 1, proposal.case_id)
        return self._shown(self._centre.measures.propose(proposal, self.name, why))

    def decide(self, action: str, order: Order) -> Measure:
        """Approve, refuse, withdraw or carry out a measure in a case of the viewer's areas."""
        measures = self._centre.measures
        done: dict[str, Callable[[Order], Measure]] = {
            "approve": measures.approve,
            "refuse": measures.refuse,
            "withdraw": measures.withdraw,
            "carry_out": measures.carry_out,
        }
        case = self._visible(measures.get(order.subject).case_id)
        right = next(row.right for row in measures.machine.transitions if row.action == action)
        require(self._viewer.principal, right, case.area)
        self._told(f"measure.{action}", 1, order.subject)
        return self._shown(done[action](order))

    def _may(self, action: str, case_id: str) -> None:
        case = self._visible(case_id)
        right = next(row.right for row in case_machine().transitions if row.action == action)
        require(self._viewer.principal, right, case.area)

    def _visible(self, case_id: str) -> Case:
        found = self._centre.cases.get(case_id)
        if not self._may_read(found):
            raise NotFound("no such case")
        return found

    def _may_read(self, case: Case) -> bool:
        return may(self._viewer.principal, "case.read", case.area)

    def _outside(self, members: set[tuple[str, str]]) -> set[tuple[str, str]]:
        """Members that lie outside the viewer's areas, or of which the graph does not know."""
        scope, purpose = self._viewer.sight, self._viewer.purpose
        if scope.is_everything:
            return set()
        every, own = self._store.reader(EVERYTHING, purpose), self._store.reader(scope, purpose)
        hidden: set[tuple[str, str]] = set()
        for kind in sorted({kind for kind, _ in members}):
            keys = sorted(key for one, key in members if one == kind)
            nids = every.lookup(kind, keys)
            outside = own.outside(nids[nids >= 0])
            found = zip(keys, nids.tolist(), strict=True)
            hidden |= {(kind, key) for key, nid in found if nid < 0 or nid in outside}
        return hidden

    def _rings(self, finding_ids: Sequence[str]) -> list[FoundRing]:
        if len(finding_ids) > MOST_FINDINGS or len(set(finding_ids)) < len(finding_ids):
            raise BadInput(f"name at most {MOST_FINDINGS} findings, each once")
        found = [self._inquiry.finding(one) for one in finding_ids]
        return kept_rings(self._store, found)

    def _decided(self, action: str, case_id: str, decide: Callable[[], Case]) -> Case:
        self._told(action, 1, case_id)
        return self._seen(decide())

    def _seen(self, case: Case) -> Case:
        return replace(case, title=self._text(case.title))

    def _shown(self, measure: Measure) -> Measure:
        return replace(measure, target=self._text(measure.target))

    def _text(self, text: str) -> str:
        return self._viewer.see_text(Sensitivity.PERSONAL, text)

    def _told(self, action: str, count: int, what: str = "") -> None:
        self._audit.record(self._viewer.principal, action, self._viewer.purpose, count, what)
