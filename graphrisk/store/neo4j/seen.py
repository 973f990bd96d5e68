"""Which facts a read sees: the ``WHERE`` of an ``AsOf``, and the columns of an answer."""

from __future__ import annotations

import pyarrow as pa

from graphrisk.core.clock import OPEN
from graphrisk.store.contract import AsOf
from graphrisk.store.neo4j.connection import Read
from graphrisk.store.neo4j.lease import STORE
from graphrisk.store.neo4j.lists import Collected
from graphrisk.store.neo4j.shapes import Shape
from graphrisk_schema.model import Nature

#: What every fact has; properties of the vocabulary may be null.
_ALWAYS = frozenset(
    {"vid", "eid", "nid", "src", "dst", "batch_id", "changed_seq", "key", "source"}
    | {"valid_from", "valid_to", "known_from", "known_to"}
)
_ELSEWHERE = {"src": "a.nid", "dst": "b.nid", "changed_seq": "f.seq"}


def seen(shape: Shape, as_of: AsOf) -> str:
    """Condition on the fact ``f``; takes ``$valid_at`` and ``$known_at`` from ``times``."""
    if shape.nature is not Nature.STATE:
        if as_of.known_at is None:
            return "true"
        return "EXISTS { MATCH (p:Batch {batch_id: f.batch_id}) WHERE p.known_at <= $known_at }"
    known = f"f.known_to = {OPEN}"
    if as_of.known_at is not None:
        known = "f.known_from <= $known_at AND f.known_to > $known_at"
    return f"{known} AND f.valid_from <= $valid_at AND f.valid_to > $valid_at"


def times(read: Read, as_of: AsOf) -> dict[str, int | None]:
    """The parameters of ``seen``; without ``valid_at`` the store's latest known time."""
    valid_at = as_of.valid_at
    if valid_at is None:
        valid_at = read(f"{STORE} RETURN s.latest AS latest")[0]["latest"]
    return {"valid_at": valid_at, "known_at": as_of.known_at}


def columns(schema: pa.Schema, **expressions: str) -> list[Collected]:
    """How each column of a table is read from ``(a)-[f]->(b)`` or the assertion ``f``."""
    places = _ELSEWHERE | expressions
    return [
        Collected(field, places.get(field.name, f"f.`{field.name}`"), field.name not in _ALWAYS)
        for field in schema
    ]
