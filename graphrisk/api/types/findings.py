"""Findings: members with roles, reasons, and the edges that carried them."""

from __future__ import annotations

from bisect import bisect_right

import strawberry

from graphrisk.analysis import model
from graphrisk.analysis.explain import community_sentence, doubts, kind_name, role_name
from graphrisk.api.context import Asked
from graphrisk.api.ids import finding_cursor
from graphrisk.api.inputs import page_size
from graphrisk.api.types.entities import Entity, GraphEdge, load_edges, load_entity
from graphrisk.api.types.pages import PageInfo, page_info
from graphrisk.api.types.reasons import Reason, Run, reasons_of, run_of
from graphrisk.api.types.scalars import Long
from graphrisk.api.types.vocabulary import NodeKind, Words
from graphrisk.store.contract import NOW


@strawberry.type(description="An entity's part in a finding.")
class Member:
    """A member; its score and neighbours are its entity's."""

    nid: strawberry.Private[int]
    id: strawberry.ID
    kind: NodeKind
    role: str
    role_label: Words

    @strawberry.field(description="The member itself; null when it was erased since.")
    async def entity(self, info: Asked) -> Entity | None:
        """Gathered with the other members in one read."""
        return await load_entity(info, self.nid, NOW)


@strawberry.type(description="A member in a page of members.")
class MemberEdge:
    """A row of a page of members."""

    cursor: str
    node: Member


@strawberry.type(description="A page of members.")
class MemberConnection:
    """In order of arrival in the graph."""

    edges: list[MemberEdge]
    page_info: PageInfo
    total: Long


@strawberry.type(description="An edge in a page of evidence.")
class EvidenceEdge:
    """A row of a page of evidence."""

    cursor: str
    node: GraphEdge


@strawberry.type(description="A page of evidence. Edges that ended since the run are left out.")
class EvidenceConnection:
    """``total`` counts the edges that carried the finding when it was made."""

    edges: list[EvidenceEdge]
    page_info: PageInfo
    total: Long


@strawberry.type(description="What became of a finding from the run before to the latest.")
class Lineage:
    """Its history by one run."""

    event: str = strawberry.field(
        description="born, kept, grown, shrunk, changed, split, merged or dissolved."
    )
    other_id: strawberry.ID | None = strawberry.field(
        description="The finding it split from or was merged into."
    )
    overlap: float = strawberry.field(description="Jaccard of its members with those before.")


@strawberry.type(description="The community that holds most members of a finding.")
class Community:
    """A frame, not a suspicion: most of its members have no part in the finding."""

    id: strawberry.ID = strawberry.field(description="Goes on from run to run with its nodes.")
    size: Long = strawberry.field(description="Nodes of any kind.")
    members: Long = strawberry.field(description="Members of the finding among them.")
    stability: float = strawberry.field(
        description="0 to 1: how exactly other seeds of the method give it again."
    )
    surprise: float = strawberry.field(
        description="-log10 of the chance that some group of its size is as close."
    )
    is_reliable: bool = strawberry.field(description="Stable, and closer than chance gives.")
    sentence: Words = strawberry.field(description="All of it as a sentence.")


