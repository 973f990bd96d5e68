"""Compiled loops of ``circles``."""

from __future__ import annotations

import math

import numpy as np

from graphrisk_algorithms.algorithm import BoolArray
from graphrisk_algorithms.graph import Float64Array, Int64Array
from graphrisk_algorithms.kernels.csr_kernels import Int32Array, compiled

_NOTHING = -1e18


@compiled
def _worth(inside: float, ends: float, all_ends: float, size: int, tied: int) -> float:
    """Natural logarithm of one over the chance that some such group has as many ties inside.

    Chernoff's bound of the Poisson tail, times the groups of that size among ``tied`` nodes.
    """
    expected = ends * ends / (2.0 * all_ends)
    if inside <= expected:
        return _NOTHING
    tail = inside * math.log(inside / expected) - inside + expected
    return tail - size * (math.log(max(tied / size, 1.0)) + 1.0)


@compiled
def _spread(
    starts: Int64Array,
    neighbours: Int32Array,
    ends: Int64Array,
    seed: int,
    restart: float,
    precision: float,
    stays: Float64Array,
    moves: Float64Array,
    waiting: BoolArray,
) -> Int64Array:
    """Fill ``stays`` with where a walk from the seed is found; the nodes it came to, as met.

    A step along each tie takes one part in the node's ends: what goes elsewhere is lost.
    """
    met, queue = [seed], [seed]
    moves[seed], waiting[seed] = 1.0, True
    place = 0
    while place < len(queue):
        node = queue[place]
        place += 1
        waiting[node] = False
        share = moves[node]
        stays[node] += restart * share
        moves[node] = 0.0
        step = (1.0 - restart) * share / ends[node]
        for entry in range(starts[node], starts[node + 1]):
            other = neighbours[entry]
            if moves[other] == 0.0 and stays[other] == 0.0:
                met.append(other)
            moves[other] += step
            if not waiting[other] and moves[other] >= precision * ends[other]:
                waiting[other] = True
                queue.append(other)
    return np.array(met)


@compiled
def _best_prefix(
    starts: Int64Array,
    neighbours: Int32Array,
    ends: Int64Array,
    order: Int64Array,
    least: int,
    all_ends: float,
    tied: int,
    mark: Int64Array,
    stamp: int,
) -> tuple[int, float]:
    """How many of the first nodes are the best circle, ``least`` or more, and what it is worth."""
    inside, sum_ends, best, length = 0.0, 0.0, _NOTHING, 0
    for place in range(len(order)):
        node = order[place]
        mark[node] = stamp
        for entry in range(starts[node], starts[node + 1]):
            if mark[neighbours[entry]] == stamp:
                inside += 1.0
        sum_ends += ends[node]
        if place + 1 >= least and inside > 0.0:
            value = _worth(inside, sum_ends, all_ends, place + 1, tied)
            if value > best:
                best, length = value, place + 1
    return length, best


@compiled
def around(
    starts: Int64Array,
    neighbours: Int32Array,
    ends: Int64Array,
    seeds: Int64Array,
    restart: float,
    precision: float,
    least: int,
    most: int,
    all_ends: float,
    tied: int,
) -> tuple[Int64Array, Int64Array, Float64Array]:
    """The best circle about each seed: sizes, members one circle after the other, worths."""
    n = len(starts) - 1
    stays, moves = np.zeros(n), np.zeros(n)
    waiting, mark = np.zeros(n, np.bool_), np.zeros(n, np.int64)
    sizes, worths = np.zeros(len(seeds), np.int64), np.full(len(seeds), _NOTHING)
    members = [np.int64(0) for _ in range(0)]
    for number in range(len(seeds)):
        met = _spread(
            starts,
            neighbours,
            ends,
            seeds[number],
            restart,
            precision,
            stays,
            moves,
            waiting,
        )
        reached = met[stays[met] > 0.0]
        order = reached[np.argsort(-stays[reached] / ends[reached], kind="mergesort")][:most]
        sizes[number], worths[number] = _best_prefix(
            starts, neighbours, ends, order, least, all_ends, tied, mark, number + 1
        )
        members.extend(order[: sizes[number]])
        stays[met], moves[met] = 0.0, 0.0
    return sizes, np.array(members, np.int64), worths
