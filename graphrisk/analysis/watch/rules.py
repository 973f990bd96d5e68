"""What changed between two versions of a graph, and where what changed lies. Reads, no rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import numpy as np

from graphrisk.access.model import Scope
from graphrisk.analysis.watch.model import PROPERTIES
from graphrisk.store.contract import Int64Array, NeighbourQuery, Reader
from graphrisk_schema.reader import load_schema

#: Who holds a thing, and where persons, firms and places lie.
_HELD_BY = {"Phone": "OWNS_PHONE", "Account": "HOLDS"}
_LIES_IN = {"Person": "LIVES_IN", "Company": "LOCATED_IN"}


def changes(
    reader: Reader, watched: Collection[int], since: int, upto: int
) -> Mapping[int, dict[str, int]]:
    """What changed of each node with ``since < changed_seq <= upto``: what → the last change.

    Args:
        reader: Of the whole graph.
        watched: Nids that are looked for.
        since: Version that was looked through before.
        upto: Version up to which is looked now.

    Cost: the changed rows of the graph, whoever watches.
    """
    wanted = np.array(sorted(watched), np.int64)
    found: dict[int, dict[str, int]] = {}
    if not len(wanted) or since >= upto:
        return found
    for what, nids, seqs in _changed_rows(reader, since, upto):
        ours = np.isin(nids, wanted)
        for nid, seq in zip(nids[ours].tolist(), seqs[ours].tolist(), strict=True):
            of_node = found.setdefault(nid, {})
            of_node[what] = max(of_node.get(what, 0), seq)
    return found


def _changed_rows(
    reader: Reader, since: int, upto: int
) -> Iterator[tuple[str, Int64Array, Int64Array]]:
    for kind in load_schema().nodes:
        for batch in reader.export_nodes(kind, since, upto):
            yield PROPERTIES, batch["nid"].to_numpy(), batch["changed_seq"].to_numpy()
    for kind in load_schema().edges:
        for batch in reader.export_edges(kind, since, upto, ["src", "dst", "changed_seq"]):
            seqs = batch["changed_seq"].to_numpy()
            yield kind, batch["src"].to_numpy(), seqs
            yield kind, batch["dst"].to_numpy(), seqs


def lies_within(reader: Reader, scope: Scope, kind: str, nid: int) -> bool:
    """Whether a node lies in an area of the scope; what has no known place lies in none.

    A person lies where he lives, a firm where it is, a number or an account where its holders
    live.
    """
    if scope.is_everything:
        return True
    if kind in _HELD_BY:
        holders = _others(reader, nid, _HELD_BY[kind], "in")
        return any(lies_within(reader, scope, "Person", holder) for holder in holders)
    if kind not in _LIES_IN:
        return False
    cells = np.array(_others(reader, nid, _LIES_IN[kind], "out"), np.int64)
    tables = reader.get_nodes(np.unique(cells)).values()
    return any(scope.covers(str(key)) for table in tables for key in table["key"].to_pylist())


def _others(reader: Reader, nid: int, edge_kind: str, direction: str) -> list[int]:
    page = reader.neighbours(
        NeighbourQuery(nid, edge_kind, "in" if direction == "in" else "out", limit=1_000)
    )
    ends: list[int] = page.rows["src" if direction == "in" else "dst"].to_numpy().tolist()
    return ends
