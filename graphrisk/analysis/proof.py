"""What evidence a finding rests on, counted by kind of edge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrisk.analysis.model import Finding
from graphrisk.store.contract import Reader
from graphrisk_schema.model import PropertyType
from graphrisk_schema.reader import load_schema


@dataclass(frozen=True, slots=True)
class Proof:
    """The evidence of one edge kind: how many, from when to when, how much money."""

    edge: str
    count: int
    first: int | None  # epoch ms UTC; None where the edge kind has no time
    last: int | None
    fen: int | None  # None where the edge kind moves no money


def proofs(finding: Finding, reader: Reader) -> list[Proof]:
    """The finding's evidence by edge kind, most edges first. Cost: one read."""
    tables = reader.get_edges(np.array(finding.evidence, dtype=np.int64))
    found = [_proof(kind, table) for kind, table in sorted(tables.items()) if len(table)]
    return sorted(found, key=lambda one: (-one.count, one.edge))


def _proof(kind: str, table: pa.Table) -> Proof:
    of = {one.name: one.type for one in load_schema().edges[kind].properties}
    times = [time for time in _values(table, of, PropertyType.TIME) if time]
    money = _values(table, of, PropertyType.MONEY)
    return Proof(
        edge=kind,
        count=len(table),
        first=min(times, default=None),
        last=max(times, default=None),
        fen=sum(money) if money else None,
    )


def _values(table: pa.Table, of: dict[str, PropertyType], wanted: PropertyType) -> list[int]:
    """Values of all columns of a type, without nulls."""
    columns = [name for name in table.column_names if of.get(name) is wanted]
    return [
        int(value)
        for name in columns
        for value in pc.drop_null(table[name]).to_pylist()
        if value is not None
    ]
