"""Operations: sources.

Written by ``make docs``.
"""

from __future__ import annotations

from datetime import datetime

from graphrisk.client.calls import Call, Model, Paged, many, maybe, one
from graphrisk.client.operations.common import EntityBrief, Page, Words
from graphrisk.client.operations.kinds import EdgeKind, Freshness, Nature, NodeKind


class PropertyInfo(Model):
    """A property that a kind declares."""

    name: str
    label: Words
    doc: str
    type: str
    unit: str | None
    sensitivity: str


class GapReason(Model):
    """Why something has not exactly one grid cell."""

    code: str
    label: Words


class Gap(Model):
    """Something that has not exactly one grid cell."""

    reason: GapReason
    entity: EntityBrief | None


class Counts(Model):
    """How many there are of a kind of entity or edge."""

    kind: str
    label: Words
    count: int


class SourcesLast(Model):
    """A delivered file:.

    rows = loaded + unchanged + rejected.
    """

    delivery: str
    file: str
    known_at: datetime
    rows: int
    loaded: int
    unchanged: int
    rejected: int
    closed: int
    error: str | None


class Sources(Model):
    """A source of data and the department that owns it."""

    name: str
    description: Words | None
    owner: Words | None
    mode: str
    reliability: str
    reliability_label: Words
    every_seconds: int | None
    freshness: Freshness
    delivered_at: datetime | None
    due_at: datetime | None
    age_seconds: int | None
    rejected: int
    last: SourcesLast | None


class CoverageSharesReasonsReason(Model):
    """Why something has not exactly one grid cell."""

    code: str
    label: Words


class CoverageSharesReasons(Model):
    """How many gaps have a reason."""

    reason: CoverageSharesReasonsReason
    count: int


class CoverageShares(Model):
    """total = covered + the counts of all reasons."""

    kind: NodeKind
    label: Words
    source: str | None
    total: int
    covered: int
    reasons: list[CoverageSharesReasons]


class Coverage(Model):
    """All people in the grid:.

    what has exactly one grid cell.
    """

    change: int
    shares: list[CoverageShares]


class GapsGapsEdges(Model):
    """A gap in a page of gaps."""

    cursor: str
    node: Gap


class GapsGaps(Model):
    """A page of gaps, in order of arrival in the graph."""

    total: int
    edges: list[GapsGapsEdges]
    page_info: Page


class Gaps(Model):
    """All people in the grid:.

    what has exactly one grid cell.
    """

    gaps: GapsGaps


class VocabularyNodeKinds(Model):
    """A kind of entity."""

    kind: NodeKind
    label: Words
    doc: str
    properties: list[PropertyInfo]


class VocabularyEdgeKinds(Model):
    """A kind of edge and the kinds of entities it joins."""

    kind: EdgeKind
    label: Words
    doc: str
    nature: Nature
    directed: bool
    sources: list[NodeKind]
    targets: list[NodeKind]
    properties: list[PropertyInfo]


class Vocabulary(Model):
    """All kinds there are."""

    node_kinds: list[VocabularyNodeKinds]
    edge_kinds: list[VocabularyEdgeKinds]


class WorkerStatusProcesses(Model):
    """A background process, and what it last said of itself."""

    name: str
    state: str
    detail: str
    started_at: datetime
    beat_at: datetime


class WorkerStatusJobs(Model):
    """Work with a due time."""

    name: str
    state: str
    due_at: datetime
    every_ms: int | None
    attempts: int
    error: str | None
    done_at: datetime | None


class WorkerStatusLeases(Model):
    """What only one process may do, and which one has it."""

    name: str
    owner: str
    expires_at: datetime


class WorkerStatus(Model):
    """What works in the background, as of one moment."""

    processes: list[WorkerStatusProcesses]
    jobs: list[WorkerStatusJobs]
    leases: list[WorkerStatusLeases]
    unplaced: int
    oldest_unplaced_at: datetime | None
    audit_files: int


def counts() -> Call[list[Counts] | None]:
    """How many entities and edges of each kind there are now."""
    return Call("Counts", "counts", {}, maybe(many(one(Counts))))


def sources() -> Call[list[Sources] | None]:
    """Who delivers:.

    owner, promise, freshness and the last batch of each source, by name. A deployment has
    few; all are listed.
    """
    return Call("Sources", "sources", {}, maybe(many(one(Sources))))


def coverage() -> Call[Coverage | None]:
    """Who and what has exactly one grid cell, by kind and source, and why the others have not.

    Counted anew when the graph changed.
    """
    return Call("Coverage", "coverage", {}, maybe(one(Coverage)))


def gaps(
    *, first: int = 50, after: str | None = None, kind: NodeKind | None = None
) -> Paged[Gaps | None, Gap]:
    """What has not exactly one grid cell, of one kind if named."""
    return Paged(
        "Gaps",
        "coverage",
        {"first": first, "after": after, "kind": kind},
        maybe(one(Gaps)),
        lambda found: None if found is None else found.gaps,
    )


def vocabulary() -> Call[Vocabulary]:
    """The kinds of entities and edges, their properties and words."""
    return Call("Vocabulary", "vocabulary", {}, one(Vocabulary))


def worker_status() -> Call[WorkerStatus | None]:
    """Background processes and jobs."""
    return Call("WorkerStatus", "workerStatus", {}, maybe(one(WorkerStatus)))
