"""What a full delivery no longer names has ended."""

from __future__ import annotations

import numpy as np

from graphrisk.core.clock import OPEN
from graphrisk.store.contract import BatchInfo, Int64Array
from graphrisk.store.neo4j.connection import CHUNK
from graphrisk.store.neo4j.lists import numbers
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

    Cost: one pass over the kind's versions; memory three numbers an open state.
    """
    vids, ids = _absent(tx, shape, source, akeys)
    if not len(vids):
        return 0
    order = np.argsort(vids)  # vids are given out in the order of the old ones
    _add_ended(tx, shape, ids[order], info)
    close(tx, shape, ids[order], info.known_at)
    return len(vids)


def _absent(
    tx: Transaction, shape: Shape, source: str, akeys: Int64Array
) -> tuple[Int64Array, Int64Array]:
    """Vid and internal id of the open versions that are not named."""
    batches = tx.run(
        "MATCH (b:Batch {source: $source}) RETURN collect(b.batch_id) AS ids", source=source
    )
    of_source = numbers(batches[0]["ids"])
    vids, ids = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for part in tx.stream(
        "UNWIND range(0, $end, $chunk) AS start CALL { WITH start "
        f"MATCH {shape.pattern} WHERE f.vid >= start AND f.vid < start + $chunk "
        "AND f.known_to = $open AND f.valid_to = $open RETURN collect(f.vid) AS vid, "
        "collect(id(f)) AS id, collect(f.akey) AS akey, collect(f.batch_id) AS batch_id } "
        "RETURN vid, id, akey, batch_id",
        end=tx.following("next_vid"),
        chunk=CHUNK,
        open=OPEN,
    ):
        absent = np.isin(numbers(part["batch_id"]), of_source)
        absent &= ~np.isin(numbers(part["akey"]), akeys)
        vids.append(numbers(part["vid"])[absent])
        ids.append(numbers(part["id"])[absent])
    return np.concatenate(vids), np.concatenate(ids)


def _add_ended(tx: Transaction, shape: Shape, ids: Int64Array, info: BatchInfo) -> None:
    """Successors that say what their versions said, and that it ended when we learnt it."""
    identity = ("eid", "akey", "row") if shape.is_edge else ("nid", "akey", "row", "source")
    same = [f"`{name}`: f.`{name}`" for name in (*identity, "valid_from", *shape.properties)]
    own = ["vid: $vid[i]"]
    own += [f"{name}: ${name}" for name in ("valid_to", "known_from", "known_to")]
    own += [f"{name}: ${name}" for name in ("digest", "batch_id", "seq")]
    body = "{" + ", ".join((*same, *own)) + "}"
    found, made = ("(a)-[f]->(b)", f"(a)-[:`{shape.name}` {body}]->(b)")
    if not shape.is_edge:
        found, made = ("(f)", f"(:`{shape.name}Assertion` {body})")
    tx.changed = True
    tx.each(
        f"MATCH {found} WHERE id(f) = $id[i] CREATE {made}",
        {"id": ids, "vid": tx.take("next_vid", len(ids))},
        valid_to=info.known_at,
        known_from=info.known_at,
        known_to=OPEN,
        digest=_ENDED,
        batch_id=tx.batch_id(info),
        seq=tx.seq,
    )
