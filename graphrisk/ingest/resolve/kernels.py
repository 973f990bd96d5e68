"""Compiled loops of identity resolution: likeness of texts, and pairs within blocks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from graphrisk_algorithms.kernels.csr_kernels import Float64Array, Int32Array, Int64Array, compiled

Levels = npt.NDArray[np.uint8]
#: Longer texts are compared by their first signs.
LONGEST = 64


@compiled
def _edits(signs: Int32Array, one: int, two: int, sizes: tuple[int, int], work: Int64Array) -> int:
    """Signs replaced, added, left out or exchanged with their neighbour between two texts.

    Optimal string alignment (Damerau 1964, doi:10.1145/363958.363994) on three rows.
    """
    height, width = sizes
    for column in range(width + 1):
        work[0, column] = column
    for row in range(1, height + 1):
        here, above, before = work[row % 3], work[(row - 1) % 3], work[(row - 2) % 3]
        here[0] = row
        for column in range(1, width + 1):
            same = signs[one + row - 1] == signs[two + column - 1]
            least = above[column - 1] + (0 if same else 1)
            least = min(least, above[column] + 1, here[column - 1] + 1)
            if (
                row > 1
                and column > 1
                and signs[one + row - 1] == signs[two + column - 2]
                and signs[one + row - 2] == signs[two + column - 1]
            ):
                least = min(least, before[column - 2] + 1)
            here[column] = least
    return int(work[height % 3, width])


@compiled
def _foreign(one: int, two: int) -> int:
    """Bits of the first that the second lacks."""
    left, count = one & ~two, 0
    while left:
        left &= left - 1
        count += 1
    return count


@compiled
def text_levels(
    left: Int32Array,
    right: Int32Array,
    texts: tuple[Int64Array, Int32Array, Int64Array],
    steps: Float64Array,
) -> Levels:
    """How alike two texts are, pair by pair: 0 one is missing, 1 unlike, then a level a step.

    Args:
        left: Number of the first text of each pair, -1 where missing.
        right: The second.
        texts: Where each text starts in the code points of all, with the end of the last; the
            code points; and the set of each text's signs, hashed to 63 bits.
        steps: Ascending likeness (1 - edits / longer length) that each further level takes.
    """
    starts, signs, alphabets = texts
    levels = np.zeros(len(left), np.uint8)
    work = np.empty((3, LONGEST + 1), np.int64)
    for pair in range(len(left)):
        one, two = left[pair], right[pair]
        if one < 0 or two < 0:
            continue
        if one == two:
            levels[pair] = len(steps) + 1
            continue
        height = min(starts[one + 1] - starts[one], LONGEST)
        width = min(starts[two + 1] - starts[two], LONGEST)
        longer = max(height, width)
        levels[pair] = 1
        # An edit brings at most one sign that was not there, and takes at most one away.
        mine, yours = alphabets[one], alphabets[two]
        least = max(longer - min(height, width), _foreign(mine, yours), _foreign(yours, mine))
        if longer - least < steps[0] * longer:
            continue
        edits = max(_edits(signs, starts[one], starts[two], (height, width), work), 1)
        for step in steps[:-1]:
            levels[pair] += 1.0 - edits / longer >= step
    return levels


@compiled
def word_levels(
    left: Int32Array,
    right: Int32Array,
    texts: tuple[Int64Array, Int32Array],
    steps: Float64Array,
) -> Levels:
    """How many words two texts have in common, in any order: levels as of ``text_levels``.

    Args:
        left: Number of the first text of each pair, -1 where missing.
        right: The second.
        texts: Where each text starts in the words of all, with the end of the last; and the words
            as numbers, ascending within each text.
        steps: Ascending shares (words in common / words of the longer) that each level takes.
    """
    starts, words = texts
    levels = np.zeros(len(left), np.uint8)
    for pair in range(len(left)):
        if left[pair] < 0 or right[pair] < 0:
            continue
        one, one_end = starts[left[pair]], starts[left[pair] + 1]
        two, two_end = starts[right[pair]], starts[right[pair] + 1]
        longer, common = max(one_end - one, two_end - two), 0
        while one < one_end and two < two_end:
            common += words[one] == words[two]
            forward = words[two] - words[one]
            one += forward >= 0
            two += forward <= 0
        levels[pair] = 1
        for step in steps:
            levels[pair] += common >= step * longer
    return levels


@compiled
def words_weighed(
    left: Int32Array,
    right: Int32Array,
    texts: tuple[Int64Array, Int32Array],
    weights: Float64Array,
) -> Float64Array:
    """The sum of the weights of the words that two texts have in common, pair by pair."""
    starts, words = texts
    found = np.zeros(len(left))
    for pair in range(len(left)):
        one, one_end = starts[left[pair]], starts[left[pair] + 1]
        two, two_end = starts[right[pair]], starts[right[pair] + 1]
        while one < one_end and two < two_end:
            forward = words[two] - words[one]
            if forward == 0:
                found[pair] += weights[words[one]]
            one += forward >= 0
            two += forward <= 0
    return found


@compiled
def shared_levels(
    left: Int64Array, right: Int64Array, starts: Int64Array, items: Int32Array, most: int
) -> tuple[Levels, Int32Array]:
    """How many things two records share (rows of ascending ``items``), up to ``most``.

    Returns:
        0 where one has none at all, 1 none in common, 2 one, …; and the first shared, -1 if none.
    """
    levels = np.zeros(len(left), np.uint8)
    first = np.full(len(left), -1, np.int32)
    for pair in range(len(left)):
        one, one_end = starts[left[pair]], starts[left[pair] + 1]
        two, two_end = starts[right[pair]], starts[right[pair] + 1]
        if one == one_end or two == two_end:
            continue
        levels[pair] = 1
        while one < one_end and two < two_end:
            if items[one] == items[two]:
                if levels[pair] <= most:
                    levels[pair] += 1
                if first[pair] < 0:
                    first[pair] = items[one]
                one += 1
                two += 1
            elif items[one] < items[two]:
                one += 1
            else:
                two += 1
    return levels, first


@compiled
def block_pairs(rows: Int64Array, cuts: Int64Array, border: int) -> Int64Array:
    """All pairs of rows within each block as ``smaller << 32 | larger``, block by block.

    Args:
        rows: Rows, block after block.
        cuts: Where each block starts in ``rows``, with the end of the last.
        border: Only pairs with the smaller row below it and the larger not; 0: all pairs.
    """
    found, count = np.empty(0, np.int64), 0
    for fill in (False, True):
        if fill:
            found, count = np.empty(count, np.int64), 0
        for block in range(len(cuts) - 1):
            for one in range(cuts[block], cuts[block + 1]):
                for two in range(one + 1, cuts[block + 1]):
                    low, high = min(rows[one], rows[two]), max(rows[one], rows[two])
                    if low == high or (border and not low < border <= high):
                        continue
                    if fill:
                        found[count] = (low << 32) | high
                    count += 1
    return found
