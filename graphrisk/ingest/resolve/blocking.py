"""Which pairs are worth comparing: records that agree on something few others have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graphrisk.ingest.resolve.columns import SharedColumn, TextColumn
from graphrisk.ingest.resolve.kernels import block_pairs

Int64Array = npt.NDArray[np.int64]
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of rows ``left < right``, ascending, each once; and what was too common to compare."""

    left: Int64Array
    right: Int64Array
    skipped_blocks: int
    skipped_rows: int  # rows in skipped blocks; a row counts once a block


def candidates(
    texts: Sequence[TextColumn], shared: Sequence[SharedColumn], cut: int, border: int = 0
) -> Candidates:
    """Pairs that agree on one value that at most ``cut`` records have, or on several together.

    A block larger than ``cut`` (a common name) is split by every other column in turn, then once
    more; what is still larger is left out and counted: who agrees only on three things that
    ``cut`` others have too cannot be told from them. So the work is at most linear in records
    times ``cut``, however skewed the values are.

    Args:
        texts: Coded columns.
        shared: Columns of lists; each thing is a block.
        cut: Largest block.
        border: Pairs only across it: rows before it are one register, the others another.
    """
    texts = [*texts, *(column.sound for column in texts if column.sound is not None)]
    found: list[Int64Array] = []
    for things in shared:
        rows, cuts = _blocks(things.rows(), things.items.astype(np.int64))
        found.append(block_pairs(*_small(rows, cuts, cut), border))
    open_rows = [column.codes >= 0 for column in texts]
    everybody = np.arange(len(open_rows[0]))
    frontier = [(-1, everybody, np.zeros(len(everybody), np.int64))]
    for depth in range(_DEEPEST):
        split: list[tuple[int, Int64Array, Int64Array]] = []
        for last, rows, block in frontier:
            for place in range(last + 1, len(texts)):
                kept = open_rows[place][rows]
                codes, count = texts[place].codes, len(texts[place].texts.values)
                key = block[kept] * count + codes[rows[kept]]
                ordered, cuts = _blocks(rows[kept], key)
                found.append(block_pairs(*_small(ordered, cuts, cut), border))
                split.append((place, *_large(ordered, cuts, cut)))
        if depth == 0:  # rows in small blocks of a column were paired there: split only the others
            for place, rows, _ in split:
                open_rows[place] = np.isin(everybody, rows, assume_unique=True)
        frontier = split
        found = [distinct(found)]
    pairs = found[0]
    return Candidates(
        left=pairs >> 32,
        right=pairs & 0xFFFFFFFF,
        skipped_blocks=sum(len(np.unique(block)) for _, _, block in frontier),
        skipped_rows=sum(len(rows) for _, rows, _ in frontier),
    )


def distinct(found: Sequence[Int64Array]) -> Int64Array:
    """All pairs, ascending, each once; sorted in place, for there may be tens of millions."""
    pairs = np.concatenate(found)
    pairs.sort()
    first = np.ones(len(pairs), np.bool_)
    np.not_equal(pairs[1:], pairs[:-1], out=first[1:])
    return pairs[first]


def _blocks(rows: Int64Array, key: Int64Array) -> tuple[Int64Array, Int64Array]:
    """Rows by key, and where each block of equal keys starts, with the end of the last."""
    order = np.argsort(key, kind="stable")
    new = np.flatnonzero(np.diff(key[order])) + 1
    return rows[order], np.concatenate([np.zeros(1, np.int64), new, np.array([len(rows)])])


def _small(rows: Int64Array, cuts: Int64Array, cut: int) -> tuple[Int64Array, Int64Array]:
    """The blocks of two to ``cut`` rows."""
    sizes = np.diff(cuts)
    small = (sizes > 1) & (sizes <= cut)
    ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes[small])])
    return rows[np.repeat(small, sizes)], ends


def _large(rows: Int64Array, cuts: Int64Array, cut: int) -> tuple[Int64Array, Int64Array]:
    """Rows in blocks larger than ``cut``, and the number of the block of each."""
    sizes = np.diff(cuts)
    large = np.repeat(sizes > cut, sizes)
    return rows[large], np.repeat(np.arange(len(sizes)), sizes)[large]
