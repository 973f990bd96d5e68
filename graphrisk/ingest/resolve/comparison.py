"""Pairs of records compared field by field, each field to a level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graphrisk.ingest.resolve.columns import SharedColumn, TextColumn
from graphrisk.ingest.resolve.kernels import Levels, shared_levels, text_levels, word_levels

Int64Array = npt.NDArray[np.int64]
Int32Array = npt.NDArray[np.int32]
Float64Array = npt.NDArray[np.float64]
#: Likeness from which two texts are no longer simply unlike.
STEPS = np.array([0.6, 0.8, 1.0])
#: The same of words: one of two, two of three, all.
WORD_STEPS = np.array([0.5, 0.65, 1.0])
UNLIKE, NEARLY, EQUAL = 1, len(STEPS), len(STEPS) + 1
#: Of a column with a sound, the same signs: what only sounds the same stays one level below.
SAME_SIGNS = EQUAL + 1
MOST_SHARED = 3
STRAIGHT, CROSSED = 1, 2


def top_of(column: TextColumn | SharedColumn) -> int:
    """The level of equal values of a column, or of many things in common."""
    if isinstance(column, TextColumn):
        return EQUAL if column.sound is None else SAME_SIGNS
    return UNLIKE + MOST_SHARED + (column.around is not None)


@dataclass(frozen=True, slots=True)
class Loan:
    """Two persons have all of ``field`` in common, and so much of the field ``by`` as well."""

    field: int
    level: int
    by: int
    least: int


@dataclass(frozen=True, slots=True)
class Records:
    """Coded records, and which of their columns may have been exchanged."""

    rows: int
    texts: Sequence[TextColumn]
    shared: Sequence[SharedColumn]
    swapped: Sequence[tuple[str, str]]

    def fields(self) -> list[tuple[str, int]]:
        """Name and highest level of each field that is compared."""
        return [
            *((column.name, top_of(column)) for column in self.texts),
            *((column.name, top_of(column)) for column in self.shared),
            *((f"{one}, {two}", CROSSED) for one, two in self.swapped),
            *((column.apart, top_of(column)) for column in self.within()),
        ]

    def within(self) -> list[SharedColumn]:
        """Columns of things that are asked apart of pairs with a place in common."""
        return [column for column in self.shared if column.within is not None]

    def columns(self) -> list[TextColumn | SharedColumn | None]:
        """The column of each field; ``None`` where it has no one."""
        return [*self.texts, *self.shared, *(None for _ in self.swapped), *self.within()]

    def loans(self) -> list[Loan]:
        """The ways in which two persons come to have a thing in common that tells who one is."""
        place = {name: number for number, (name, _) in enumerate(self.fields())}
        least = {column.name: top_of(column) for column in self.texts}
        return [
            Loan(place[column.name], top_of(column), place[by], least.get(by, UNLIKE + 1))
            for column in self.shared
            for by in column.lent
        ]

    def telling(self) -> list[int]:
        """Places of the fields that relatives do not share."""
        columns = enumerate(self.columns())
        return [
            place
            for place, column in columns
            if not (isinstance(column, SharedColumn) and column.accompanies)
        ]


@dataclass(frozen=True, slots=True)
class Compared:
    """Pairs compared: a column a field of ``Records.fields``."""

    levels: Levels  # 0 not comparable, 1 unlike, higher is more alike
    agreed: Int32Array  # number of the value or thing both have, -1 where there is none


def compare(records: Records, left: Int64Array, right: Int64Array) -> Compared:
    """Compare rows ``left`` with rows ``right``, pair by pair.

    Columns that may have been exchanged are compared crosswise as well, and so taken where that
    is more alike; a field of its own says that they were.
    """
    levels = np.zeros((len(left), len(records.fields())), np.uint8)
    agreed = np.full(levels.shape, -1, np.int32)
    place = {column.name: number for number, column in enumerate(records.texts)}
    for number, column in enumerate(records.texts):
        levels[:, number] = _alike(column, column, left, right)
    for number, things in enumerate(records.shared, len(records.texts)):
        found, first = in_common(things, left, right)
        doubtful = things.doubtful[left] | things.doubtful[right]
        levels[:, number] = np.where(doubtful & (found == UNLIKE), 0, found)
        agreed[:, number] = first
    for number, (one, two) in enumerate(records.swapped, len(records.texts) + len(records.shared)):
        pair = [place[one], place[two]]
        straight = levels[:, pair]
        levels[:, number] = np.where((straight > 0).all(axis=1), STRAIGHT, 0)
        maybe = np.flatnonzero((straight != EQUAL).all(axis=1))
        crossed = _crossed(records, pair, left[maybe], right[maybe])
        better = crossed.sum(axis=1) > straight[maybe].sum(axis=1)
        levels[np.ix_(maybe[better], pair)] = crossed[better]
        levels[maybe[better], number] = CROSSED
    for number, column in enumerate(records.texts):
        same = levels[:, number] == top_of(column)
        agreed[same, number] = column.codes[left[same]]
        if column.sound is not None:
            same = levels[:, number] == EQUAL
            agreed[same, number] = len(column.texts.values) + column.sound.codes[left[same]]
    _set_apart(records, levels, agreed)
    return Compared(levels, agreed)


def in_common(
    things: SharedColumn, left: Int64Array, right: Int64Array
) -> tuple[Levels, Int32Array]:
    """How many things two rows have in common, and the first; below, what is around them alone."""
    found, first = shared_levels(left, right, things.starts, things.items, MOST_SHARED)
    if things.around is None:
        return found, first
    more = things.around
    around, _ = shared_levels(left, right, more.starts, more.items, 1)
    return np.where(found > UNLIKE, found + 1, np.maximum(found, around)).astype(np.uint8), first


def _set_apart(records: Records, levels: Levels, agreed: Int32Array) -> None:
    """Move what pairs with a place in common have in common to its own field."""
    place = {name: number for number, (name, _) in enumerate(records.fields())}
    for things in records.within():
        old, new = place[things.name], place[things.apart]
        near = levels[:, place[str(things.within)]] > UNLIKE
        for column, nothing in ((levels, 0), (agreed, -1)):
            column[near, new] = column[near, old]
            column[near, old] = nothing


def _alike(one: TextColumn, two: TextColumn, left: Int64Array, right: Int64Array) -> Levels:
    mine, yours = one.codes[left], two.codes[right]
    if one.sound is not None and two.sound is not None:
        heard = one.sound.codes[left], two.sound.codes[right]
        spelt = text_levels(*heard, one.sound.texts.signs, STEPS)
        levels = word_levels(*heard, one.sound.texts.words, WORD_STEPS)
        levels = np.maximum(levels, np.where(spelt == NEARLY, spelt, 0))
        return np.where((mine == yours) & (mine >= 0), np.uint8(SAME_SIGNS), levels)
    levels = text_levels(mine, yours, one.texts.signs, STEPS)
    if one.counts:
        number = one.texts.numbers
        near = (levels > 0) & (np.abs(number[mine] - number[yours]) == 1)
        levels = np.where(near, np.uint8(NEARLY), levels)
    return levels


def _crossed(records: Records, pair: Sequence[int], left: Int64Array, right: Int64Array) -> Levels:
    one, two = (records.texts[place] for place in pair)
    return np.column_stack([_alike(one, two, left, right), _alike(two, one, left, right)])
