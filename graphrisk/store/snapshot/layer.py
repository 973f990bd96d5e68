"""One table of the snapshot: a memory-mapped base, a small delta, and the base's dead rows.

A refresh rewrites only delta and dead; when together they exceed ``COMPACT_SHARE`` of the base
they are folded into a new one. All rows stay in ascending key order, so that layers read together
give the same rows, and a folded base the same bytes, whatever way they came about.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphrisk.store.contract import Int64Array
from graphrisk.store.snapshot.shapes import Changes, Content, Part, in_order, part_schema
from graphrisk_algorithms.graph import Numbers

#: Deltas above this share of the base are folded into it (design: "compacted at 1 %").
COMPACT_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Layer:
    """Rows of one part: ``base`` without the rows at positions ``dead``, plus ``delta``."""

    part: Part
    base: pa.Table
    delta: pa.Table
    dead: Int64Array  # ascending positions in base

    @classmethod
    def empty(cls, part: Part) -> Layer:
        """No rows."""
        nothing = part_schema(part).empty_table()
        return cls(part, nothing, nothing, np.empty(0, np.int64))

    def __len__(self) -> int:
        return self.base.num_rows - len(self.dead) + self.delta.num_rows

    @property
    def is_plain(self) -> bool:
        """True when the base alone is everything."""
        return self.delta.num_rows == 0 and len(self.dead) == 0

    def apply(self, changes: Changes) -> Layer:
        """The layer after an export. Cost: linear in the changes and the delta."""
        if not len(changes.touched):
            return self
        keys = self._keys(self.base)
        found = np.searchsorted(keys, changes.touched)
        hit = found[found < len(keys)]
        hit = hit[keys[hit] == changes.touched[found < len(keys)]]
        stays = ~np.isin(self._keys(self.delta), changes.touched, assume_unique=True)
        delta = pa.concat_tables([self.delta.filter(pa.array(stays)), changes.rows])
        dead = np.union1d(self.dead, hit.astype(np.int64))
        return Layer(self.part, self.base, in_order(delta, self.part.key), dead)

    def erase(self, nids: Int64Array) -> Layer:
        """The layer without rows about erased nodes, folded at once: the data must leave the disk.

        Cost: one pass over the node columns.
        """
        base, delta = (self._names(table, nids) for table in (self.base, self.delta))
        if not base.any() and not delta.any():
            return self
        dead = np.union1d(self.dead, np.flatnonzero(base))
        return Layer(self.part, self.base, self.delta.filter(pa.array(~delta)), dead).folded()

    def folded(self) -> Layer:
        """Everything in the base."""
        if self.is_plain:
            return self
        nothing = part_schema(self.part).empty_table()
        return Layer(self.part, self.table(), nothing, np.empty(0, np.int64))

    def is_heavy(self) -> bool:
        """True when it pays to fold."""
        share = COMPACT_SHARE * self.base.num_rows
        return self.delta.num_rows + len(self.dead) > share

    def table(self) -> pa.Table:
        """All rows in key order."""
        if self.is_plain:
            return self.base
        if self.part.content is Content.EDGES:
            schema = part_schema(self.part)
            arrays = [pa.array(column) for column in self.numbers(*schema.names)]
            return pa.Table.from_arrays(arrays, schema=schema)
        alive = np.ones(self.base.num_rows, np.bool_)
        alive[self.dead] = False
        rows = pa.concat_tables([self.base.filter(pa.array(alive)), self.delta])
        return in_order(rows, self.part.key)

    def numbers(self, *names: str) -> list[Numbers]:
        """Columns without nulls, all rows in key order; views of the files when plain.

        Cost: one copy of each column, plus one for each of removals and insertions amid the base.
        """
        base = [self.base.column(name).to_numpy() for name in names]
        if self.is_plain:
            return base
        delta = [self.delta.column(name).to_numpy() for name in names]
        keys, new_keys = self._keys(self.base), self._keys(self.delta)
        spot = np.searchsorted(keys, new_keys)
        same = np.zeros(len(new_keys), np.bool_)
        inside = spot < len(keys)
        same[inside] = keys[spot[inside]] == new_keys[inside]
        removed = np.setdiff1d(self.dead, spot[same], assume_unique=True)
        added = spot[~same] - np.searchsorted(removed, spot[~same])
        merged: list[Numbers] = []
        for old, new in zip(base, delta, strict=True):
            column = _replaced(old, spot[same], new[same])
            column = np.delete(column, removed) if len(removed) else column
            merged.append(_inserted(column, added, new[~same]))
        return merged

    def _keys(self, table: pa.Table) -> Int64Array:
        keys: Int64Array = table.column(self.part.key).to_numpy()
        return keys

    def _names(self, table: pa.Table, nids: Int64Array) -> npt.NDArray[np.bool_]:
        named = np.zeros(table.num_rows, np.bool_)
        for end in self.part.ends:
            named |= np.isin(table.column(end).to_numpy(), nids)
        return named


def _replaced(old: Numbers, at: npt.NDArray[np.intp], new: Numbers) -> Numbers:
    if not len(at):
        return old
    column = old.copy()
    column[at] = new
    return column


def _inserted(old: Numbers, at: npt.NDArray[np.intp], new: Numbers) -> Numbers:
    """``new`` put before positions ``at`` (ascending); at the end it is a plain append."""
    if not len(at):
        return old
    if at[0] == len(old):
        return np.concatenate([old, new])
    return np.insert(old, at, new)
