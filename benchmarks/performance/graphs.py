"""Seeded graphs with communities, of a ledger, and with none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Int64Array = npt.NDArray[np.int64]
Float64Array = npt.NDArray[np.float64]
_TIES = 16.0  # mean degree
_MIXING = 0.3


@dataclass(frozen=True, slots=True)
class Pairs:
    """Undirected pairs, each once, ``src < dst``."""

    n: int
    src: Int64Array
    dst: Int64Array
    weight: Float64Array

    @classmethod
    def of(cls, n: int, src: Int64Array, dst: Int64Array) -> Pairs:
        """From edges of any direction: a pair weighs ``log2(1 + number)``."""
        proper = src != dst
        low, high = np.minimum(src, dst)[proper], np.maximum(src, dst)[proper]
        keys, counts = np.unique(low * n + high, return_counts=True)
        return cls(n, keys // n, keys % n, np.log2(1.0 + counts))

    def modularity(self, labels: Int64Array) -> float:
        """Newman and Girvan's, by its definition."""
        inside = self.weight[labels[self.src] == labels[self.dst]].sum()
        ends = np.concatenate([self.src, self.dst])
        strength = np.bincount(labels[ends], np.tile(self.weight, 2)) / self.weight.sum() / 2
        return float(inside / self.weight.sum() - (strength**2).sum())


def communities(edges: int, seed: int) -> Pairs:
    """The pairs of ``planted``, three ties in ten between communities."""
    return planted(edges, seed, _MIXING)[0]


def planted(
    edges: int,
    seed: int,
    mixing: float,
    *,
    smallest: int = 20,
    largest: int = 2_000,
    ties: float = _TIES,
) -> tuple[Pairs, Int64Array]:
    """Planted communities as Lancichinetti, Fortunato and Radicchi have them
    (doi:10.1103/PhysRevE.78.046110): degrees and sizes of power laws, ties dealt at random. Of a
    node's ties the share ``mixing`` leaves its community, which has ``smallest`` to ``largest``
    nodes. Pairs, and the community of each node.
    """
    rng = np.random.default_rng(seed)
    n = int(2 * edges / ties)
    degree = _power_law(rng, n, 6, 1_000, 2.5)
    degree = np.maximum(degree * ties / degree.mean(), 1).round()
    sizes = _power_law(rng, n // smallest + 1, smallest, largest, 1.5).astype(np.int64)
    of = rng.permutation(np.repeat(np.arange(len(sizes)), sizes)[:n])
    inside = np.minimum((degree * (1 - mixing)).round(), np.bincount(of)[of] - 1).astype(np.int64)
    stubs = np.repeat(np.arange(n), inside)
    stubs = stubs[np.lexsort((rng.random(len(stubs)), of[stubs]))]
    free = rng.permutation(np.repeat(np.arange(n), degree.astype(np.int64) - inside))
    ends = [part[: len(part) // 2 * 2].reshape(-1, 2) for part in (stubs, free)]
    src, dst = np.concatenate(ends).T
    return Pairs.of(n, src, dst), of


def ledger(edges: int, seed: int, to_hubs: float) -> Pairs:
    """Pairs of accounts that pay each other: circles of a few dozen, and hubs that all pay.

    ``to_hubs`` is the share of the payments that go to one account in five hundred, the first of
    them far more than the last; half of the rest stays in the circle.
    """
    rng = np.random.default_rng(seed)
    n = edges // 4
    sizes = np.maximum(rng.lognormal(4.2, 0.8, n // 5), 5).astype(np.int64)
    circle = np.repeat(np.arange(len(sizes)), sizes)[:n]
    first = np.searchsorted(circle, np.arange(circle[-1] + 1))
    members = np.bincount(circle)
    share = np.cumsum(rng.pareto(1.6, n) + 1)
    src = np.searchsorted(share, rng.random(edges) * share[-1])
    near = first[circle[src]] + (rng.random(edges) ** 1.7 * members[circle[src]]).astype(np.int64)
    hubs = rng.integers(0, n, n // 500 + 1)
    hub = hubs[np.minimum(rng.zipf(1.5, edges) - 1, len(hubs) - 1)]
    anybody = np.searchsorted(share, rng.random(edges) * share[-1])
    kind = rng.random(edges)
    dst = np.select([kind < to_hubs, kind < to_hubs + (1 - to_hubs) * 0.8], [hub, near], anybody)
    return Pairs.of(n, src, dst)


def rmat(edges: int, seed: int) -> Pairs:
    """No communities, a few nodes with most of the ties (doi:10.1137/1.9781611972740.43)."""
    rng = np.random.default_rng(seed)
    levels = max(int(np.log2(edges / 8)), 1)
    src, dst = np.zeros(edges, np.int64), np.zeros(edges, np.int64)
    for _ in range(levels):
        corner = rng.random(edges)
        src = 2 * src + (corner >= 0.76)
        dst = 2 * dst + (((corner >= 0.57) & (corner < 0.76)) | (corner >= 0.95))
    order = rng.permutation(1 << levels)
    return Pairs.of(1 << levels, order[src], order[dst])


def _power_law(
    rng: np.random.Generator, count: int, low: float, high: float, exponent: float
) -> Float64Array:
    power = 1 - exponent
    drawn = (high**power - low**power) * rng.random(count) + low**power
    found: Float64Array = drawn ** (1 / power)
    return found
