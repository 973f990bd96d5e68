"""Erase nodes for good, with everything that hangs on them."""

from __future__ import annotations

from graphrisk.store.contract import Int64Array
from graphrisk.store.neo4j.connection import CHUNK
from graphrisk.store.neo4j.shapes import BY_NID, assertions
from graphrisk.store.neo4j.transaction import Transaction


def erase(tx: Transaction, nids: Int64Array) -> int:
    """Erase edges, then assertions, then nodes; at most ``CHUNK`` things a statement.

    The nids are kept as erased, so that a copy of the columns can follow.
    """
    named = [int(nid) for nid in nids]
    found = tx.run(
        f"UNWIND $nids AS nid MATCH (n:Node {{nid: nid}}) {BY_NID} "
        "UNWIND labels(n) AS kind WITH nid, kind WHERE kind <> 'Node' "
        "RETURN kind, collect(DISTINCT nid) AS nids",
        nids=named,
    )
    if not found:
        return 0
    erased = sum(len(record["nids"]) for record in found)
    tx.note_change()
    _repeat(
        tx,
        f"MATCH (n:Node {{nid: nid}})-[r]-() {BY_NID} WITH DISTINCT r LIMIT $most DELETE r",
        named,
    )
    for record in found:
        kind, of_kind = record["kind"], record["nids"]
        fact = f"MATCH {assertions(kind).by('nid')} WHERE f.nid = nid"
        _repeat(tx, f"{fact} WITH f LIMIT $most DELETE f", of_kind)
        tx.run(
            f"UNWIND $nids AS nid MATCH (n:Node {{nid: nid}}) {BY_NID} DELETE n "
            "CREATE (:Erased {nid: nid, seq: $seq})",
            nids=of_kind,
            seq=tx.seq,
        )
    tx.places.forget()
    return erased


def _repeat(tx: Transaction, statement: str, nids: list[int]) -> None:
    """Run a bounded delete for the nids until nothing is left."""
    while tx.run(f"UNWIND $nids AS nid {statement} RETURN count(*) AS n", nids=nids, most=CHUNK)[0][
        "n"
    ]:
        pass
