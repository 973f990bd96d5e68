"""Ledgers with cycles, made from the degrees, sums and days of a real or simulated one."""

from __future__ import annotations

import numpy as np

from benchmarks.quality.measures import Bools, Ints

CYCLE_SEEDS = (11, 12, 13, 14, 15)
_CYCLES = 100
_SHORTEST, _LONGEST = 3, 10  # AMLworld: simple cycles have 3-10 hops
_KEPT = (0.97, 0.99)  # of each sum at each hop
_SPAN = 20  # days of a cycle at most
_REPEATS = 3  # a hop is paid up to three times on its day, as AMLSim's are


def with_cycles(
    src: Ints, dst: Ints, amount: Ints, step: Ints, n: int, seed: int
) -> tuple[tuple[Ints, Ints, Ints, Ints], Bools]:
    """Columns of a made ledger, in time order, and who is in a cycle.

    Every account keeps its number of pairs out and in and its payments' sums and days; whom
    it pays is dealt anew, so that nothing of the ledger's own patterns is left. Cycles carry
    sums of the ledger, a few hundredths less at each hop, on rising days.
    """
    rng = np.random.default_rng(seed)
    first = np.sort(np.unique(src * n + dst, return_index=True)[1])
    dealt = rng.permutation(dst[first])
    honest = src[first] != dealt
    columns = [part[first][honest] for part in (src, amount, step)]
    planted = np.zeros(n, np.bool_)
    parts = [(columns[0], dealt[honest], columns[1], columns[2])]
    for length in rng.integers(_SHORTEST, _LONGEST + 1, _CYCLES).tolist():
        members = rng.permutation(n)[:length]
        planted[members] = True
        parts.append(_cycle(members, int(rng.choice(amount)), int(step.max()), rng))
    made = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.argsort(made[3], kind="stable")
    one, two, sums, days = (column[order].astype(np.int64) for column in made)
    return (one, two, sums, days), planted


def _cycle(
    members: Ints, amount: int, last: int, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints, Ints]:
    hops = len(members)
    kept = np.cumprod(rng.uniform(*_KEPT, hops))
    days = np.sort(rng.choice(np.arange(_SPAN), hops, replace=False))
    begin = int(rng.integers(0, max(last - _SPAN, 0) + 1))
    repeated = rng.integers(1, _REPEATS + 1, hops)
    hop = np.repeat(np.arange(hops), repeated)
    sums = np.maximum((amount * kept)[hop], 1).astype(np.int64)
    return members[hop], np.roll(members, -1)[hop], sums, begin + days[hop]
