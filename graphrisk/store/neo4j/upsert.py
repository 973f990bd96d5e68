"""Facts in: look up what is there in bulk, decide in NumPy, then CREATE. Never MERGE.

``MERGE`` between two bound nodes may walk all edges of a hub; a look-up by the indexed ``akey``
costs the same for every row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from graphrisk.core.clock import OPEN
from graphrisk.core.errors import Conflict, LimitExceeded
from graphrisk.store.contract import BatchInfo, Int64Array, UpsertResult
from graphrisk.store.neo4j.lists import Column, numbers
from graphrisk.store.neo4j.shapes import Shape
from graphrisk.store.neo4j.transaction import Transaction

_NONE = np.empty(0, np.int64)
_PAIR_BITS = 31
_SUMS = ("count", "seconds", "days")


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored for some of the rows handed in; arrays of one length."""

    position: Int64Array
    digest: Int64Array
    eid: Int64Array  # -1 for assertions of nodes
    nid: Int64Array  # -1 for edges
    number: Int64Array  # vid where there are versions


def upsert_states(
    tx: Transaction, shape: Shape, rows: pa.Table, info: BatchInfo
) -> tuple[UpsertResult, Int64Array]:
    """Add assertions that are new, and a version to those whose digest changed.

    Returns also, of assertions, the nodes of all versions that were added or closed.
    """
    stored = _stored(tx, shape, rows["akey"])
    changed = stored.digest != rows["digest"].to_numpy()[stored.position]
    fresh = np.ones(rows.num_rows, bool)
    fresh[stored.position] = False
    writes = fresh.copy()
    writes[stored.position[changed]] = True
    written = np.flatnonzero(writes)
    if not len(written):
        return UpsertResult(0, rows.num_rows, _NONE), _NONE
    close(tx, shape, stored.number[changed], info.known_at)
    columns = _columns(rows.take(written), shape)
    columns["vid"] = tx.take("next_vid", len(written))
    if shape.is_edge:
        eids = np.empty(rows.num_rows, np.int64)
        eids[fresh] = tx.take("next_eid", int(fresh.sum()))
        eids[stored.position[changed]] = stored.eid[changed]
        columns["eid"] = eids[written]
    constants = {"known_from": info.known_at, "known_to": OPEN}
    result = UpsertResult(len(written), rows.num_rows - len(written), _NONE)
    if shape.is_edge:
        create(tx, shape, columns, info, **constants)
        return result, _NONE
    create(tx, shape, columns, info, **constants, source=info.source)
    return result, np.union1d(_int64(columns["nid"]), stored.nid[changed])


def add_events(tx: Transaction, shape: Shape, rows: pa.Table, info: BatchInfo) -> UpsertResult:
    """Add events that are new; report those stored with another digest."""
    stored = _stored(tx, shape, rows["akey"])
    differs = stored.digest != rows["digest"].to_numpy()[stored.position]
    conflicts = np.sort(stored.position[differs])
    fresh = np.ones(rows.num_rows, bool)
    fresh[stored.position] = False
    written = np.flatnonzero(fresh)
    if len(written):
        columns = _columns(rows.take(written), shape)
        columns["eid"] = tx.take("next_eid", len(written))
        create(tx, shape, columns, info)
    unchanged = rows.num_rows - len(written) - len(conflicts)
    return UpsertResult(len(written), unchanged, conflicts)


def merge_aggregates(tx: Transaction, shape: Shape, rows: pa.Table, info: BatchInfo) -> int:
    """Add sums to the pairs that are there, create the others."""
    if not rows.num_rows:
        return 0
    pairs = _pairs(rows)
    stored = _stored(tx, shape, pairs)
    fresh = np.ones(rows.num_rows, bool)
    fresh[stored.position] = False
    if len(stored.position):
        columns = _columns(rows.take(stored.position), shape)
        sums = ", ".join(f"f.`{name}` = f.`{name}` + $`{name}`[i]" for name in _SUMS)
        tx.each(
            f"MATCH {shape.by('akey')} WHERE f.akey = $akey[i] SET {sums}, "
            "f.first = CASE WHEN $first[i] < f.first THEN $first[i] ELSE f.first END, "
            "f.last = CASE WHEN $last[i] > f.last THEN $last[i] ELSE f.last END, "
            "f.batch_id = $batch_id, f.seq = $seq",
            {**columns, "akey": pairs[stored.position]},
            batch_id=tx.batch_id(info),
            seq=tx.seq,
        )
        tx.note_change(shape.name)
    created = np.flatnonzero(fresh)
    if len(created):
        columns = _columns(rows.take(created), shape)
        columns |= {"akey": pairs[created], "eid": tx.take("next_eid", len(created))}
        create(tx, shape, columns, info)
    return rows.num_rows


