"""Compiled loops of ``cohesion``, over symmetric views without self-loops."""

from __future__ import annotations

import numpy as np

from graphrisk_algorithms.graph import Int64Array
from graphrisk_algorithms.kernels.csr_kernels import Int32Array, compiled


@compiled
def core_numbers(starts: Int64Array, neighbours: Int32Array) -> Int64Array:
    """The largest ``k`` for which a node lies in a part where everybody has ``k`` neighbours.

    Nodes are taken away by rising degree; they wait sorted, in one bin a degree.
    """
    n = len(starts) - 1
    degree = np.diff(starts)
    begin = np.zeros(n + 2, np.int64)  # of each bin in ``waiting``
    for node in range(n):
        begin[degree[node] + 1] += 1
    for size in range(n + 1):
        begin[size + 1] += begin[size]
    waiting, place = np.empty(n, np.int64), np.empty(n, np.int64)
    cursor = begin.copy()
    for node in range(n):
        place[node] = cursor[degree[node]]
        waiting[place[node]] = node
        cursor[degree[node]] += 1
    for turn in range(n):
        node = waiting[turn]
        for entry in range(starts[node], starts[node + 1]):
            other = neighbours[entry]
            if degree[other] > degree[node]:
                # To the front of its bin, whose front then belongs to the bin below.
                front = begin[degree[other]]
                first = waiting[front]
                waiting[front], waiting[place[other]] = other, first
                place[first], place[other] = place[other], front
                begin[degree[other]] = front + 1
                degree[other] -= 1
    return degree


@compiled
def triangles(starts: Int64Array, neighbours: Int32Array) -> Int64Array:
    """Triangles that each node is a corner of.

    Each pair is looked at from its end of fewer neighbours, so that no hub is gone through
    for each of its pairs (Chiba and Nishizeki 1985): edges times the square root of edges.
    """
    n = len(starts) - 1
    degree = np.diff(starts)
    ahead = np.zeros(n + 1, np.int64)
    for node in range(n):
        for entry in range(starts[node], starts[node + 1]):
            other = neighbours[entry]
            if (degree[other], other) > (degree[node], node):
                ahead[node + 1] += 1
    for node in range(n):
        ahead[node + 1] += ahead[node]
    larger, cursor = np.empty(ahead[n], np.int32), ahead[:-1].copy()
    for node in range(n):
        for entry in range(starts[node], starts[node + 1]):
            other = neighbours[entry]
            if (degree[other], other) > (degree[node], node):
                larger[cursor[node]] = other
                cursor[node] += 1
    found, of = np.zeros(n, np.int64), np.full(n, -1, np.int64)
    for node in range(n):
        for entry in range(ahead[node], ahead[node + 1]):
            of[larger[entry]] = node
        for entry in range(ahead[node], ahead[node + 1]):
            other = larger[entry]
            for beyond in range(ahead[other], ahead[other + 1]):
                third = larger[beyond]
                if of[third] == node:
                    found[node] += 1
                    found[other] += 1
                    found[third] += 1
    return found
