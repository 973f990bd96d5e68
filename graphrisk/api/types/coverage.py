"""Coverage: who and what has exactly one grid cell, and why the others have not."""

from __future__ import annotations

from collections.abc import Mapping

import strawberry

from graphrisk.analysis import coverage as model
from graphrisk.api.context import Asked
from graphrisk.api.inputs import page_size
from graphrisk.api.types.entities import Entity, load_entity
from graphrisk.api.types.pages import PageInfo, page_info
from graphrisk.api.types.scalars import Long
from graphrisk.api.types.vocabulary import NodeKind, Words, label
from graphrisk.store.contract import NOW


@strawberry.type(description="Why something has not exactly one grid cell.")
class GapReason:
    """A code and its words."""

    code: str
    label: Words


@strawberry.type(description="How many gaps have a reason.")
class GapCount:
    """A reason with its count, never 0."""

    reason: GapReason
    count: Long


@strawberry.type(description="total = covered + the counts of all reasons.")
class CoverageShare:
    """Of a kind as a whole, or of what one source says of it."""

    kind: NodeKind
    label: Words
    source: str | None = strawberry.field(
        description="Whose rows are counted: null for all together (what two sources name counts "
        "once), empty for those that only others mention."
    )
    total: Long
    covered: Long
    reasons: list[GapCount]


@strawberry.type(description="Something that has not exactly one grid cell.")
class Gap:
    """An entity and the reason."""

    nid: strawberry.Private[int]
    reason: GapReason

    @strawberry.field(description="Who or what it is; null when it was erased since.")
    async def entity(self, info: Asked) -> Entity | None:
        """Gathered with the others of the page in one read."""
        return await load_entity(info, self.nid, NOW)


@strawberry.type(description="A gap in a page of gaps.")
class GapEdge:
    """A row of a page of gaps."""

    cursor: str
    node: Gap


@strawberry.type(description="A page of gaps, in order of arrival in the graph.")
class GapConnection:
    """``total`` counts those of the kind asked for."""

    edges: list[GapEdge]
    page_info: PageInfo
    total: Long


@strawberry.type(description="All people in the grid: what has exactly one grid cell.")
class Coverage:
    """A report on one state of the graph."""

    report: strawberry.Private[model.Coverage]
    change: Long = strawberry.field(description="The store's last change that is counted.")
    shares: list[CoverageShare]

    @strawberry.field(description="What has not exactly one grid cell, of one kind if named.")
    def gaps(
        self, info: Asked, first: int = 50, after: str | None = None, kind: NodeKind | None = None
    ) -> GapConnection:
        """One page, in nid order."""
        ids, size = info.context.ids, page_size(first)
        name = None if kind is None else kind.value
        found = self.report.gaps(ids.read_cursor("gaps", after), size + 1, name)
        rows = [
            GapEdge(
                cursor=ids.cursor("gaps", one.nid),
                node=Gap(nid=one.nid, reason=_reason(one.reason)),
            )
            for one in found[:size]
        ]
        more = len(found) > size
        return GapConnection(
            edges=rows,
            page_info=page_info([row.cursor for row in rows], more, after),
            total=Long(self.report.gap_count(name)),
        )


def coverage_of(report: model.Coverage) -> Coverage:
    """A report as GraphQL says it."""
    return Coverage(
        report=report,
        change=Long(report.version),
        shares=[
            CoverageShare(
                kind=NodeKind(one.kind),
                label=label(one.kind),
                source=one.source,
                total=Long(one.total),
                covered=Long(one.covered),
                reasons=_counts(one.reasons),
            )
            for one in report.shares
        ],
    )


def _counts(reasons: Mapping[str, int]) -> list[GapCount]:
    return [GapCount(reason=_reason(code), count=Long(count)) for code, count in reasons.items()]


def _reason(code: str) -> GapReason:
    return GapReason(code=code, label=Words(**model.REASONS[code]))
