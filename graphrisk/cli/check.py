"""Does the running service say over GraphQL what the stores hold? Every finding, every member."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, cast

import numpy as np

from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.purposes import purpose_of
from graphrisk.analysis.entities import Viewer, entities
from graphrisk.analysis.explain import sentence
from graphrisk.analysis.service import Findings
from graphrisk.api.ids import PublicIds
from graphrisk.client import Client
from graphrisk.client.calls import Json
from graphrisk.client.operations.findings import FindingBrief, findings
from graphrisk.store.contract import Direction, Int64Array, NeighbourQuery
from graphrisk_schema.reader import load_schema

if TYPE_CHECKING:
    from graphrisk.analysis.deployment import Deployment
    from graphrisk.analysis.model import Finding, Member, Place, Reason

_PAGE = 20
_MEMBERS = 100
_NEAR = 50
#: Findings whose surroundings are compared too.
_FEW = 5
_SHOWN = 200
_OUTSIDE = {"out": "OUT", "in": "IN"}

_MEMBERS_OF = """
query ($id: ID!, $first: Int!, $after: String) {
  finding(id: $id) {
    evidence(first: 1) { total }
    members(first: $first, after: $after) {
      edges { node { role entity {
        id kind key caption score { value reasons { code contribution sentence { zh en } } }
      } } }
      pageInfo { hasNextPage endCursor }
    }
  }
}"""
_AROUND = """
query ($id: ID!) {
  entity(id: $id) { neighbourCounts { edgeKind direction count } }
}"""
_NEIGHBOURS = """
query ($id: ID!, $kind: EdgeKind!, $direction: Direction!) {
  entity(id: $id) {
    neighbours(edgeKind: $kind, direction: $direction, first: 50) {
      total edges { node { id } edge { id } }
    }
  }
}"""
_PATH = """
query ($source: ID!, $target: ID!) {
  shortestPath(source: $source, target: $target) { entities { id } edges { id } }
}"""
_COUNTS = "{ counts { kind count } latestRun { id } }"


def differences(url: str, deployment: Deployment) -> list[str]:
    """What the endpoint at ``url`` says otherwise than the stores of ``deployment``."""
    with Client(url) as client:
        check = _Check(client, deployment)
        return list(chain(check.totals(), check.findings(), check.surroundings()))


class _Check:
    """One comparison. Each part yields a line for each thing that differs."""

    def __init__(self, client: Client, deployment: Deployment) -> None:
        self._client = client
        self._reader = deployment.reader("check", "evaluation")
        self._findings = Findings(deployment.database, deployment.store)
        self._ids = PublicIds(deployment.settings.id_secret_bytes)
        self._items = _all(self._findings)

    def totals(self) -> Iterator[str]:
        """Number of entities and edges of each kind; the latest run."""
        run = self._findings.latest_run()
        said = self._client.execute(_COUNTS)
        yield from _differs("run", said["latestRun"], None if run is None else {"id": run.run_id})
        counts: list[Json] = [
            {"kind": kind, "count": count} for kind, count in self._reader.counts().items()
        ]
        yield from _differs("counts", said["counts"], counts)

    def findings(self) -> Iterator[str]:
        """Findings in their order with reasons, then members with roles, captions and scores."""
        run = self._findings.latest_run()
        said = [_said(one) for one in self._client.each(findings(first=_PAGE))]
        held: list[dict[str, Json]] = [
            {
                "id": item.finding_id,
                "kind": item.kind,
                "score": item.score,
                "reasons": _reasons(item.reasons),
                "run": None if run is None else {"id": run.run_id},
            }
            for item in self._items
        ]
        yield from _differs("findings", [one["id"] for one in said], [o["id"] for o in held])
        for told, known in zip(said, held, strict=False):
            yield from _differs(f"finding {known['id']}", told, known)
        for item in self._items:
            yield from self._members(item)

    def _members(self, item: Finding) -> Iterator[str]:
        said: list[Json] = []
        after: Json = None
        while True:
            asked = self._ask(_MEMBERS_OF, id=item.finding_id, first=_MEMBERS, after=after)
            finding = _object(asked["finding"])
            page = _object(finding["members"])
            said += [_object(row)["node"] for row in cast("list[Json]", page["edges"])]
            info = _object(page["pageInfo"])
            after = info["endCursor"]
            if not info["hasNextPage"]:
                break
        where = f"members of {item.finding_id}"
        members = sorted(item.members, key=lambda one: one.nid)
        yield from _differs(where, said, self._described(members))
        yield from _differs(
            f"evidence of {item.finding_id}", finding["evidence"], {"total": len(item.evidence)}
        )

    def _described(self, members: Sequence[Member]) -> list[Json]:
        nids = [one.nid for one in members]
        viewer = Viewer(DEVELOPMENT, purpose_of(None, None))
        seen = entities(self._reader, np.array(nids, np.int64), viewer)
        scored = self._findings.node_scores(nids)
        assert scored is not None
        return [
            {
                "role": one.role,
                "entity": {
                    "id": self._ids.entity(one.kind, one.nid),
                    "kind": one.kind,
                    "key": seen[one.nid].key,
                    "caption": seen[one.nid].caption,
                    "score": {
                        "value": scored.of_node(one.nid).score,
                        "reasons": _reasons(scored.of_node(one.nid).reasons),
                    },
                },
            }
            for one in members
        ]

    def surroundings(self) -> Iterator[str]:
        """Of a few findings: neighbours of the first member and its path to the last."""
        for item in self._items[:_FEW]:
            yield from self._around(item.members[0])
            yield from self._path(item.members[0], item.members[-1])

    def _around(self, member: Member) -> Iterator[str]:
        public = self._ids.entity(member.kind, member.nid)
        rows = self._reader.neighbour_counts(member.nid).to_pylist()
        held: list[Json] = [
            {
                "edgeKind": row["edge_kind"],
                "direction": _OUTSIDE[row["direction"]],
                "count": row["count"],
            }
            for row in rows
        ]
        said = _object(self._ask(_AROUND, id=public)["entity"])
        yield from _differs(f"neighbours of {public}", said["neighbourCounts"], held)
        for row in rows:
            yield from self._neighbours(member.nid, public, row["edge_kind"], row["direction"])

    def _neighbours(
        self, nid: int, public: str, edge_kind: str, direction: Direction
    ) -> Iterator[str]:
        entity = self._ask(_NEIGHBOURS, id=public, kind=edge_kind, direction=_OUTSIDE[direction])
        said = _object(entity["entity"])["neighbours"]
        page = self._reader.neighbours(NeighbourQuery(nid, edge_kind, direction, limit=_NEAR))
        ends = page.rows["dst" if direction == "out" else "src"].to_numpy()
        kinds = self._kinds(ends)
        rows: list[Json] = [
            {
                "node": {"id": self._ids.entity(kinds[end], end)},
                "edge": {"id": self._ids.edge(edge_kind, eid)},
            }
            for end, eid in zip(ends.tolist(), page.rows["eid"].to_numpy().tolist(), strict=True)
        ]
        held: Json = {"total": page.total, "edges": rows}
        yield from _differs(f"{edge_kind} of {public}", said, held)

    def _path(self, first: Member, last: Member) -> Iterator[str]:
        source, target = (self._ids.entity(one.kind, one.nid) for one in (first, last))
        said = self._ask(_PATH, source=source, target=target)["shortestPath"]
        path = self._reader.shortest_path(first.nid, last.nid, list(load_schema().edges))
        held: Json = None
        if path is not None:
            kinds = self._kinds(np.array(path.nids, np.int64))
            edges = zip(path.edge_kinds, path.eids, strict=True)
            held = {
                "entities": [{"id": self._ids.entity(kinds[nid], nid)} for nid in path.nids],
                "edges": [{"id": self._ids.edge(kind, eid)} for kind, eid in edges],
            }
        yield from _differs(f"path from {source} to {target}", said, held)

    def _kinds(self, nids: Int64Array) -> dict[int, str]:
        found = self._reader.get_nodes(nids)
        return {
            nid: kind for kind, rows in found.items() for nid in rows["nid"].to_numpy().tolist()
        }

    def _ask(self, query: str, **variables: Json) -> dict[str, Json]:
        return self._client.execute(query, variables)


def _all(service: Findings) -> list[Finding]:
    """The latest run's findings, strongest first."""
    found: list[Finding] = []
    place: Place | None = None
    while True:
        page = service.page(place, _PAGE)
        found.extend(page.items)
        if not page.has_next:
            return found
        place = page.place(found[-1])


def _reasons(reasons: Sequence[Reason]) -> list[Json]:
    return [
        {
            "code": one.code,
            "contribution": one.contribution,
            "sentence": {"zh": sentence(one, "zh"), "en": sentence(one, "en")},
        }
        for one in reasons
    ]


def _said(one: FindingBrief) -> dict[str, Json]:
    told = one.model_dump(include={"id", "kind", "score", "reasons", "run"})
    reasons = [
        {name: o[name] for name in ("code", "contribution", "sentence")} for o in told["reasons"]
    ]
    return {**told, "reasons": reasons, "run": one.run and {"id": one.run.id}}


def _object(value: Json) -> dict[str, Json]:
    return cast("dict[str, Json]", value)


def _differs(where: str, said: Json, held: Json) -> Iterator[str]:
    if said != held:
        yield f"{where}: said {str(said)[:_SHOWN]}, held {str(held)[:_SHOWN]}"
