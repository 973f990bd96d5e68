"""Operations: findings.

Written by ``make docs``.
"""

from __future__ import annotations

from graphrisk.client.calls import Call, Model, Paged, Stream, maybe, one
from graphrisk.client.operations.common import Page, Reason, Run, Words
from graphrisk.client.operations.entities import Fact, ScoredEntity
from graphrisk.client.operations.kinds import NodeKind


class FindingBrief(Model):
    """A suspected ring, with reasons, roles and evidence."""

    id: str
    kind: str
    label: Words
    score: float
    reasons: list[Reason]
    run: Run | None
    first_run: str
    redacted: bool


class Member(Model):
    """An entity's part in a finding."""

    id: str
    kind: NodeKind
    role: str
    role_label: Words
    entity: ScoredEntity | None


class FindingsEdges(Model):
    """A finding in a page of findings."""

    cursor: str
    node: FindingBrief


class Findings(Model):
    """A page of the latest run's findings, strongest first."""

    total: int
    edges: list[FindingsEdges]
    page_info: Page


class FindingLineage(Model):
    """What became of a finding from the run before to the latest."""

    event: str
    other_id: str | None
    overlap: float


class FindingCommunity(Model):
    """The community that holds most members of a finding."""

    id: str
    size: int
    members: int
    stability: float
    surprise: float
    is_reliable: bool
    sentence: Words


class Finding(FindingBrief):
    """A suspected ring, with reasons, roles and evidence."""

    doubts: list[Words]
    lineage: FindingLineage | None
    community: FindingCommunity | None


class MembersMembersEdges(Model):
    """A member in a page of members."""

    cursor: str
    node: Member


class MembersMembers(Model):
    """A page of members."""

    total: int
    edges: list[MembersMembersEdges]
    page_info: Page


class Members(Model):
    """A suspected ring, with reasons, roles and evidence."""

    members: MembersMembers


class EvidenceEvidenceEdges(Model):
    """An edge in a page of evidence."""

    cursor: str
    node: Fact


class EvidenceEvidence(Model):
    """A page of evidence.

    Edges that ended since the run are left out.
    """

    total: int
    edges: list[EvidenceEvidenceEdges]
    page_info: Page


class Evidence(Model):
    """A suspected ring, with reasons, roles and evidence."""

    evidence: EvidenceEvidence


class FollowFindings(Model):
    """What a detection found that was not so before."""

    cursor: str
    run: Run
    findings: list[FindingBrief]


def findings(
    *, first: int = 20, after: str | None = None, kind: str | None = None
) -> Paged[Findings | None, FindingBrief]:
    """Findings of the latest run, strongest first; all or those of one kind.

    A list that was begun goes on with the run that it began with. As in every list, `first`
    is 200 at most.
    """
    return Paged(
        "Findings",
        "findings",
        {"first": first, "after": after, "kind": kind},
        maybe(one(Findings)),
        lambda found: found,
    )


def finding(*, id: str) -> Call[Finding | None]:
    """A finding by id, also one that the latest run no longer has."""
    return Call("Finding", "finding", {"id": id}, maybe(one(Finding)))


def members(
    *, id: str, role: str | None = None, first: int = 100, after: str | None = None
) -> Paged[Members | None, Member]:
    """Members, of one role if named."""
    return Paged(
        "Members",
        "finding",
        {"id": id, "role": role, "first": first, "after": after},
        maybe(one(Members)),
        lambda found: None if found is None else found.members,
    )


def evidence(*, id: str, first: int = 50, after: str | None = None) -> Paged[Evidence | None, Fact]:
    """The edges that carried it, with the rows they came from."""
    return Paged(
        "Evidence",
        "finding",
        {"id": id, "first": first, "after": after},
        maybe(one(Evidence)),
        lambda found: None if found is None else found.evidence,
    )


def latest_run() -> Call[Run | None]:
    """The latest detection; null before the first."""
    return Call("LatestRun", "latestRun", {}, maybe(one(Run)))


def follow_findings(*, kind: str | None = None, after: str | None = None) -> Stream[FollowFindings]:
    """What each detection finds anew, as far as the caller may see it; of one kind.

    A detection that found nothing new says so with an empty list.
    """
    return Stream("FollowFindings", "findings", {"kind": kind, "after": after}, one(FollowFindings))
