"""Records as numbers: each value coded once, equal values alike, whatever column they stand in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

pc: Any = pyarrow.compute
Int64Array = npt.NDArray[np.int64]
Int32Array = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Shared:
    """A column of lists. Of what more than ``hub`` records have, nobody is known by."""

    name: str
    hub: int
    #: A column of yes and no: where it is yes, having nothing in common says nothing.
    doubtful: str | None = None
    #: Relatives share it: it supports that two are one, but does not make it so.
    accompanies: bool = False
    #: Columns by which two persons come to have the same one: a number that was given out twice is
    #: given to two of one year, one that was copied stands with a relative in the same place.
    lent: tuple[str, ...] = ()
    #: A column of places: what two have in common by chance is asked apart of those who have a
    #: place in common. One family uses one handset.
    within: str | None = None
    #: A column of more such things, those of the people around: in common there alone is less.
    around: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What of two records is compared.

    ``texts`` are columns compared sign by sign (missing where null), ``shared`` columns of lists
    of things (phones, devices) of which two records may have some in common. ``swapped`` names
    pairs of text columns that a clerk may exchange: given and family name. A column named in
    ``sounds`` is alike as far as its second column is, word by word: two names written unlike that
    sound alike. In ``numbers``, columns of whole numbers, one more or less is nearly the same.
    """

    texts: tuple[str, ...]
    shared: tuple[Shared, ...] = ()
    swapped: tuple[tuple[str, str], ...] = ()
    sounds: tuple[tuple[str, str], ...] = ()
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Texts:
    """The distinct values of a column, or of columns that may be exchanged."""

    values: pa.Array[Any]

    @cached_property
    def signs(self) -> tuple[Int64Array, Int32Array, Int64Array]:
        """As ``text_levels`` reads them: starts, code points, alphabets."""
        ends = np.cumsum(np.asarray(pc.utf8_length(self.values)), dtype=np.int64)
        starts = np.concatenate([np.zeros(1, np.int64), ends])
        joined = "".join(map(str, self.values.to_pylist())).encode("utf-32-le")
        points = np.frombuffer(joined, np.int32)
        alphabets = np.zeros(len(self.values), np.int64)
        owner = np.repeat(np.arange(len(self.values)), np.diff(starts))
        np.bitwise_or.at(alphabets, owner, np.int64(1) << (points % 63).astype(np.int64))
        return starts, points, alphabets

    @cached_property
    def words(self) -> tuple[Int64Array, Int32Array]:
        """As ``word_levels`` reads them: where each text's words start, and words as numbers."""
        lists = pc.split_pattern(self.values, " ")
        owner = np.asarray(pc.list_parent_indices(lists), np.int64)
        word = pc.list_flatten(lists).dictionary_encode().indices
        number = np.asarray(word, np.int32)
        starts = np.searchsorted(owner, np.arange(len(self.values) + 1))
        return starts, number[np.lexsort((number, owner))]

    @cached_property
    def numbers(self) -> Int64Array:
        """The values as whole numbers; behind them one for whatever is missing."""
        return np.append(np.asarray(self.values.cast(pa.int64())), 0)


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column of texts: ``codes`` number its values in ``texts``, -1 where missing."""

    name: str
    codes: Int32Array
    texts: Texts
    sound: TextColumn | None = None
    counts: bool = False  # whole numbers


@dataclass(frozen=True, slots=True)
class SharedColumn:
    """A column of lists: row ``r`` has ``items[starts[r]:starts[r + 1]]``, ascending."""

    name: str
    starts: Int64Array
    items: Int32Array
    accompanies: bool
    doubtful: npt.NDArray[np.bool_]
    lent: tuple[str, ...] = ()
    within: str | None = None
    around: SharedColumn | None = None

    @property
    def apart(self) -> str:
        """Name of the field of those who have a place in common."""
        return f"{self.name} within {self.within}"

    def rows(self) -> Int64Array:
        """The row of each item."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))


def text_columns(records: pa.Table, plan: Plan) -> list[TextColumn]:
    """The text columns of ``plan``; columns that may be exchanged share their values."""
    partner = {one: pair for pair in plan.swapped for one in pair}
    known: dict[tuple[str, ...], tuple[Texts, dict[str, Int32Array]]] = {}
    for name in plan.texts:
        together = partner.get(name, (name,))
        if together not in known:
            known[together] = _coded(records, together)
    found = []
    for name in plan.texts:
        texts, codes = known[partner.get(name, (name,))]
        sound, counts = _sound(records, plan, name), name in plan.numbers
        found.append(TextColumn(name, codes[name], texts, sound, counts))
    return found


def _sound(records: pa.Table, plan: Plan, name: str) -> TextColumn | None:
    sound = dict(plan.sounds).get(name)
    if sound is None:
        return None
    texts, codes = _coded(records, (sound,))
    return TextColumn(sound, codes[sound], texts)


def _coded(records: pa.Table, names: Iterable[str]) -> tuple[Texts, dict[str, Int32Array]]:
    columns = {name: records.column(name).cast(pa.large_string()) for name in names}
    chunks = [chunk for column in columns.values() for chunk in column.chunks]
    values = pc.unique(pa.chunked_array(chunks, pa.large_string())).drop_null()
    values = values.take(pc.sort_indices(values))  # numbers must not follow the order of rows
    codes = {}
    for name, column in columns.items():
        place = pc.fill_null(pc.index_in(column, values), -1)
        codes[name] = np.asarray(place.combine_chunks(), np.int32)
    return Texts(values), codes


def shared_column(records: pa.Table, shared: Shared) -> SharedColumn:
    """A list column without its hubs, and what stands around it."""
    starts, items = _without_hubs(records, shared.name, shared.hub)
    doubtful = np.zeros(records.num_rows, np.bool_)
    if shared.doubtful is not None:
        doubtful |= np.asarray(records.column(shared.doubtful))
    around = None
    if shared.around is not None:
        around = shared_column(records, Shared(shared.around, shared.hub))
    kind = (shared.accompanies, doubtful, shared.lent, shared.within, around)
    return SharedColumn(shared.name, starts, items, *kind)


def _without_hubs(records: pa.Table, name: str, hub: int) -> tuple[Int64Array, Int32Array]:
    lists = records.column(name).combine_chunks()
    row = np.asarray(pc.list_parent_indices(lists), np.int64)
    things = pc.list_flatten(lists)
    values = pc.unique(things).drop_null()
    values = values.take(pc.sort_indices(values))
    item = np.asarray(pc.fill_null(pc.index_in(things, values), -1), np.int64)
    row, item = row[item >= 0], item[item >= 0]
    order = np.lexsort((item, row))
    row, item = row[order], item[order]
    new = np.ones(len(row), np.bool_)
    new[1:] = (np.diff(row) != 0) | (np.diff(item) != 0)
    holders = np.bincount(item[new], minlength=len(values))
    kept = new & (holders[item] <= hub)
    counts = np.bincount(row[kept], minlength=records.num_rows)
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    return starts, item[kept].astype(np.int32)
