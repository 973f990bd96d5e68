"""What a full delivery no longer names has ended."""

from __future__ import annotations

import numpy as np

from graphrisk.core.clock import OPEN
from graphrisk.core.runs import contains
from graphrisk.store.contract import BatchInfo, Int64Array
from graphrisk.store.neo4j.connection import CHUNK
from graphrisk.store.neo4j.lists import numbers
from graphrisk.store.neo4j.search import index_terms
from graphrisk.store.neo4j.shapes import Shape
from graphrisk.store.neo4j.transaction import Transaction
from graphrisk.store.neo4j.upsert import close

#: Digest of a version that says "ended": the row, delivered again, differs from it and starts a
#: new version.
_ENDED = -(2**63)


def close_absent(
    tx: Transaction, shape: Shape, source: str, akeys: Int64Array, info: BatchInfo
) -> int:
    """End each open state of ``source`` whose akey is not in the sorted ``akeys``.

    Cost: one pass over the kind's versions; memory three numbers an absent state.
    """
    absent = _absent(tx, shape, source, akeys, info.known_at)
    if not len(absent):
        return 0
    vids, nids = absent[np.argsort(absent[:, 0])].T  # new vids follow the order of the old
    _add_ended(tx, shape, vids, info)
    close(tx, shape, vids, info.known_at)
    if not shape.is_edge:
        index_terms(tx, shape.name, nids)
    return len(absent)


def _absent(
    tx: Transaction, shape: Shape, source: str, akeys: Int64Array, known_at: int
) -> Int64Array:
    """Vid and nid (of edges: -1) of the open versions that are not named."""
    batches = tx.run(
        "MATCH (b:Batch {source: $source}) RETURN collect(b.batch_id) AS ids", source=source
    )
    of_source = numbers(batches[0]["ids"])
    found = [np.empty((0, 2), np.int64)]
    for part in tx.stream(
        "UNWIND range(0, $end, $chunk) AS start CALL { WITH start "
        f"MATCH {shape.by('vid')} WHERE f.vid >= start AND f.vid < start + $chunk "
        "AND f.known_to = $open AND f.valid_to > $known_at RETURN collect(f.vid) AS vid, "
        "collect(coalesce(f.nid, -1)) AS nid, collect(f.akey) AS akey, "
        "collect(f.batch_id) AS batch_id } RETURN vid, nid, akey, batch_id",
        end=tx.following("next_vid"),
        chunk=CHUNK,
        open=OPEN,
        known_at=known_at,
    ):
        absent = np.isin(numbers(part["batch_id"]), of_source)
        absent &= ~contains(akeys, numbers(part["akey"]))
        rows = np.stack([numbers(part[name]) for name in ("vid", "nid")], axis=1)
        found.append(rows[absent])
    return np.concatenate(found)


def _add_ended(tx: Transaction, shape: Shape, vids: Int64Array, info: BatchInfo) -> None:
    """Successors that say what their versions said, and that it ended when we learnt it."""
    identity = ("eid", "akey", "row") if shape.is_edge else ("nid", "akey", "row", "source")
    same = [f"`{name}`: f.`{name}`" for name in (*identity, "valid_from", *shape.properties)]
    own = ["vid: $next[i]"]
    own += [f"{name}: ${name}" for name in ("valid_to", "known_from", "known_to")]
    own += [f"{name}: ${name}" for name in ("digest", "batch_id", "seq")]
    body = "{" + ", ".join((*same, *own)) + "}"
    ends, made = "", f"(:`{shape.name}Assertion` {body})"
    if shape.is_edge:
        ends = "WITH i, f, startNode(f) AS a, endNode(f) AS b "
        made = f"(a)-[:`{shape.name}` {body}]->(b)"
    tx.note_change(shape.name)
    tx.each(
        f"MATCH {shape.by('vid')} WHERE f.vid = $vid[i] {ends}CREATE {made}",
        {"vid": vids, "next": tx.take("next_vid", len(vids))},
        valid_to=info.known_at,
        known_from=info.known_at,
        known_to=OPEN,
        digest=_ENDED,
        batch_id=tx.batch_id(info),
        seq=tx.seq,
    )
