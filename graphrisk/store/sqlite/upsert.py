"""Facts in: look up what is there in one statement, decide in NumPy, write in row order."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from graphrisk.core.clock import OPEN
from graphrisk.core.errors import LimitExceeded
from graphrisk.store.contract import BatchInfo, Int64Array, UpsertResult
from graphrisk.store.sqlite.bulk import Bulk
from graphrisk.store.sqlite.rows import Column, array, int64, values
from graphrisk.store.sqlite.shapes import Facts
from graphrisk.store.sqlite.transaction import Transaction
from graphrisk_schema.model import Nature

_NONE = np.empty(0, np.int64)
_STATED = ("valid_from", "valid_to")
_PAIR_BITS = 31
_PAIR_MASK = (1 << _PAIR_BITS) - 1


def upsert_states(
    tx: Transaction, facts: Facts, rows: pa.Table, info: BatchInfo
) -> tuple[UpsertResult, Int64Array]:
    """Add assertions that are new, and a version to those whose digest changed.

    Returns also the (first) nodes of all versions that were added or closed.
    """
    vid, digest, eid, near = _stored(tx, facts, rows)
    fresh = vid < 0
    changed = ~fresh & (digest != int64(rows, "digest"))
    written = np.flatnonzero(fresh | changed)
    if not len(written):
        return UpsertResult(0, rows.num_rows, _NONE), _NONE
    close(tx, facts, vid[changed], info.known_at)
    columns = _columns(rows.take(written), facts)
    columns |= {"vid": tx.take("next_vid", len(written))}
    columns |= {"known_from": info.known_at, "known_to": OPEN}
    if facts.has_eid:
        eid[fresh] = tx.take("next_eid", int(fresh.sum()))
        columns["eid"] = eid[written]
    _insert(tx, facts, columns, info)
    touched = np.union1d(int64(rows, facts.ends[0])[written], near[changed])
    return UpsertResult(len(written), rows.num_rows - len(written), _NONE), touched


def add_events(
    tx: Transaction, facts: Facts, rows: pa.Table, info: BatchInfo, bulk: Bulk
) -> UpsertResult:
    """Add events that are new; report those stored with another digest."""
    digests = int64(rows, "digest")
    settled = bulk.settle(tx, facts, int64(rows, "akey"), digests)
    if settled is None:
        eid, held, _, _ = _stored(tx, facts, rows)
        settled = held, eid < 0
    held, fresh = settled
    conflicts = np.flatnonzero(~fresh & (held != digests))
    written = np.flatnonzero(fresh)
    if len(written):
        new = rows if len(written) == rows.num_rows else rows.take(written)
        columns = _columns(new, facts) | {"eid": tx.take("next_eid", len(written))}
        _insert(tx, facts, columns, info)
    return UpsertResult(len(written), rows.num_rows - len(written) - len(conflicts), conflicts)


def merge_aggregates(tx: Transaction, facts: Facts, rows: pa.Table, info: BatchInfo) -> int:
    """Add sums to the pairs that are there, create the others."""
    if not rows.num_rows:
        return 0
    eid = _stored_pairs(tx, facts, rows)
    there, new = np.flatnonzero(eid >= 0), np.flatnonzero(eid < 0)
    if len(there):
        _add_to_pairs(tx, facts, rows.take(there), eid[there], info)
    if len(new):
        columns = _columns(rows.take(new), facts)
        _insert(tx, facts, columns | {"eid": tx.take("next_eid", len(new))}, info)
    return rows.num_rows


def close(tx: Transaction, facts: Facts, vids: Int64Array, known_at: int) -> None:
    """End the knowledge of versions."""
    if len(vids):
        tx.run(
            f"UPDATE {facts.table} SET known_to = ?, changed_seq = ? "
            "WHERE vid IN (SELECT value FROM carray(?))",
            (known_at, tx.seq, array(vids)),
        )
        tx.changed = True


def _stored(
    tx: Transaction, facts: Facts, rows: pa.Table
) -> tuple[Int64Array, Int64Array, Int64Array, Int64Array]:
    """Number, digest, eid and (first) node of each row's open version or event; -1 if none.

    A left join on an array keeps the array's order.
    """
    if not rows.num_rows:
        return _NONE, _NONE, _NONE, _NONE
    eid = "f.eid" if facts.has_eid else "-1"
    open_only = f" AND f.known_to = {OPEN}" if facts.nature is Nature.STATE else ""
    found = tx.numbers(
        f"SELECT coalesce(f.{facts.number}, -1), coalesce(f.digest, 0), coalesce({eid}, -1), "
        f"coalesce(f.{facts.ends[0]}, -1) "
        f"FROM carray(?) LEFT JOIN {facts.table} f ON f.akey = value{open_only}",
        (array(int64(rows, "akey")),),
        width=4,
    )
    return found[:, 0], found[:, 1], found[:, 2].copy(), found[:, 3]


def _stored_pairs(tx: Transaction, facts: Facts, rows: pa.Table) -> Int64Array:
    """The eid of each pair, -1 where there is none."""
    src, dst = int64(rows, "src"), int64(rows, "dst")
    if max(src.max(), dst.max()) > _PAIR_MASK:
        raise LimitExceeded("aggregates are kept for the first 2^31 nodes only")
    return tx.numbers(
        f"SELECT coalesce(f.eid, -1) FROM carray(?) LEFT JOIN {facts.table} f "
        f"ON f.src = value >> {_PAIR_BITS} AND f.dst = value & {_PAIR_MASK}",
        (array((src << _PAIR_BITS) | dst),),
    )[:, 0]


def _add_to_pairs(
    tx: Transaction, facts: Facts, rows: pa.Table, eid: Int64Array, info: BatchInfo
) -> None:
    names = ("count", "seconds", "days", "first", "last")
    lists = [values(rows.column(name)) for name in names]
    tx.connection.executemany(
        f'UPDATE {facts.table} SET "count" = "count" + ?, seconds = seconds + ?, days = days + ?, '
        '"first" = min("first", ?), "last" = max("last", ?), '
        f"batch_id = {tx.batch_id(info)}, changed_seq = {tx.seq} WHERE eid = ?",
        zip(*lists, values(eid), strict=True),
    )
    tx.changed = True


def _insert(
    tx: Transaction, facts: Facts, columns: dict[str, Column | int], info: BatchInfo
) -> None:
    provenance = {"batch_id": tx.batch_id(info), "changed_seq": tx.seq}
    tx.insert(facts.table, {**columns, **provenance})


def _columns(rows: pa.Table, facts: Facts) -> dict[str, Column | int]:
    """The columns of the table that the rows have: ends, identity, validity and properties."""
    known: tuple[str, ...] = (*facts.ends, *facts.properties)
    if facts.nature is not Nature.AGGREGATE:
        known += ("akey", "digest", "row")
    if facts.nature is Nature.STATE:
        known += _STATED
    return {name: rows.column(name) for name in rows.column_names if name in known}
