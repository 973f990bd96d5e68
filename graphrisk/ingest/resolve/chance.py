"""How often records agree by chance: counted for equal values, sampled for alike ones."""

from __future__ import annotations

import numpy as np

from graphrisk.ingest.resolve.columns import SharedColumn, TextColumn
from graphrisk.ingest.resolve.comparison import (
    EQUAL,
    MOST_SHARED,
    UNLIKE,
    Float64Array,
    Int64Array,
    Records,
    compare,
)
from graphrisk.ingest.resolve.kernels import block_pairs, shared_levels
from graphrisk.ingest.resolve.weights import Chance

_SAMPLE = 500_000


def by_chance(records: Records, border: int, seed: int) -> Chance:
    """Levels of all pairs of rows, whoever they are: equal texts are counted, and things that few
    have in common; the rest is the sample's, drawn by ``seed``. Cost: one comparison of the sample.
    """
    rows = records.rows
    pairs = border * (rows - border) if border else rows * (rows - 1) / 2
    drawn = compare(records, *_sample(rows, border, np.random.default_rng(seed)))
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
        elif place - len(records.texts) < len(records.shared):
            together = _together(records.shared[place - len(records.texts)], border)
            if together is not None:
                seen[-1][UNLIKE + 1 :], least[-1][UNLIKE + 1 :] = together, 1.0
    return Chance(pairs, seen, least)


def _sample(rows: int, border: int, rng: np.random.Generator) -> tuple[Int64Array, Int64Array]:
    if border:
        return rng.integers(0, border, _SAMPLE), rng.integers(border, rows, _SAMPLE)
    left, right = rng.integers(0, rows, _SAMPLE), rng.integers(0, rows - 1, _SAMPLE)
    return left, right + (right >= left)


def _together(column: SharedColumn, border: int) -> Float64Array | None:
    """Pairs with one, two … things in common, counted; ``None`` where they are too many."""
    order = np.argsort(column.items, kind="stable")
    cuts = np.concatenate([[0], np.cumsum(np.bincount(column.items))]).astype(np.int64)
    sizes = np.diff(cuts)
    if (sizes * (sizes - 1)).sum() / 2 > _SAMPLE:
        return None
    pairs = np.unique(block_pairs(column.rows()[order], cuts, border))
    ends = pairs >> 32, pairs & 0xFFFFFFFF
    levels, _ = shared_levels(*ends, column.starts, column.items, MOST_SHARED)
    return np.bincount(levels, minlength=UNLIKE + MOST_SHARED + 1)[UNLIKE + 1 :].astype(np.float64)


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
    numbers = column.codes if isinstance(column, TextColumn) else column.items
    held = np.bincount(numbers[numbers >= 0]).astype(np.float64)
    others = np.maximum(held - 1, 1.0)  # with whom one of its holders agrees by chance
    usual = (held * (held - 1)).sum() / max(held.sum(), 1.0)
    found: Float64Array = np.log2(max(usual, 1.0)) - np.log2(others)
    return found
