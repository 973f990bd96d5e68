"""Where every node stands among the others: component, ties, community.

Communities frame findings; no finder looks at them. So that findings follow from the graph alone,
whatever was computed before, only the frame goes on from the run before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from graphrisk.analysis.model import Community, Finding, FrameReport
from graphrisk.store.contract import Int64Array
from graphrisk_algorithms.communities.consensus import Communities, Consensus
from graphrisk_algorithms.communities.succession import successors
from graphrisk_algorithms.graph import RiskGraph
from graphrisk_algorithms.kernels.changes import Changes, pair_changes, upper
from graphrisk_algorithms.kernels.components import Ends, component_labels, updated_labels
from graphrisk_algorithms.kernels.csr import Csr
from graphrisk_algorithms.kernels.pairs import balanced_pairs, counted_pairs
from graphrisk_schema.reader import load_schema

#: Who acts, and by what. Places, offices and papers would tie people who never met.
ACTORS = frozenset(
    {
        *("Person", "Phone", "Account", "Device", "Address", "Vessel", "Volunteer", "Task"),
        *("Company", "Platform", "Fund", "Bid", "Contract"),
    }
)
#: Density is what counts, not the size of the city (docs/detection.md).
METHOD = Consensus(objective="cpm", resolutions=(0.0005, 0.001, 0.002))
#: Of more changed pairs, all runs since the last that did so taken together, one begins afresh:
#: who is far from every change is not asked again meanwhile, and little would be saved.
MOST_CHANGED = 0.05


@dataclass(frozen=True, slots=True)
class Frame:
    """One run's columns, a row a node, and its pairs, by which the next one sees what changed."""

    pairs: Csr  # each once, at its smaller end
    component: Int64Array  # smallest nid of the component
    ties: Int64Array  # different nodes that a node is tied to
    found: Communities
    ids: tuple[str, ...]  # of each community; empty for one of a single node
    drift: float = 0.0  # shares of changed pairs added up, since a run began afresh

    @property
    def n(self) -> int:
        """Number of nodes."""
        return len(self.component)


def tie_kinds() -> tuple[str, ...]:
    """Edge kinds whose ends all are actors; what is judged of identities is no tie."""
    kinds = load_schema().edges.items()
    actors = (name for name, kind in kinds if {*kind.sources, *kind.targets} <= ACTORS)
    return tuple(sorted(set(actors) - {"JUDGED"}))


def framed(graph: RiskGraph, before: Frame | None) -> tuple[Frame, FrameReport]:
    """The frame of a graph, going on from the one before where little changed.

    Components, ties and the count of changes are what they would be afresh. Communities are kept
    where nothing changed; where up to ``MOST_CHANGED`` of the pairs did since they were last found
    afresh, each run of the consensus goes on from its cells of before, about what changed.

    Args:
        graph: The graph now.
        before: The frame of an earlier state of the same graph; ``None`` begins afresh.
    """
    kinds = tie_kinds()
    pairs, view = upper(counted_pairs(graph, kinds)), balanced_pairs(graph, kinds)
    if before is not None and before.n > graph.n:
        before = None
    changes = None if before is None else pair_changes(before.pairs, pairs)
    share = 1.0 if changes is None else changes.share
    if before is None or changes is None or before.drift + share > MOST_CHANGED:
        began, found = "afresh", METHOD.communities(view)
        component, ties = component_labels(view.n, *_ends(pairs)), np.diff(view.indptr)
    else:
        component, ties = _brought_up(before, pairs, changes)
        if share == 0.0 and before.n == graph.n:
            began, found = "kept", before.found
        else:
            began, found = "continued", METHOD.continued(view, before.found, changes.touched())
    drift = 0.0 if began == "afresh" or before is None else before.drift + share
    frame = Frame(pairs, component, ties, found, _ids(found, before), drift)
    return frame, _report(frame, began, share)


def placed(findings: Sequence[Finding], frame: Frame) -> tuple[Finding, ...]:
    """The findings, each with the community that holds most of its members."""
    return tuple(replace(one, community=_community(one, frame)) for one in findings)


def _ends(pairs: Csr) -> Ends:
    rows = np.repeat(np.arange(pairs.n), np.diff(pairs.indptr))
    return rows, pairs.indices.astype(np.int64)


def _brought_up(before: Frame, pairs: Csr, changes: Changes) -> tuple[Int64Array, Int64Array]:
    """Components and ties: those of before, and what came and went."""
    n = pairs.n
    component = updated_labels(before.component, n, _ends(pairs), changes.came, changes.gone)
    ties = np.zeros(n, np.int64)
    ties[: before.n] = before.ties
    ties += np.bincount(np.concatenate(changes.came), minlength=n)
    ties -= np.bincount(np.concatenate(changes.gone), minlength=n)
    return component, ties


def _ids(found: Communities, before: Frame | None) -> tuple[str, ...]:
    """Ids go on by overlap; a new one is a hash of the members' numbers."""
    if before is None:
        earlier = np.full(len(found.sizes), -1)
    elif before.found is found:
        return before.ids
    else:
        earlier = successors(before.found.labels, found.labels)
    order = np.argsort(found.labels, kind="stable")
    ends = np.cumsum(found.sizes)
    ids = [before.ids[old] if before is not None and old >= 0 else "" for old in earlier.tolist()]
    taken = {name for name in ids if name}
    for number, size in enumerate(found.sizes.tolist()):
        if size == 1:
            ids[number] = ""
        elif not ids[number]:
            ids[number] = _born(order[ends[number] - size : ends[number]], taken)
            taken.add(ids[number])
    return tuple(ids)


def _born(members: Int64Array, taken: set[str]) -> str:
    digest = hashlib.sha256(members.astype("<i8").tobytes()).hexdigest()
    while f"community_{digest[:16]}" in taken:
        digest = hashlib.sha256(digest.encode()).hexdigest()
    return f"community_{digest[:16]}"


def _community(finding: Finding, frame: Frame) -> Community | None:
    labels = frame.found.labels[[member.nid for member in finding.members]]
    cells, held = np.unique(labels, return_counts=True)
    cell = int(cells[np.argmax(held)])
    if frame.found.sizes[cell] == 1:
        return None
    return Community(
        community_id=frame.ids[cell],
        size=int(frame.found.sizes[cell]),
        members=int(held.max()),
        stability=round(float(frame.found.stability[cell]), 4),
        surprise=round(float(frame.found.surprise[cell]), 2),
        is_reliable=bool(frame.found.reliable()[cell]),
    )


def _report(frame: Frame, began: str, changed: float) -> FrameReport:
    several = frame.found.sizes > 1
    return FrameReport(
        began=began,
        changed=round(changed, 6),
        runs=len(frame.found.runs),
        resolutions=METHOD.resolutions,
        pairs=len(frame.pairs),
        components=int((np.bincount(frame.component) > 1).sum()),
        communities=int(several.sum()),
        reliable=int((frame.found.reliable() & several).sum()),
    )
