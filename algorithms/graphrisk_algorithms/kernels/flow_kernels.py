"""Compiled loops over transfers in time order."""

from __future__ import annotations

import numpy as np

from graphrisk_algorithms.graph import Int64Array
from graphrisk_algorithms.kernels.csr_kernels import compiled


@compiled
def lifo_links(
    n: int, src: Int64Array, dst: Int64Array, at: Int64Array, amount: Int64Array, window: int
) -> tuple[Int64Array, Int64Array, Int64Array]:
    """Which money paid which transfer: ``(earlier, later, amount)`` by position.

    Transfers come in time order. Every account is a stack: a transfer out takes from the latest
    money in that is not older than ``window``; money in at the same moment is too late.
    """
    count = len(src)
    top = np.full(n, -1, np.int64)
    below = np.full(count, -1, np.int64)
    left = amount.copy()
    earlier = np.empty(2 * count, np.int64)
    later = np.empty(2 * count, np.int64)
    taken = np.empty(2 * count, np.int64)
    found = 0
    first = 0
    while first < count:
        last = first
        while last < count and at[last] == at[first]:
            last += 1
        for out in range(first, last):
            need = amount[out]
            source = top[src[out]]
            while need > 0 and source >= 0:
                if at[out] - at[source] > window:
                    source = -1
                    break
                part = min(need, left[source])
                earlier[found] = source
                later[found] = out
                taken[found] = part
                found += 1
                need -= part
                left[source] -= part
                if left[source] == 0:
                    source = below[source]
            top[src[out]] = source
        for into in range(first, last):
            if amount[into] > 0 and src[into] != dst[into]:
                below[into] = top[dst[into]]
                top[dst[into]] = into
        first = last
    return earlier[:found].copy(), later[:found].copy(), taken[:found].copy()


@compiled
def cycle_walks(
    starts: Int64Array,
    order: Int64Array,
    src: Int64Array,
    dst: Int64Array,
    at: Int64Array,
    amount: Int64Array,
    window: int,
    shortest: int,
    longest: int,
    keep: float,
    branch: int,
    each: int,
    limit: int,
) -> tuple[Int64Array, Int64Array, Int64Array]:
    """Simple cycles whose transfers follow in strictly rising time with about the same amount.

    ``order[starts[a]:starts[a + 1]]`` are the transfers out of ``a`` in time order. A next amount
    lies in ``[keep * amount, amount / keep]`` of the *first*, so drift does not add up. Each cycle
    is found once, from its first transfer. At most ``branch`` transfers are tried at an account
    and ``each`` cycles kept of one first transfer.

    Returns the cycles one after the other (positions), where each ends (at most ``limit``), and
    for each transfer how many continuations were tried from it: the chances it had to close.
    """
    flat = np.empty(limit * longest, np.int64)
    ends = np.empty(limit, np.int64)
    used = 0
    found = 0
    chain = np.empty(longest, np.int64)
    cursor = np.empty(longest, np.int64)
    tried = np.empty(longest, np.int64)
    trials = np.zeros(len(src), np.int64)
    on_path = np.zeros(len(starts) - 1, np.bool_)
    for first in range(len(src)):
        home = src[first]
        if dst[first] == home or amount[first] <= 0 or found == limit:
            continue
        low, high = keep * amount[first], amount[first] / keep
        kept = 0
        chain[0], cursor[0], tried[0] = first, _after(starts, order, at, dst[first], at[first]), 0
        on_path[dst[first]] = True
        depth = 1
        while depth > 0:
            here, entry = dst[chain[depth - 1]], cursor[depth - 1]
            spent = tried[depth - 1] >= branch or kept == each or found == limit
            if spent or entry >= starts[here + 1] or at[order[entry]] > at[first] + window:
                on_path[here] = False
                depth -= 1
                continue
            cursor[depth - 1] = entry + 1
            edge = order[entry]
            if amount[edge] < low or amount[edge] > high:
                continue
            tried[depth - 1] += 1
            trials[first] += 1
            if dst[edge] == home:
                if depth + 1 >= shortest:
                    flat[used : used + depth] = chain[:depth]
                    flat[used + depth] = edge
                    used += depth + 1
                    ends[found] = used
                    found += 1
                    kept += 1
            elif not on_path[dst[edge]] and depth + 1 < longest:
                chain[depth], tried[depth] = edge, 0
                cursor[depth] = _after(starts, order, at, dst[edge], at[edge])
                on_path[dst[edge]] = True
                depth += 1
    return flat[:used].copy(), ends[:found].copy(), trials


@compiled
def _after(starts: Int64Array, order: Int64Array, at: Int64Array, account: int, moment: int) -> int:
    """First entry of ``account`` later than ``moment``."""
    low: int = starts[account]
    high: int = starts[account + 1]
    while low < high:
        middle = (low + high) // 2
        if at[order[middle]] <= moment:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def busiest_windows(
    n: int,
    starts: Int64Array,
    order: Int64Array,
    src: Int64Array,
    at: Int64Array,
    window: int,
) -> tuple[Int64Array, Int64Array, Int64Array]:
    """For each account the window ``[t, t + window)`` with most different payers.

    ``order[starts[a]:starts[a + 1]]`` are the transfers into ``a`` in time order. Returns the first
    and one-past-last entry of the window (the earliest of equals) and its number of payers.
    """
    first = np.zeros(n, np.int64)
    last = np.zeros(n, np.int64)
    payers = np.zeros(n, np.int64)
    held = np.zeros(n, np.int64)
    for account in range(n):
        begin = starts[account]
        different = 0
        for end in range(starts[account], starts[account + 1]):
            payer = src[order[end]]
            different += held[payer] == 0
            held[payer] += 1
            while at[order[end]] - at[order[begin]] >= window:
                gone = src[order[begin]]
                held[gone] -= 1
                different -= held[gone] == 0
                begin += 1
            if different > payers[account]:
                payers[account] = different
                first[account] = begin
                last[account] = end + 1
        for entry in range(begin, starts[account + 1]):
            held[src[order[entry]]] -= 1
    return first, last, payers
