"""Cases, their findings, timeline, deadlines and measures."""

from __future__ import annotations

from collections.abc import Mapping

import strawberry

from graphrisk.api.context import Asked
from graphrisk.api.inputs import page_size
from graphrisk.api.types.pages import PageInfo, page_info
from graphrisk.api.types.scalars import DateTime, Long, time_of
from graphrisk.api.types.vocabulary import Words
from graphrisk.centre.cases import model
from graphrisk.centre.cases.rules import case_machine
from graphrisk.centre.deadlines.model import State
from graphrisk.centre.deadlines.rules import shipped_terms
from graphrisk.centre.measures.model import Measure, MeasureState, measure_kinds
from graphrisk.centre.timeline.model import Entry
from graphrisk.centre.verdicts.model import Outcome
from graphrisk.core.machine_table import shipped_machine

strawberry.enum(model.CaseState, description="Where a case stands.")
strawberry.enum(State, name="DeadlineState", description="What a deadline is doing.")
strawberry.enum(MeasureState, description="Where a measure stands.")
strawberry.enum(Outcome, name="VerdictOutcome", description="What a case says of its findings.")


@strawberry.type(description="A member of a finding as the case knows it.")
class CaseMember:
    """By key, which outlives a graph."""

    kind: str
    key: str = strawberry.field(description="Masked unless a case is named (X-Case).")
    role: str


@strawberry.type(description="A finding in a case, as the case last heard of it.")
class CaseFinding:
    """Kept with the case, whatever detection finds later."""

    finding_id: strawberry.ID
    case_id: strawberry.ID = strawberry.field(description="The case that it was attached to.")
    kind: str
    score: float
    members: list[CaseMember]
    attached_at: DateTime | None
    attached_by: str


@strawberry.type(description="A file of a case, read at `/v1/cases/ID/files/SHA256`.")
class CaseFile:
    """By what it holds."""

    sha256: str
    name: str
    media_type: str = strawberry.field(description="As its first bytes say.")
    size: Long = strawberry.field(description="Bytes.")
    added_by: str
    added_at: DateTime | None


@strawberry.type(description="A step on a case or on one of its measures.")
class CaseStep:
    """Who did what, why and when."""

    id: strawberry.ID
    action: str
    label: Words
    before: str
    after: str
    author: str
    reason: str = strawberry.field(description="Masked unless a case is named (X-Case).")
    at: DateTime | None


@strawberry.type(description="A step in a page of a timeline.")
class CaseStepEdge:
    """A row of a page of steps."""

    cursor: str
    node: CaseStep


@strawberry.type(description="A page of a timeline, oldest first: later ones come behind.")
class CaseStepConnection:
    """Read on behind the last cursor to learn what came since."""

    edges: list[CaseStepEdge]
    page_info: PageInfo


@strawberry.type(description="A deadline of a case.")
class CaseDeadline:
    """``level`` says how many levels were told that it was missed."""

    name: str
    label: Words
    state: State
    due_at: DateTime | None
    is_provisional: bool = strawberry.field(
        description="It crosses a year whose holidays are not announced yet."
    )
    level: int


@strawberry.type(description="A level that was told of a missed deadline.")
class CaseEscalation:
    """At most one a level."""

    deadline: str
    level: int
    area: str
    unit: str
    due_at: DateTime | None
    at: DateTime | None


@strawberry.type(description="A severe measure: proposed by one person, decided by another.")
class CaseMeasure:
    """What is to be done, and who decided it."""

    id: strawberry.ID
    kind: str
    label: Words
    target: str = strawberry.field(description="Masked unless a case is named (X-Case).")
    basis: str = strawberry.field(description="The law that it rests on.")
    state: MeasureState
    proposer: str
    proposed_at: DateTime | None
    decider: str | None
    decided_at: DateTime | None


