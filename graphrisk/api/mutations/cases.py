"""Mutations of cases and of their measures."""

from __future__ import annotations

import strawberry

from graphrisk.api.context import Asked
from graphrisk.api.inputs import bounded, text_of
from graphrisk.api.types.cases import Case, CaseMeasure, case_of, measure_of
from graphrisk.centre.cases.model import NewCase
from graphrisk.centre.cases.rules import LONGEST_TEXT, LONGEST_TITLE
from graphrisk.centre.measures.model import Proposal
from graphrisk.centre.timeline.model import Order
from graphrisk.centre.verdicts.model import Outcome, Part, Ruling

_STEP = "A UUID that the client makes: the same order once more then changes nothing."


@strawberry.input(description="A new case; it begins with findings or with a matter.")
class OpenCaseInput:
    """Who opens it is the caller."""

    id: strawberry.ID = strawberry.field(description="A UUID that the client makes.")
    title: str
    area: str = strawberry.field(description="Code of the area that it belongs to.")
    finding_ids: list[strawberry.ID] = strawberry.field(default_factory=list)
    matter: str | None = None


@strawberry.input(description="What the caller orders for a case.")
class CaseOrderInput:
    """Who orders is the caller."""

    case_id: strawberry.ID
    reason: str = ""
    step_id: strawberry.ID | None = strawberry.field(default=None, description=_STEP)


@strawberry.input(description="What a verdict says of a finding, a role, or a role in a finding.")
class VerdictPartInput:
    """The narrowest part counts."""

    outcome: Outcome
    finding_id: strawberry.ID | None = None
    role: str | None = None


@strawberry.input(description="A severe measure that the caller proposes in a case he holds.")
class ProposeMeasureInput:
    """Another person decides it."""

    id: strawberry.ID = strawberry.field(description="A UUID that the client makes.")
    case_id: strawberry.ID
    kind: str
    target: str = strawberry.field(description="Whom or what it strikes.")
    reason: str


@strawberry.input(description="What the caller orders for a measure.")
class MeasureOrderInput:
    """Who orders is the caller."""

    measure_id: strawberry.ID
    reason: str = ""
    step_id: strawberry.ID | None = strawberry.field(default=None, description=_STEP)


