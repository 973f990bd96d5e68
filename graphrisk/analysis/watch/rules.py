"""What changed between two versions of a graph, of the nodes that somebody watches."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import numpy as np

from graphrisk.analysis.watch.model import PROPERTIES
from graphrisk.store.contract import Int64Array, Reader
from graphrisk_schema.reader import load_schema


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
