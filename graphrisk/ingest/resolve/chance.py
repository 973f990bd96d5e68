"""How often records agree by chance: counted for equal values, sampled for alike ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from graphrisk.ingest.resolve.blocking import distinct
from graphrisk.ingest.resolve.columns import SharedColumn, TextColumn
from graphrisk.ingest.resolve.comparison import (
    EQUAL,
    UNLIKE,
    Float64Array,
    Int64Array,
    Records,
    compare,
    in_common,
    top_of,
)
from graphrisk.ingest.resolve.kernels import Levels, block_pairs, shared_levels
from graphrisk.ingest.resolve.weights import Chance

_SAMPLE = 500_000
#: Pairs with something in common are counted up to so many, and what is around them.
_COUNTED, _COUNTED_AROUND = _SAMPLE, 1 << 23


def by_chance(records: Records, border: int, seed: int) -> Chance:
    """Levels of all pairs of rows, whoever they are: equal texts are counted, and things that few
    have in common; the rest is the sample's, drawn by ``seed``. Cost: one comparison of the sample.
    """
    rows = records.rows
    pairs = border * (rows - border) if border else rows * (rows - 1) / 2
    drawn = compare(records, *_sample(rows, border, np.random.default_rng(seed)))
    together = _together(records, border)
    seen: list[Float64Array] = []
    least: list[Float64Array] = []
    for place, (_, top) in enumerate(records.fields()):
        unit = pairs / len(drawn.levels)
        counted = np.bincount(drawn.levels[:, place], minlength=top + 1)
        seen.append(counted.astype(np.float64) * unit)
        least.append(np.full(top + 1, unit))
        if place < len(records.texts):
            column = records.texts[place]
            seen[-1][top], least[-1][top] = _equal(column, border), 1.0
            if column.sound is not None:
                sounding = _equal(column.sound, border) - seen[-1][top]
                seen[-1][EQUAL], least[-1][EQUAL] = max(sounding, 1.0), 1.0
        elif place in together:
            seen[-1][UNLIKE + 1 :], least[-1][UNLIKE + 1 :] = together[place], 1.0
    return Chance(pairs, seen, least)


def _sample(rows: int, border: int, rng: np.random.Generator) -> tuple[Int64Array, Int64Array]:
    if border:
        return rng.integers(0, border, _SAMPLE), rng.integers(border, rows, _SAMPLE)
    left, right = rng.integers(0, rows, _SAMPLE), rng.integers(0, rows - 1, _SAMPLE)
    return left, right + (right >= left)


def _together(records: Records, border: int) -> dict[int, Float64Array]:
    """Pairs with one, two … things in common by field, where they are few enough to count."""
    names = [name for name, _ in records.fields()]
    shared = {column.name: column for column in records.shared}
    found = {}
    for column in records.shared:
        pairs = _sharing(column, border)
        if pairs is None:
            continue
        levels = in_common(column, *pairs)[0]
        place = names.index(column.name)
        if column.within is not None:
            near = shared[column.within]
            at = shared_levels(*pairs, near.starts, near.items, 1)[0] > UNLIKE
            found[names.index(column.apart)] = _counted(levels[at], top_of(column))
            levels = levels[~at]
        found[place] = _counted(levels, top_of(column))
    return found


def _counted(levels: Levels, top: int) -> Float64Array:
    return np.bincount(levels, minlength=top + 1)[UNLIKE + 1 :].astype(np.float64)


def _sharing(column: SharedColumn, border: int) -> tuple[Int64Array, Int64Array] | None:
    """Pairs with something in common; ``None`` where they are too many."""
    found = []
    for things, most in ((column, _COUNTED), (column.around, _COUNTED_AROUND)):
        if things is None:
            continue
        order = np.argsort(things.items, kind="stable")
        cuts = np.concatenate([[0], np.cumsum(np.bincount(things.items))]).astype(np.int64)
        sizes = np.diff(cuts)
        if (sizes * (sizes - 1)).sum() / 2 > most:
            return None
        found.append(block_pairs(things.rows()[order], cuts, border))
    pairs = distinct(found)
    return pairs >> 32, pairs & 0xFFFFFFFF


def _equal(column: TextColumn, border: int) -> float:
    """Pairs of rows with equal values."""
    first = _holders(column, 0, border or None)
    if border:
        return float((first * _holders(column, border, None)).sum())
    return float((first * (first - 1)).sum() / 2)


def _holders(column: TextColumn, start: int, stop: int | None) -> Float64Array:
    """How many of the rows have each value."""
    codes = column.codes[start:stop]
    counted = np.bincount(codes[codes >= 0], minlength=len(column.texts.values))
    return counted.astype(np.float64)


def rarity(column: TextColumn | SharedColumn) -> Float64Array:
    """Bits that agreement on each value tells beyond agreement in general: rare ones tell more."""
    if isinstance(column, TextColumn) and column.sound is not None:
        signs = replace(column, sound=None)
        return np.concatenate([rarity(signs), rarity(column.sound)])
    numbers = column.codes if isinstance(column, TextColumn) else column.items
    return _rarity(np.bincount(numbers[numbers >= 0]).astype(np.float64))


def _rarity(held: Float64Array) -> Float64Array:
    others = np.maximum(held - 1, 1.0)  # with whom one of its holders agrees by chance
    usual = (held * (held - 1)).sum() / max(held.sum(), 1.0)
    found: Float64Array = np.log2(max(usual, 1.0)) - np.log2(others)
    return found


def word_rarity(sound: TextColumn) -> Float64Array:
    """The same of each word of a column's texts."""
    starts, words = sound.texts.words
    held = np.bincount(sound.codes[sound.codes >= 0], minlength=len(sound.texts.values))
    return _rarity(np.bincount(words, np.repeat(held, np.diff(starts))).astype(np.float64))