def create(
    tx: Transaction,
    shape: Shape,
    columns: Mapping[str, Column],
    info: BatchInfo,
    **constants: int | str,
) -> None:
    """Create one fact a row. Edges find their ends by internal id, checked against the nid."""
    constants |= {"batch_id": tx.batch_id(info), "seq": tx.seq}
    ends = ("src", "dst") if shape.is_edge else ()
    values = [f"`{name}`: $`{name}`[i]" for name in columns if name not in ends]
    values += [f"`{name}`: ${name}" for name in constants]
    body = "{" + ", ".join(values) + "}"
    if shape.is_edge:
        for end in ends:
            columns = {**columns, f"{end}_id": tx.ids_of(_int64(columns[end]))}
        cypher = (
            "MATCH (a) WHERE id(a) = $src_id[i] AND a.nid = $src[i] "
            "MATCH (b) WHERE id(b) = $dst_id[i] AND b.nid = $dst[i] "
            f"CREATE (a)-[f:`{shape.name}` {body}]->(b) RETURN count(f) AS n"
        )
    else:
        tx.ids_of(_int64(columns["nid"]))
        cypher = f"CREATE (f:`{shape.name}Assertion` {body}) RETURN count(f) AS n"
    tx.note_change(shape.name)
    made = sum(record["n"] for record in tx.each(cypher, columns, **constants))
    if made != len(next(iter(columns.values()))):
        raise Conflict("a node was erased while edges to it were written")


def close(tx: Transaction, shape: Shape, vids: Int64Array, known_at: int) -> None:
    """End the knowledge of versions."""
    if len(vids):
        tx.note_change(shape.name)
        tx.each(
            f"MATCH {shape.by('vid')} WHERE f.vid = $vid[i] "
            "SET f.known_to = $known_to, f.seq = $seq",
            {"vid": vids},
            known_to=known_at,
            seq=tx.seq,
        )


def _stored(tx: Transaction, shape: Shape, akeys: Column) -> Stored:
    """The open version of each assertion, or the event or pair, that is there."""
    versions = shape.number == "vid"
    eid, nid = ("f.eid", "-1") if shape.is_edge else ("-1", "f.nid")
    parts = tx.each(
        f"MATCH {shape.by('akey')} WHERE f.akey = $akey[i] "
        f"{f'AND f.known_to = {OPEN} ' if versions else ''}"
        "RETURN collect($chunk_start + i) AS position, collect(coalesce(f.digest, 0)) AS digest, "
        f"collect({eid}) AS eid, collect({nid}) AS nid, "
        f"collect(f.{shape.number}) AS number",
        {"akey": akeys},
    )
    names = ("position", "digest", "eid", "nid", "number")
    if not parts:
        return Stored(_NONE, _NONE, _NONE, _NONE, _NONE)
    return Stored(*(np.concatenate([numbers(part[name]) for part in parts]) for name in names))


def _columns(rows: pa.Table, shape: Shape) -> dict[str, Column]:
    """The columns of the kind that the rows have: ends, identity, validity and properties."""
    known = {"nid", "src", "dst", "akey", "digest", "row", "valid_from", "valid_to"}
    return {name: rows[name] for name in rows.column_names if name in known | {*shape.properties}}


def _pairs(rows: pa.Table) -> Int64Array:
    """One number for each pair of nodes."""
    src, dst = _int64(rows["src"]), _int64(rows["dst"])
    if max(src.max(), dst.max()) >> _PAIR_BITS:
        raise LimitExceeded("aggregates are kept for the first 2^31 nodes only")
    return (src << _PAIR_BITS) | dst


def _int64(column: Column) -> Int64Array:
    return (column if isinstance(column, np.ndarray) else column.to_numpy()).astype(np.int64)
