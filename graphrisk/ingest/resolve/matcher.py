"""Which records speak of one person: candidates, comparison, weights, probability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphrisk.ingest.resolve.blocking import candidates
from graphrisk.ingest.resolve.chance import by_chance, rarity, word_rarity
from graphrisk.ingest.resolve.columns import (
    Plan,
    shared_column,
    text_columns,
)
from graphrisk.ingest.resolve.comparison import (
    EQUAL,
    UNLIKE,
    Compared,
    Float64Array,
    Int64Array,
    Records,
    compare,
)
from graphrisk.ingest.resolve.kernels import words_weighed
from graphrisk.ingest.resolve.weights import Weights, learn, probability

#: Largest block compared pair by pair.
CUT = 20
#: From this probability on the machine says *same*; from the second on it asks a person.
SAME, UNSURE = 0.95, 0.05
_CHUNK = 1 << 20
_LEARNED_FROM = 1 << 20
#: Left, right, probability, bits.
_Likely: TypeAlias = tuple[Int64Array, Int64Array, Float64Array, npt.NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Matches:
    """Pairs that may be one person, in (left, right) order.

    ``bits[pair, field]`` is what each field of ``fields`` speaks for (or against) it: log2 of how
    much likelier such a level is among pairs that are one person.
    """

    left: Int64Array
    right: Int64Array
    probability: Float64Array
    fields: tuple[str, ...]
    bits: npt.NDArray[np.float32]
    compared: int  # pairs compared
    skipped_blocks: int
    skipped_rows: int

    def above(self, least: float) -> tuple[Int64Array, Int64Array]:
        """Pairs with at least that probability."""
        likely = self.probability >= least
        return self.left[likely], self.right[likely]


def match(
    records: pa.Table, plan: Plan, *, border: int = 0, least: float = UNSURE, seed: int = 1
) -> Matches:
    """Pairs of rows that are one person with a probability of at least ``least``.

    Weights are learned from the records themselves, without labels (``weights.learn``), so the
    probability holds as far as faults in one field are independent of those in another.

    Args:
        records: The columns that ``plan`` names; others are not looked at.
        plan: What is compared.
        border: 0 looks for duplicates among all rows; else rows before it are one register, the
            others a second, and only pairs across are looked for.
        least: Pairs below it are not handed back.
        seed: Draws the pairs from which chance agreement is estimated.

    Cost: linear in rows times ``CUT`` times fields; 8 bytes a candidate pair.
    """
    texts = text_columns(records, plan)
    shared = [shared_column(records, column) for column in plan.shared]
    coded = Records(records.num_rows, texts, shared, plan.swapped)
    pairs = candidates(texts, shared, CUT, border)
    kept = [_none(len(coded.fields()))]
    if len(pairs.left):
        weights = _learned(coded, pairs.left, pairs.right, border, seed)
        cuts = range(_CHUNK, len(pairs.left), _CHUNK)
        chunks = zip(np.split(pairs.left, cuts), np.split(pairs.right, cuts), strict=True)
        kept += [_likely(coded, weights, *chunk, least) for chunk in chunks]
    left, right, chance, bits = (np.concatenate(column) for column in zip(*kept, strict=True))
    names = tuple(name for name, _ in coded.fields())
    return Matches(
        left, right, chance, names, bits, len(pairs.left), pairs.skipped_blocks, pairs.skipped_rows
    )


def _none(fields: int) -> _Likely:
    nobody = np.empty(0, np.int64)
    return nobody, nobody, np.empty(0), np.empty((0, fields), np.float32)


def _learned(
    records: Records, left: Int64Array, right: Int64Array, border: int, seed: int
) -> Weights:
    """Weights from an even choice of the candidates; different pairs of equal levels count once."""
    step = -(-len(left) // _LEARNED_FROM) or 1
    levels = compare(records, left[::step], right[::step]).levels
    radix = np.cumprod([1, *(top + 1 for _, top in records.fields()[:-1])])
    _, first, counts = np.unique(
        levels.astype(np.int64) @ radix, return_index=True, return_counts=True
    )
    chance = by_chance(records, border, seed)
    telling, loans = records.telling(), records.loans()
    return learn(levels[first], counts * float(step), chance, telling, loans)


def _likely(
    records: Records, weights: Weights, left: Int64Array, right: Int64Array, least: float
) -> _Likely:
    compared = compare(records, left, right)
    bits = _bits(records, weights, compared, left, right)
    chance = probability(weights.prior + bits.sum(axis=1))
    likely = chance >= least
    return left[likely], right[likely], chance[likely], bits[likely].astype(np.float32)


def _bits(
    records: Records, weights: Weights, compared: Compared, left: Int64Array, right: Int64Array
) -> Float64Array:
    """What each field says of each pair; agreement on a common value says less."""
    bits = np.column_stack(
        [weights.bits[field][levels] for field, levels in enumerate(compared.levels.T)]
    )
    for field, column in enumerate(records.columns()):
        if column is None:
            continue
        agreed = compared.agreed[:, field]
        same = agreed >= 0
        bits[same, field] += rarity(column)[agreed[same]]
    for field, column in enumerate(records.texts):
        if column.sound is not None:
            levels = compared.levels[:, field]
            partly = np.flatnonzero((levels > UNLIKE) & (levels < EQUAL))
            one, two = (column.sound.codes[side[partly]] for side in (left, right))
            words, rare = column.sound.texts.words, word_rarity(column.sound)
            bits[partly, field] += words_weighed(one, two, words, rare)
    for field in {lending.loan.field for lending in weights.loans}:
        bits[:, field] -= weights.discount(compared.levels)
    return bits