@strawberry.type(description="A suspected ring, with reasons, roles and evidence.")
class Finding:
    """As the last run that had it saw it; the id is stable between runs."""

    finding: strawberry.Private[model.Finding]
    id: strawberry.ID
    kind: str
    label: Words
    score: float = strawberry.field(description="0 to 1.")
    reasons: list[Reason]
    doubts: list[Words] = strawberry.field(
        description="What may be an honest explanation of such a finding: to be checked first."
    )
    first_run: strawberry.ID = strawberry.field(description="The run that first found it.")
    community: Community | None = strawberry.field(
        description="Where most members lie; null when they are tied to nobody or not all seen."
    )
    redacted: bool = strawberry.field(
        description="Members, evidence and reasons outside the viewer's areas are left out."
    )

    @strawberry.field(description="The last run that had it.")
    async def run(self, info: Asked) -> Run | None:
        """Model, snapshot and time of the score."""
        found = await info.context.batches.run.load(self.finding.finding_id)
        return None if found is None else run_of(found)

    @strawberry.field(description="What became of it in the latest run; null when it had no part.")
    async def lineage(self, info: Asked) -> Lineage | None:
        """Its history."""
        found = await info.context.batches.lineage.load(self.finding.finding_id)
        if found is None:
            return None
        other = None if found.other_id is None else strawberry.ID(found.other_id)
        return Lineage(event=found.event, other_id=other, overlap=found.overlap)

    @strawberry.field(description="Members, of one role if named.")
    def members(
        self, info: Asked, first: int = 100, after: str | None = None, role: str | None = None
    ) -> MemberConnection:
        """One page, in nid order."""
        ids = info.context.ids
        matching = [one for one in self.finding.members if role is None or one.role == role]
        matching.sort(key=lambda one: one.nid)
        start = bisect_right(matching, ids.read_cursor("members", after), key=lambda one: one.nid)
        page = matching[start : start + page_size(first)]
        rows = [
            MemberEdge(cursor=ids.cursor("members", one.nid), node=_member(info, one))
            for one in page
        ]
        more = start + len(page) < len(matching)
        return MemberConnection(
            edges=rows,
            page_info=page_info([row.cursor for row in rows], more, after),
            total=Long(len(matching)),
        )

    @strawberry.field(description="The edges that carried it, with the rows they came from.")
    async def evidence(
        self, info: Asked, first: int = 50, after: str | None = None
    ) -> EvidenceConnection:
        """One page, in eid order."""
        ids, eids = info.context.ids, self.finding.evidence
        start = bisect_right(eids, ids.read_cursor("evidence", after))
        page = eids[start : start + page_size(first)]
        cursors = [ids.cursor("evidence", eid) for eid in page]
        rows = [
            EvidenceEdge(cursor=cursor, node=edge)
            for cursor, edge in zip(cursors, await load_edges(info, page), strict=True)
            if edge is not None
        ]
        more = start + len(page) < len(eids)
        return EvidenceConnection(
            edges=rows, page_info=page_info(cursors, more, after), total=Long(len(eids))
        )


@strawberry.type(description="A finding in a page of findings.")
class FindingEdge:
    """A row of a page of findings."""

    cursor: str
    node: Finding


@strawberry.type(description="A page of the latest run's findings, strongest first.")
class FindingConnection:
    """A cursor names a finding of a run: a list that was begun shows what that run found."""

    edges: list[FindingEdge]
    page_info: PageInfo
    total: Long


def finding_of(finding: model.Finding) -> Finding:
    """A finding as GraphQL says it."""
    return Finding(
        finding=finding,
        id=strawberry.ID(finding.finding_id),
        kind=finding.kind,
        label=Words(zh=kind_name(finding.kind, "zh"), en=kind_name(finding.kind, "en")),
        score=finding.score,
        reasons=reasons_of(finding.reasons),
        doubts=[
            Words(zh=zh, en=en)
            for zh, en in zip(doubts(finding.kind, "zh"), doubts(finding.kind, "en"), strict=True)
        ],
        first_run=strawberry.ID(finding.first_run),
        community=_community(finding),
        redacted=finding.redacted,
    )


def _community(finding: model.Finding) -> Community | None:
    found, members = finding.community, len(finding.members)
    if found is None:
        return None
    return Community(
        id=strawberry.ID(found.community_id),
        size=Long(found.size),
        members=Long(found.members),
        stability=found.stability,
        surprise=found.surprise,
        is_reliable=found.is_reliable,
        sentence=Words(
            zh=community_sentence(found, members, "zh"), en=community_sentence(found, members, "en")
        ),
    )


def findings_page(page: model.FindingPage, after: str | None) -> FindingConnection:
    """A page of findings as GraphQL says it."""
    rows = [
        FindingEdge(cursor=finding_cursor(page.place(item)), node=finding_of(item))
        for item in page.items
    ]
    return FindingConnection(
        edges=rows,
        page_info=page_info([row.cursor for row in rows], page.has_next, after),
        total=Long(page.total),
    )


def _member(info: Asked, member: model.Member) -> Member:
    return Member(
        nid=member.nid,
        id=strawberry.ID(info.context.ids.entity(member.kind, member.nid)),
        kind=NodeKind(member.kind),
        role=member.role,
        role_label=Words(zh=role_name(member.role, "zh"), en=role_name(member.role, "en")),
    )
