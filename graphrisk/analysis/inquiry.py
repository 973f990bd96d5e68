"""What one viewer reads of graph and findings.

Scope and purpose go to the store with every read; what comes back is masked for the viewer, and
how much it was stands in the audit record before anybody sees it.
"""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from graphrisk.access.model import EVERYTHING, WHAT_SEPARATOR, AuditPort, Level
from graphrisk.access.rights import require
from graphrisk.analysis.coverage import Coverage, Coverages
from graphrisk.analysis.cut import cut, cut_lineage, cut_page, cut_score
from graphrisk.analysis.entities import Edge, Entity, Viewer, edges_of, entities, stub
from graphrisk.analysis.events import EventPage, Events, follows
from graphrisk.analysis.lookup import Answer, Line, answer_of, numbers_behind
from graphrisk.analysis.model import Finding, FindingPage, Lineage, Place, Run
from graphrisk.analysis.parts import money_parts
from graphrisk.analysis.picture import picture
from graphrisk.analysis.proof import Proof, proofs
from graphrisk.analysis.service import Findings, Scored
from graphrisk.core.errors import NotFound
from graphrisk.store.contract import (
    NOW,
    AsOf,
    Direction,
    NeighbourQuery,
    Path,
    Reader,
    Store,
    TraceQuery,
)
from graphrisk.store.export import export_parquet
from graphrisk.store.operations.outbox import Event
from graphrisk_algorithms.communities.roles import Part


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: the first ones, how many in all, and whether some are not shown."""

    entities: tuple[Entity, ...]
    total: int
    truncated: bool


@dataclass(frozen=True, slots=True)
class Degree:
    """How many edges of a kind a node has in one direction."""

    edge_kind: str
    direction: Direction
    count: int


@dataclass(frozen=True, slots=True)
class EdgePage:
    """A page of edges in eid order; ``total`` counts all that match."""

    edges: tuple[Edge, ...]
    has_next: bool
    total: int


@dataclass(frozen=True, slots=True)
class Trace:
    """Events followed in time: ``(layer, edge)`` in (layer, time) order."""

    steps: tuple[tuple[int, Edge], ...]
    truncated: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """The delivered file that a row came from."""

    source: str
    delivery: str
    file: str
    mode: str
    known_at: int


#: Nodes that one record of the audit names: a database's index of what it names has to hold them.
NAMED = 32
#: Findings read at once where all are wanted.
_PAGE = 200


class Inquiry:
    """Reads for one viewer. Unknown numbers are left out; a single one that is unknown raises.

    What lies outside his scope is a stub where something of his leads to it, and nowhere else.
    ``CaseRequired`` where persons are read by who has to name a case and names none.
    """

    def __init__(
        self,
        store: Store,
        findings: Findings,
        viewer: Viewer,
        audit: AuditPort,
        id_of: Callable[[str, int], str],
    ) -> None:
        """``id_of`` gives the opaque id of a kind's node, as the audit names it."""
        self._within = store.reader(viewer.sight, viewer.purpose)
        self._whole = store.reader(EVERYTHING, viewer.purpose)  # of what is the whole city's
        self._every_finding = findings
        self._sees_all = viewer.principal.scope.is_everything
        self._viewer = viewer
        self._audit = audit
        self._id_of = id_of

    @property
    def _reader(self) -> Reader:
        """Of what the viewer sees; ``Forbidden`` where his purpose lets him read nothing."""
        require(self._viewer.principal, "graph.read")
        return self._within

    @property
    def _findings(self) -> Findings:
        require(self._viewer.principal, "graph.read")
        return self._every_finding

    def entities(self, nids: Sequence[int], as_of: AsOf = NOW) -> dict[int, Entity]:
        """The nodes by nid. One read."""
        asked = np.array(nids, np.int64)
        found = entities(self._reader, asked, self._viewer, as_of)
        self._viewer.demand_case(one.kind for one in found.values())
        self._told_of("entities", found.values())
        return found | {nid: stub(nid, kind) for nid, kind in self._outside(nids).items()}

    def search(self, text: str, kinds: Sequence[str], limit: int) -> Found:
        """Nodes whose key or searchable property matches all words or fragments of ``text``."""
        self._viewer.demand_case(kinds)
        page = self._reader.search(text, kinds, limit)
        nids = page.rows["nid"].to_numpy()
        found = entities(self._reader, nids, self._viewer)
        self._told_of("search", found.values())
        listed = tuple(found[nid] for nid in nids.tolist() if nid in found)
        return Found(listed, page.total, page.truncated)

    def lookup(
        self, lines: Sequence[str], kinds: Sequence[str], ids: Mapping[int, int]
    ) -> list[Line]:
        """What each line means, in order; ``ids`` are the nodes of lines that are ids, by place.

        A number outside the scope is answered as one that nobody has. Cost: one read a kind.
        """
        behind = numbers_behind(self._reader, kinds, lines)
        behind = [(ids[n],) if n in ids else one for n, one in enumerate(behind)]
        known = self.entities([nid for one in behind for nid in one or ()])
        self._told("lookup", len(lines))
        told = []
        for number, nids in enumerate(behind, 1):
            found = tuple(known[nid] for nid in nids or () if nid in known)
            answer = Answer.BAD_INPUT if nids is None else answer_of(found)
            told.append(Line(number, answer, found))
        return told

    def counts(self) -> dict[str, int]:
        """Number of nodes and edges of each kind."""
        return self._reader.counts()

    def coverage(self, kept: Coverages) -> Coverage:
        """Who and what has exactly one grid cell; ``kept`` knows it unless the graph changed.

        ``Forbidden`` below the level of the city, whose report it is.
        """
        require(self._viewer.principal, "coverage.read")
        found = kept.now(self._whole)
        self._told("coverage", sum(share.total for share in found.shares if share.source is None))
        return found

    def events(self, kept: Events, after: int, limit: int, kind: str | None) -> EventPage:
        """What happened, oldest first, behind a place in that order.

        ``Forbidden`` for whom the policy does not let look at the whole city.
        """
        require(self._viewer.principal, "event.read")
        page = kept.page(after, limit, kind)
        self._told("events", len(page.items))
        return page

    def follow(self) -> None:
        """Record that what happens is followed from now on; events name no person."""
        require(self._viewer.principal, "graph.read")
        self._told("follow", 0)

    def follows(self, event: Event) -> bool:
        """Whether an event is for this viewer."""
        return follows(self._viewer.principal, event)

    def changed(self, kind: str | None) -> list[Finding]:
        """The latest run's findings, strongest first, that are not what they were before it."""
        found, place, lineage = list[Finding](), None, self.lineage()
        while True:
            page = self.findings(place, _PAGE, kind)
            found += [one for one in page.items if _is_news(lineage.get(one.finding_id))]
            if not page.has_next:
                return found
            place = page.place(page.items[-1])

    def degrees(self, nid: int, as_of: AsOf = NOW) -> tuple[Degree, ...]:
        """How many edges of each kind and direction the node has."""
        rows = self._reader.neighbour_counts(nid, as_of).to_pylist()
        self._told("degrees", len(rows))
        return tuple(Degree(row["edge_kind"], row["direction"], row["count"]) for row in rows)

    def neighbours(self, query: NeighbourQuery, as_of: AsOf = NOW) -> EdgePage:
        """One page of the edges of a kind at a node."""
        page = self._reader.neighbours(query, as_of)
        found = edges_of(query.edge_kind, page.rows, self._viewer)
        self._told("neighbours", len(found))
        return EdgePage(found, page.truncated, page.total)

    def edges(self, eids: Sequence[int], as_of: AsOf = NOW) -> dict[int, Edge]:
        """The edges by eid. One read."""
        found = {
            edge.eid: edge
            for kind, rows in self._reader.get_edges(np.array(eids, np.int64), as_of).items()
            for edge in edges_of(kind, rows, self._viewer)
        }
        self._told("edges", len(found))
        return found

    def origins(self, batch_ids: Sequence[int]) -> dict[int, Origin]:
        """The files behind batches, by batch. One read."""
        rows = self._reader.batches(np.array(batch_ids, np.int64)).to_pylist()
        return {row.pop("batch_id"): Origin(**row) for row in rows}

    def path(
        self, source: int, target: int, edge_kinds: Sequence[str], max_hops: int
    ) -> Path | None:
        """A shortest chain of edges between two nodes, or ``None`` within ``max_hops``."""
        found = self._reader.shortest_path(source, target, edge_kinds, max_hops)
        self._told("path", 0 if found is None else len(found.nids))
        return found

    def trace(self, query: TraceQuery) -> Trace:
        """Events followed strictly forward or backward in time."""
        page = self._reader.trace(query)
        rows = page.rows.to_pylist()
        edges = self.edges([row["eid"] for row in rows])
        self._told("trace", len(rows))
        steps = tuple((row["layer"], edges[row["eid"]]) for row in rows if row["eid"] in edges)
        return Trace(steps, page.truncated)

    def latest_run(self) -> Run | None:
        """The last detection, if there was one."""
        return self._findings.latest_run()

    def finding(self, finding_id: str) -> Finding:
        """The finding as the last run that had it saw it; ``NotFound`` when none ever had."""
        found = self._cut([self._findings.get(finding_id)])
        if not found:
            raise NotFound(f"no finding {finding_id[:40]!r}")
        self._told("finding", 1, finding_id)
        return found[0]

    def proofs(self, finding: Finding) -> list[Proof]:
        """What the finding rests on, by edge kind. One read."""
        found = proofs(finding, self._reader)
        self._told("evidence", len(finding.evidence), finding.finding_id)
        return found

    def money_parts(self, finding: Finding) -> dict[int, Part]:
        """Who pays, passes on and collects in the finding's evidence, by nid. One read."""
        found = money_parts(finding, self._reader)
        self._told("parts", len(finding.evidence), finding.finding_id)
        return found

    def picture(self, finding: Finding, captions: Mapping[int, str]) -> str:
        """The finding as SVG, each node under its caption."""
        drawn = picture(finding, self._reader, captions)
        self._told("picture", len(finding.members), finding.finding_id)
        return drawn

    def export(
        self, out: pathlib.Path, progress: Callable[[str, int, int], None]
    ) -> dict[str, int]:
        """The graph as Parquet files, rows by file; recorded before the first row is written."""
        self._told("export", sum(self._reader.counts().values()))
        return export_parquet(self._reader, out, self._viewer.sees, progress)

    def findings(self, after: Place | None, limit: int, kind: str | None) -> FindingPage:
        """A page of the latest run's findings, strongest first."""
        if self._sees_all:
            page = self._findings.page(after, limit, kind)
        else:
            page = cut_page(self._findings, self._reader, after, limit, kind)
        self._told("findings", len(page.items))
        return page

    def findings_of(self, nids: Sequence[int]) -> dict[int, list[Finding]]:
        """Findings of the latest run by member. One read."""
        outside = self._outside(nids)
        found = self._findings.of_nodes([nid for nid in nids if nid not in outside])
        found = {nid: self._cut(items) for nid, items in found.items()}
        self._told("findings", sum(map(len, found.values())))
        return found

    def scored(self, nids: Sequence[int]) -> Scored | None:
        """Scores of those within the scope in the latest run, ``None`` before the first.

        Cost: one read, and one of the findings where a scope cuts them.
        """
        outside = self._outside(nids)
        seen = [nid for nid in nids if nid not in outside]
        scored = self._findings.node_scores(seen)
        self._told("scores", len(seen))
        if scored is None or self._sees_all:
            return None if scored is None else replace(scored, nids=frozenset(seen))
        findings = self.findings_of(seen)
        scores = {nid: cut_score(one, findings.get(nid, [])) for nid, one in scored.scores.items()}
        return Scored(scored.run, scores, frozenset(seen))

    def seen(self, nids: Sequence[int]) -> set[int]:
        """Those of them that the viewer sees; what is not in the graph is the city's to see."""
        outside = self._outside([nid for nid in nids if nid >= 0])
        is_city = self._sees_all or self._viewer.sight.level <= Level.CITY
        return {nid for nid in nids if nid not in outside and (nid >= 0 or is_city)}

    def runs_of(self, finding_ids: Sequence[str]) -> dict[str, Run]:
        """The run that each finding was last seen in. One read."""
        return self._findings.runs_of(finding_ids)

    def lineage(self) -> dict[str, Lineage]:
        """What became of the findings, by id, in the latest run."""
        told = self._findings.lineage()
        if self._sees_all:
            return {item.finding_id: item for item in told}
        named = {name for item in told for name in (item.finding_id, item.other_id) if name}
        return cut_lineage(told, {name for name in named if self._sees(name)})

    def _sees(self, finding_id: str) -> bool:
        try:
            return bool(self._cut([self._findings.get(finding_id)]))
        except NotFound:
            return False

    def _outside(self, nids: Sequence[int]) -> dict[int, str]:
        """Those outside the scope, with their kinds. One read where there is an outside."""
        return {} if self._sees_all else self._reader.outside(np.array(nids, np.int64))

    def _cut(self, findings: list[Finding]) -> list[Finding]:
        return findings if self._sees_all else cut(findings, self._reader)

    def _told_of(self, action: str, read: Iterable[Entity]) -> None:
        """Record nodes by their ids, some in each record: an auditor asks who read of one."""
        ids = [self._id_of(one.kind, one.nid) for one in read]
        for start in range(0, max(1, len(ids)), NAMED):
            named = ids[start : start + NAMED]
            self._told(action, len(named), WHAT_SEPARATOR.join(named))

    def _told(self, action: str, count: int, what: str = "") -> None:
        self._audit.record(self._viewer.principal, action, self._viewer.purpose, count, what)


def _is_news(lineage: Lineage | None) -> bool:
    return lineage is None or lineage.event != "kept"
