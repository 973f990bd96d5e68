"""What a full delivery no longer names has ended."""

from __future__ import annotations

import numpy as np

from graphrisk.core.clock import OPEN
from graphrisk.core.runs import contains
from graphrisk.store.contract import BatchInfo, Int64Array
from graphrisk.store.sqlite.rows import array
from graphrisk.store.sqlite.shapes import Facts
from graphrisk.store.sqlite.transaction import Transaction
from graphrisk.store.sqlite.upsert import close

#: Digest of a version that says "ended": the row, delivered again, differs from it and starts a
#: new version.
_ENDED = -(2**63)
#: Versions looked at at once.
_PIECE = 1 << 18


def close_absent(
    tx: Transaction, facts: Facts, source: str, akeys: Int64Array, info: BatchInfo
) -> Int64Array:
    """End each open state of ``source`` whose akey is not in the sorted ``akeys``.

    Returns the (first) node of each. Cost: one pass over the kind's versions; memory three numbers
    an absent state.
    """
    absent = _absent(tx, facts, source, akeys, info.known_at)
    vids = absent[:, 0]
    if len(vids):
        close(tx, facts, vids, info.known_at)
        _add_ended(tx, facts, vids, info)
    return absent[:, 2]


def _absent(
    tx: Transaction, facts: Facts, source: str, akeys: Int64Array, known_at: int
) -> Int64Array:
    """Vid, akey and (first) node of the open versions that are not named, in order of vid."""
    found = [np.empty((0, 3), np.int64)]
    last = tx.run(f"SELECT coalesce(max(vid), 0) FROM {facts.table}")[0][0]
    assert isinstance(last, int)
    for start in range(0, last + 1, _PIECE):
        part = tx.numbers(
            f"SELECT vid, akey, {facts.ends[0]} FROM {facts.table} WHERE vid >= ? AND vid < ? "
            f"AND known_to = {OPEN} AND valid_to > ? "
            "AND batch_id IN (SELECT batch_id FROM batch WHERE source = ?) ORDER BY vid",
            (start, start + _PIECE, known_at, source),
            width=3,
        )
        found.append(part[~contains(akeys, part[:, 1])])
    return np.concatenate(found)


def _add_ended(tx: Transaction, facts: Facts, vids: Int64Array, info: BatchInfo) -> None:
    """Successors that say what the closed versions said, and that it ended when we learnt it."""
    kept = [*facts.ends, "akey", "row", "valid_from", *facts.properties]
    kept += ["eid"] if facts.has_eid else []
    same = ", ".join(f'"{name}"' for name in kept)
    first = int(tx.take("next_vid", len(vids))[0])
    tx.run(
        f"INSERT INTO {facts.table} (vid, digest, batch_id, changed_seq, valid_to, known_from, "
        f"known_to, {same}) SELECT {first} - 1 + row_number() OVER (ORDER BY vid), {_ENDED}, "
        f"{tx.batch_id(info)}, {tx.seq}, {info.known_at}, {info.known_at}, {OPEN}, {same} "
        f"FROM {facts.table} WHERE vid IN (SELECT value FROM carray(?))",
        (array(vids),),
    )