@strawberry.type(description="Numbered work on findings or on a matter.")
class Case:
    """A case within the caller's areas."""

    id: strawberry.ID
    number: str
    title: str = strawberry.field(description="Masked unless a case is named (X-Case).")
    area: str
    unit: str = strawberry.field(description="Who is responsible.")
    unit_label: Words
    matter: str | None
    state: model.CaseState
    holder: str | None = strawberry.field(description="Who works on it, while the lock holds.")
    held_until: DateTime | None
    opened_by: str
    opened_at: DateTime | None
    closed_at: DateTime | None
    merged_into: strawberry.ID | None
    version: Long

    @strawberry.field(description="Findings of the case and of all that were merged into it.")
    async def findings(self, info: Asked) -> list[CaseFinding] | None:
        """Findings, in the order they were attached."""
        context = info.context
        found = await context.ask(context.cases.findings, self.id)
        return [
            CaseFinding(
                finding_id=strawberry.ID(one.finding_id),
                case_id=strawberry.ID(one.case_id),
                kind=one.kind,
                score=one.score,
                members=[CaseMember(kind=m.kind, key=m.key, role=m.role) for m in one.members],
                attached_at=time_of(one.attached_at),
                attached_by=one.attached_by,
            )
            for one in found
        ]

    @strawberry.field(description="Files, in the order they were added.")
    async def files(self, info: Asked) -> list[CaseFile] | None:
        """Files of this case."""
        context = info.context
        return [
            CaseFile(
                sha256=one.sha256,
                name=one.name,
                media_type=one.media_type,
                size=Long(one.size),
                added_by=one.added_by,
                added_at=time_of(one.added_at),
            )
            for one in await context.ask(context.files.of_case, self.id)
        ]

    @strawberry.field(description="What was done, oldest first.")
    async def timeline(
        self, info: Asked, first: int = 20, after: str | None = None
    ) -> CaseStepConnection | None:
        """A keyset page of steps."""
        context, limit = info.context, page_size(first)
        place = max(0, context.ids.read_cursor("steps", after))
        found = await context.ask(context.cases.timeline, self.id, place, limit + 1)
        rows = [
            CaseStepEdge(cursor=context.ids.cursor("steps", one.number), node=_step(one))
            for one in found[:limit]
        ]
        info_of = page_info([row.cursor for row in rows], len(found) > limit, after)
        return CaseStepConnection(edges=rows, page_info=info_of)

    @strawberry.field(description="Deadlines, those that ended among them.")
    async def deadlines(self, info: Asked) -> list[CaseDeadline] | None:
        """Deadlines, in the order they began."""
        context = info.context
        found, _ = await context.ask(context.cases.deadlines, self.id)
        terms = shipped_terms()
        return [
            CaseDeadline(
                name=one.name,
                label=Words(zh=terms[one.name].zh, en=terms[one.name].en),
                state=one.state,
                due_at=time_of(one.due_at),
                is_provisional=one.is_provisional,
                level=one.level,
            )
            for one in found
        ]

    @strawberry.field(description="Which levels were told of missed deadlines.")
    async def escalations(self, info: Asked) -> list[CaseEscalation] | None:
        """Escalations, in the order they were told."""
        context = info.context
        _, told = await context.ask(context.cases.deadlines, self.id)
        return [
            CaseEscalation(
                deadline=one.name,
                level=one.level,
                area=one.area,
                unit=one.unit,
                due_at=time_of(one.due_at),
                at=time_of(one.at),
            )
            for one in told
        ]

    @strawberry.field(description="Severe measures, in the order they were proposed.")
    async def measures(self, info: Asked) -> list[CaseMeasure] | None:
        """Measures of the case."""
        context = info.context
        return [measure_of(one) for one in await context.ask(context.cases.measures, self.id)]

    @strawberry.field(description="Cases that were merged into this one.")
    async def merged(self, info: Asked) -> list[Case] | None:
        """Merged cases."""
        context = info.context
        found = await context.ask(context.cases.merged, self.id)
        return [case_of(info, one) for one in found]

    @strawberry.field(description="The verdict that stands; null while there is none.")
    async def verdict(self, info: Asked) -> Outcome | None:
        """The standing verdict."""
        context = info.context
        return await context.ask(context.cases.verdict, self.id)


@strawberry.type(description="A case in a page of cases.")
class CaseEdge:
    """A row of a page of cases."""

    cursor: str
    node: Case


@strawberry.type(description="A page of cases, newest first.")
class CaseConnection:
    """``total`` counts all that match, within the caller's areas."""

    edges: list[CaseEdge]
    page_info: PageInfo
    total: Long


def case_of(info: Asked, one: model.Case) -> Case:
    """A case as GraphQL says it."""
    unit = info.context.cases.unit(one.unit)
    return Case(
        id=strawberry.ID(one.case_id),
        number=one.number,
        title=one.title,
        area=one.area,
        unit=one.unit,
        unit_label=Words(zh=unit.zh, en=unit.en),
        matter=one.matter,
        state=one.state,
        holder=one.holder,
        held_until=time_of(one.held_until),
        opened_by=one.opened_by,
        opened_at=time_of(one.opened_at),
        closed_at=time_of(one.closed_at),
        merged_into=None if one.merged_into is None else strawberry.ID(one.merged_into),
        version=Long(one.version),
    )


def cases_page(info: Asked, page: model.CasePage, after: str | None) -> CaseConnection:
    """A page of cases as GraphQL says it."""
    ids = info.context.ids
    rows = [
        CaseEdge(cursor=ids.cursor("cases", one.ordinal), node=case_of(info, one))
        for one in page.items
    ]
    return CaseConnection(
        edges=rows,
        page_info=page_info([row.cursor for row in rows], page.has_next, after),
        total=Long(page.total),
    )


def measure_of(one: Measure) -> CaseMeasure:
    """A measure as GraphQL says it."""
    words = measure_kinds()[one.kind]
    return CaseMeasure(
        id=strawberry.ID(one.measure_id),
        kind=one.kind,
        label=Words(zh=words["zh"], en=words["en"]),
        target=one.target,
        basis=one.basis,
        state=one.state,
        proposer=one.proposer,
        proposed_at=time_of(one.proposed_at),
        decider=one.decider,
        decided_at=time_of(one.decided_at),
    )


def _step(one: Entry) -> CaseStep:
    words = _words_of(one)
    return CaseStep(
        id=strawberry.ID(one.step_id),
        action=one.action,
        label=Words(zh=words["zh"], en=words["en"]),
        before=one.before,
        after=one.after,
        author=one.author,
        reason=one.reason,
        at=time_of(one.at),
    )


def _words_of(one: Entry) -> Mapping[str, str]:
    """In the words of the table that the step belongs to: of the case, a measure or an opening."""
    if "measure" in one.detail:
        return shipped_machine("graphrisk.centre.measures", "measure").words[one.action]
    if "opening" in one.detail:
        table = str(one.detail["machine"])
        return shipped_machine("graphrisk.centre.openings", table).words[one.action]
    return case_machine().words[one.action]
