"""Operations: cases.

Written by ``make docs``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from graphrisk.client.calls import Call, Model, Paged, maybe, one
from graphrisk.client.operations.common import Page, Words
from graphrisk.client.operations.inputs import CaseOrderInput, OpenCaseInput, VerdictPartInput
from graphrisk.client.operations.kinds import CaseState, DeadlineState, VerdictOutcome
from graphrisk.client.operations.measures import CaseMeasure


class CaseBrief(Model):
    """Numbered work on findings or on a matter."""

    id: str
    number: str
    title: str
    area: str
    unit: str
    unit_label: Words
    matter: str | None
    state: CaseState
    holder: str | None
    held_until: datetime | None
    opened_by: str
    opened_at: datetime | None
    closed_at: datetime | None
    merged_into: str | None
    version: int
    verdict: VerdictOutcome | None


class CaseFindingsMembers(Model):
    """A member of a finding as the case knows it."""

    kind: str
    key: str
    role: str


class CaseFindings(Model):
    """A finding in a case, as the case last heard of it."""

    finding_id: str
    case_id: str
    kind: str
    score: float
    members: list[CaseFindingsMembers]
    attached_at: datetime | None
    attached_by: str


class CaseFiles(Model):
    """A file of a case, read at `/v1/cases/ID/files/SHA256`."""

    sha256: str
    name: str
    media_type: str
    size: int
    added_by: str
    added_at: datetime | None


class CaseDeadlines(Model):
    """A deadline of a case."""

    name: str
    label: Words
    state: DeadlineState
    due_at: datetime | None
    is_provisional: bool
    level: int


class CaseEscalations(Model):
    """A level that was told of a missed deadline."""

    deadline: str
    level: int
    area: str
    unit: str
    due_at: datetime | None
    at: datetime | None


class CaseMerged(Model):
    """Numbered work on findings or on a matter."""

    id: str
    number: str


class Case(CaseBrief):
    """Numbered work on findings or on a matter."""

    findings: list[CaseFindings] | None
    files: list[CaseFiles] | None
    deadlines: list[CaseDeadlines] | None
    escalations: list[CaseEscalations] | None
    measures: list[CaseMeasure] | None
    merged: list[CaseMerged] | None


class CaseStep(Model):
    """A step on a case or on one of its measures."""

    id: str
    action: str
    label: Words
    before: str
    after: str
    author: str
    reason: str
    at: datetime | None


class CasesEdges(Model):
    """A case in a page of cases."""

    cursor: str
    node: CaseBrief


class Cases(Model):
    """A page of cases, newest first."""

    total: int
    edges: list[CasesEdges]
    page_info: Page


class MyDeskEdges(Model):
    """A case in a page of cases."""

    cursor: str
    node: CaseBrief


class MyDesk(Model):
    """A page of cases, newest first."""

    total: int
    edges: list[MyDeskEdges]
    page_info: Page


class TimelineTimelineEdges(Model):
    """A step in a page of a timeline."""

    cursor: str
    node: CaseStep


class TimelineTimeline(Model):
    """A page of a timeline, oldest first:.

    later ones come behind.
    """

    edges: list[TimelineTimelineEdges]
    page_info: Page


class Timeline(Model):
    """Numbered work on findings or on a matter."""

    timeline: TimelineTimeline | None


def case(*, id: str) -> Call[Case | None]:
    """A case by id, within the caller's areas."""
    return Call("Case", "case", {"id": id}, maybe(one(Case)))


def cases(
    *,
    first: int = 20,
    after: str | None = None,
    state: CaseState | None = None,
    area: str | None = None,
    unit: str | None = None,
    holder: str | None = None,
    due_before: datetime | None = None,
) -> Paged[Cases | None, CaseBrief]:
    """Cases within the caller's areas, newest first; by state, area (a prefix of its code),
    unit, holder, and by a deadline that falls due before a moment.
    """
    return Paged(
        "Cases",
        "cases",
        {
            "first": first,
            "after": after,
            "state": state,
            "area": area,
            "unit": unit,
            "holder": holder,
            "dueBefore": due_before,
        },
        maybe(one(Cases)),
        lambda found: found,
    )