@strawberry.type
class CaseMutations:
    """Decisions on cases, each by the caller and recorded."""

    @strawberry.field(description="Open a case; the same id with the same words changes nothing.")
    async def open_case(self, info: Asked, input: OpenCaseInput) -> Case:
        """A new case."""
        new = _new(input)
        names = bounded(input.finding_ids, "findingIds")
        context = info.context
        return case_of(info, await context.ask(context.cases.open, new, names))

    @strawberry.field(description="Take a case that nobody holds; the lock holds eight hours.")
    async def take_case(self, info: Asked, input: CaseOrderInput) -> Case:
        """Work on a case."""
        return await _act(info, "take", input)

    @strawberry.field(description="Hold a case for another eight hours.")
    async def renew_case(self, info: Asked, input: CaseOrderInput) -> Case:
        """Go on with a case."""
        return await _act(info, "renew", input)

    @strawberry.field(description="Give a case back, with a reason.")
    async def release_case(self, info: Asked, input: CaseOrderInput) -> Case:
        """Give a case back."""
        return await _act(info, "release", input)

    @strawberry.field(description="Add what the caller has to say: the reason of the order.")
    async def add_note(self, info: Asked, input: CaseOrderInput) -> Case:
        """A note."""
        return await _act(info, "note", input)

    @strawberry.field(description="Make another unit responsible for a case.")
    async def assign_case(self, info: Asked, input: CaseOrderInput, unit: str) -> Case:
        """Another unit."""
        context = info.context
        name = text_of(unit, "unit")
        return case_of(info, await context.ask(context.cases.assign, _order(info, input), name))

    @strawberry.field(description="Put findings into a case; each is in one case at a time.")
    async def attach_findings(
        self, info: Asked, input: CaseOrderInput, finding_ids: list[strawberry.ID]
    ) -> Case:
        """More findings."""
        context = info.context
        names = bounded(finding_ids, "findingIds")
        return case_of(info, await context.ask(context.cases.attach, _order(info, input), names))

    @strawberry.field(description="Take a finding out of a case, with a reason.")
    async def detach_finding(
        self, info: Asked, input: CaseOrderInput, finding_id: strawberry.ID
    ) -> Case:
        """One finding less."""
        context, name = info.context, text_of(finding_id, "findingId")
        return case_of(info, await context.ask(context.cases.detach, _order(info, input), name))

    @strawberry.field(description="Merge a case into another one, which is the answer.")
    async def merge_cases(self, info: Asked, input: CaseOrderInput, into: strawberry.ID) -> Case:
        """Two cases become one."""
        context, name = info.context, text_of(into, "into")
        return case_of(info, await context.ask(context.cases.merge, _order(info, input), name))

    @strawberry.field(description="Undo a merge: the case has its findings and deadlines again.")
    async def unmerge_cases(self, info: Asked, input: CaseOrderInput) -> Case:
        """One case becomes two."""
        return await _act(info, "unmerge", input)

    @strawberry.field(description="Move findings of a case to a new one, which is the answer.")
    async def split_case(self, info: Asked, input: CaseOrderInput, new: OpenCaseInput) -> Case:
        """A case of its own for some findings."""
        context, names = info.context, bounded(new.finding_ids, "findingIds")
        order = _order(info, input)
        return case_of(info, await context.ask(context.cases.split, order, _new(new), names))

    @strawberry.field(description="Close a case with a verdict; it comes into the graph as labels.")
    async def close_case(
        self,
        info: Asked,
        input: CaseOrderInput,
        verdict: Outcome,
        parts: list[VerdictPartInput] | None = None,
    ) -> Case:
        """The end of a case."""
        context = info.context
        said = [
            Part(
                outcome=part.outcome,
                finding_id=None if part.finding_id is None else str(part.finding_id),
                role=part.role,
            )
            for part in parts or []
        ]
        order, ruling = _order(info, input), Ruling(verdict, said)
        return case_of(info, await context.ask(context.cases.close, order, ruling))

    @strawberry.field(description="Work on a closed case again; its verdict no longer counts.")
    async def reopen_case(self, info: Asked, input: CaseOrderInput) -> Case:
        """A case begins anew."""
        return await _act(info, "reopen", input)

    @strawberry.field(description="Propose a severe measure; another person decides it.")
    async def propose_measure(self, info: Asked, input: ProposeMeasureInput) -> CaseMeasure:
        """A proposal."""
        proposal = Proposal(
            measure_id=text_of(input.id, "id"),
            case_id=text_of(input.case_id, "caseId"),
            kind=text_of(input.kind, "kind"),
            target=text_of(input.target, "target"),
        )
        why = text_of(input.reason, "reason", LONGEST_TEXT)
        context = info.context
        return measure_of(await context.ask(context.cases.propose, proposal, why))

    @strawberry.field(description="Approve a measure that another person proposed.")
    async def approve_measure(self, info: Asked, input: MeasureOrderInput) -> CaseMeasure:
        """Yes."""
        return await _decide(info, "approve", input)

    @strawberry.field(description="Refuse a measure that another person proposed, with a reason.")
    async def refuse_measure(self, info: Asked, input: MeasureOrderInput) -> CaseMeasure:
        """No."""
        return await _decide(info, "refuse", input)

    @strawberry.field(description="Give up a measure before it is carried out, with a reason.")
    async def withdraw_measure(self, info: Asked, input: MeasureOrderInput) -> CaseMeasure:
        """No longer."""
        return await _decide(info, "withdraw", input)

    @strawberry.field(description="Note that an approved measure was carried out, and by what.")
    async def carry_out_measure(self, info: Asked, input: MeasureOrderInput) -> CaseMeasure:
        """Done."""
        return await _decide(info, "carry_out", input)


def _new(said: OpenCaseInput) -> NewCase:
    return NewCase(
        case_id=text_of(said.id, "id"),
        title=text_of(said.title, "title", LONGEST_TITLE),
        area=text_of(said.area, "area"),
        matter=None if said.matter is None else text_of(said.matter, "matter"),
    )


def _order(info: Asked, said: CaseOrderInput) -> Order:
    return Order(
        subject=text_of(said.case_id, "caseId"),
        author=info.context.cases.name,
        reason=text_of(said.reason, "reason", LONGEST_TEXT),
        step_id=None if said.step_id is None else text_of(said.step_id, "stepId"),
    )


async def _act(info: Asked, action: str, said: CaseOrderInput) -> Case:
    context = info.context
    return case_of(info, await context.ask(context.cases.act, action, _order(info, said)))


async def _decide(info: Asked, action: str, said: MeasureOrderInput) -> CaseMeasure:
    order = Order(
        subject=text_of(said.measure_id, "measureId"),
        author=info.context.cases.name,
        reason=text_of(said.reason, "reason", LONGEST_TEXT),
        step_id=None if said.step_id is None else text_of(said.step_id, "stepId"),
    )
    context = info.context
    return measure_of(await context.ask(context.cases.decide, action, order))