def my_desk(*, first: int = 20, after: str | None = None) -> Paged[MyDesk | None, CaseBrief]:
    """Cases that the caller holds, newest first."""
    return Paged(
        "MyDesk",
        "myDesk",
        {"first": first, "after": after},
        maybe(one(MyDesk)),
        lambda found: found,
    )


def timeline(
    *, id: str, first: int = 20, after: str | None = None
) -> Paged[Timeline | None, CaseStep]:
    """What was done, oldest first."""
    return Paged(
        "Timeline",
        "case",
        {"id": id, "first": first, "after": after},
        maybe(one(Timeline)),
        lambda found: None if found is None else found.timeline,
    )


def open_case(*, input: OpenCaseInput) -> Call[Case]:
    """Open a case; the same id with the same words changes nothing."""
    return Call("OpenCase", "openCase", {"input": input}, one(Case))


def take_case(*, input: CaseOrderInput) -> Call[Case]:
    """Take a case that nobody holds; the lock holds eight hours."""
    return Call("TakeCase", "takeCase", {"input": input}, one(Case))


def renew_case(*, input: CaseOrderInput) -> Call[Case]:
    """Hold a case for another eight hours."""
    return Call("RenewCase", "renewCase", {"input": input}, one(Case))


def release_case(*, input: CaseOrderInput) -> Call[Case]:
    """Give a case back, with a reason."""
    return Call("ReleaseCase", "releaseCase", {"input": input}, one(Case))


def add_note(*, input: CaseOrderInput) -> Call[Case]:
    """Add what the caller has to say:.

    the reason of the order.
    """
    return Call("AddNote", "addNote", {"input": input}, one(Case))


def assign_case(*, input: CaseOrderInput, unit: str) -> Call[Case]:
    """Make another unit responsible for a case."""
    return Call("AssignCase", "assignCase", {"input": input, "unit": unit}, one(Case))


def attach_findings(*, input: CaseOrderInput, finding_ids: Sequence[str]) -> Call[Case]:
    """Put findings into a case; each is in one case at a time."""
    return Call(
        "AttachFindings", "attachFindings", {"input": input, "findingIds": finding_ids}, one(Case)
    )


def detach_finding(*, input: CaseOrderInput, finding_id: str) -> Call[Case]:
    """Take a finding out of a case, with a reason."""
    return Call(
        "DetachFinding", "detachFinding", {"input": input, "findingId": finding_id}, one(Case)
    )


def merge_cases(*, input: CaseOrderInput, into: str) -> Call[Case]:
    """Merge a case into another one, which is the answer."""
    return Call("MergeCases", "mergeCases", {"input": input, "into": into}, one(Case))


def unmerge_cases(*, input: CaseOrderInput) -> Call[Case]:
    """Undo a merge:.

    the case has its findings and deadlines again.
    """
    return Call("UnmergeCases", "unmergeCases", {"input": input}, one(Case))


def split_case(*, input: CaseOrderInput, new: OpenCaseInput) -> Call[Case]:
    """Move findings of a case to a new one, which is the answer."""
    return Call("SplitCase", "splitCase", {"input": input, "new": new}, one(Case))


def close_case(
    *,
    input: CaseOrderInput,
    verdict: VerdictOutcome,
    parts: Sequence[VerdictPartInput] | None = None,
) -> Call[Case]:
    """Close a case with a verdict; it comes into the graph as labels."""
    return Call(
        "CloseCase", "closeCase", {"input": input, "verdict": verdict, "parts": parts}, one(Case)
    )


def reopen_case(*, input: CaseOrderInput) -> Call[Case]:
    """Work on a closed case again; its verdict no longer counts."""
    return Call("ReopenCase", "reopenCase", {"input": input}, one(Case))
