"""Compiled loops of ``leiden``.

A node has a ``mass`` (its strength for modularity, 1 for the constant Potts model); a cell is worth
the weight inside it less ``density`` times the products of the masses of its pairs. Rows hold no
entry for a node itself. Each loop is sequential, so its result depends on its input alone.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from graphrisk_algorithms.graph import Float64Array, Int64Array
from graphrisk_algorithms.kernels.components_kernels import _root
from graphrisk_algorithms.kernels.csr_kernels import compiled
from graphrisk_algorithms.kernels.prefetch import prefetch

Int32Array = npt.NDArray[np.int32]
#: How many visits ahead a node's own numbers, its row, its neighbours' cells and these cells'
#: numbers are asked for: each needs the one before. Tried on graphs of 1M edges.
_NODE, _ROW, _NEAR, _CELL = 11, 7, 3, 1
_MOST = 16  # neighbours asked for; a longer row is read while the processor sees what comes
_SCAN = 24  # entries ahead in a scan of all
#: Share of a node's strength below which a gain is rounding, which would move it for ever.
_NOTHING = 1e-10


@compiled
def strengths(starts: Int64Array, neighbours: Int32Array, weights: Float64Array) -> Float64Array:
    """Weight of the entries of each row, without the row itself."""
    found = np.zeros(len(starts) - 1)
    for row in range(len(found)):
        for entry in range(starts[row], starts[row + 1]):
            if neighbours[entry] != row:
                found[row] += weights[entry]
    return found


@compiled
def _tally(mass: Float64Array, labels: Int32Array) -> tuple[Float64Array, Int32Array, Int32Array]:
    """Mass and size of each cell, and the cells that nobody is in (as many as there are 0s)."""
    total, size = np.zeros(len(mass)), np.zeros(len(mass), np.int32)
    for node in range(len(mass)):
        total[labels[node]] += mass[node]
        size[labels[node]] += 1
    free, frees = np.empty(len(mass), np.int32), 0
    for cell in range(len(mass)):
        if size[cell] == 0:
            free[frees] = cell
            frees += 1
    return total, size, free


@compiled
def _tie(
    neighbours: Int32Array,
    weights: Float64Array,
    labels: Int32Array,
    first: int,
    last: int,
    node: int,
    tied: Float64Array,
    near: Int32Array,
) -> tuple[int, float]:
    """Add the entries ``first:last`` of a row to ``tied``, by the neighbours' cells.

    Returns how many cells are ``near``, and the weight of all entries. ``tied`` must be 0.
    """
    nears, pull = 0, 0.0
    for entry in range(first, last):
        if neighbours[entry] != node:
            cell = labels[neighbours[entry]]
            if tied[cell] == 0.0:
                near[nears] = cell
                nears += 1
            tied[cell] += weights[entry]
            pull += weights[entry]
    return nears, pull


@compiled
def _foresee(
    starts: Int64Array,
    neighbours: Int32Array,
    weights: Float64Array,
    mass: Float64Array,
    labels: Int32Array,
    tied: Float64Array,
    total: Float64Array,
    queue: Int32Array,
    head: int,
) -> None:
    """Ask for what the visits after that of ``queue[head]`` will read."""
    n = len(queue)
    at = head + _NODE
    node = queue[at if at < n else at - n]
    prefetch(starts, node)
    prefetch(labels, node)
    prefetch(mass, node)
    at = head + _ROW
    first = starts[queue[at if at < n else at - n]]
    prefetch(neighbours, first)
    prefetch(weights, first)
    prefetch(weights, first + 8)
    at = head + _NEAR
    node = queue[at if at < n else at - n]
    for entry in range(starts[node], min(starts[node] + _MOST, starts[node + 1])):
        prefetch(labels, neighbours[entry])
    at = head + _CELL
    node = queue[at if at < n else at - n]
    for entry in range(starts[node], min(starts[node] + _MOST, starts[node + 1])):
        prefetch(tied, labels[neighbours[entry]])
        prefetch(total, labels[neighbours[entry]])


@compiled
def _foresee_row(
    starts: Int64Array,
    neighbours: Int32Array,
    weights: Float64Array,
    labels: Int32Array,
    members: Int32Array,
    member: int,
) -> None:
    """Ask for the rows after that of ``members[member]`` and for their neighbours' labels."""
    prefetch(starts, members[member + _NODE])
    first = starts[members[member + _ROW]]
    prefetch(neighbours, first)
    prefetch(weights, first)
    prefetch(weights, first + 8)
    node = members[member + _NEAR]
    for entry in range(starts[node], min(starts[node] + _MOST, starts[node + 1])):
        prefetch(labels, neighbours[entry])


@compiled
def move_nodes(
    starts: Int64Array,
    neighbours: Int32Array,
    weights: Float64Array,
    mass: Float64Array,
    density: float,
    order: Int32Array,
    labels: Int32Array,
) -> int:
    """Move each node to the cell where it is worth most, until none gains; the number of moves.

    ``labels`` (each below the number of nodes) is changed. Nodes wait in a queue, first those of
    ``order`` (no two alike) in it; whoever's neighbour went elsewhere waits again.
    """
    n = len(mass)
    total, size, free = _tally(mass, labels)
    frees = n - np.count_nonzero(size)
    queue, waits = np.empty(n, np.int32), np.zeros(n, np.bool_)
    queue[: len(order)] = order
    waits[order] = True
    head, waiting, moves = 0, len(order), 0
    tied, near = np.zeros(n), np.empty(n, np.int32)
    while waiting:
        node = queue[head]
        if waiting > _NODE:
            _foresee(starts, neighbours, weights, mass, labels, tied, total, queue, head)
        head = head + 1 if head + 1 < n else 0
        waiting -= 1
        waits[node] = False
        own, first, last = labels[node], starts[node], starts[node + 1]
        nears, pull = _tie(neighbours, weights, labels, first, last, node, tied, near)
        push = density * mass[node]
        stays = tied[own] - push * (total[own] - mass[node])
        best, target = stays, own
        for place in range(nears):
            cell = near[place]
            worth = tied[cell] - push * total[cell]
            if cell != own and worth > best + _NOTHING * pull:
                best, target = worth, cell
            tied[cell] = 0.0
        if (best < 0.0 or nears == 0) and size[own] > 1:
            frees -= 1
            target = free[frees]
        if target == own:
            continue
        moves += 1
        labels[node] = target
        total[own] -= mass[node]
        total[target] += mass[node]
        size[own] -= 1
        size[target] += 1
        if size[own] == 0:
            free[frees] = own
            frees += 1
        for entry in range(first, last):
            other = neighbours[entry]
            if not waits[other] and labels[other] != target:
                at = head + waiting
                queue[at if at < n else at - n] = other
                waits[other] = True
                waiting += 1
    return moves


@compiled
def _drawn(worths: Float64Array, count: int, warmth: float, draw: float) -> int:
    """One of the first ``count`` places, ``e`` times as likely for each ``warmth`` of worth."""
    if count == 1:
        return 0
    best, odds = worths[0], 0.0
    for place in range(count):
        best = max(best, worths[place])
    for place in range(count):
        worths[place] = np.exp((worths[place] - best) / warmth)
        odds += worths[place]
    left, chosen = draw * odds, 0
    for place in range(count):
        if left >= 0.0:
            chosen = place
        left -= worths[place]
    return chosen


@compiled
def refine(
    starts: Int64Array,
    neighbours: Int32Array,
    weights: Float64Array,
    mass: Float64Array,
    density: float,
    order: Int32Array,
    draws: Float64Array,
    warmth: float,
    cells: Int32Array,
) -> Int32Array:
    """Parts of cells: in ``order``, each node still alone joins a part of its cell.

    Any part in which it is worth more than alone may be drawn (``draws`` has a number from 0 to 1
    for each node), ``e`` times as likely for each ``warmth`` that it is worth more: the best alone
    would be, among many of equal ties, always that of the smallest mass. Only what is well
    connected with the rest of its cell joins or is joined, so each part holds together, and so
    does what is made of it.
    """
    n = len(mass)
    labels = np.arange(n).astype(np.int32)
    alone = np.ones(n, np.bool_)
    total, cell_mass, cut = mass.copy(), np.zeros(n), np.zeros(n)
    for node in range(n):
        cell_mass[cells[node]] += mass[node]
        for entry in range(starts[node], starts[node + 1]):
            other = neighbours[entry]
            if other != node and cells[other] == cells[node]:
                cut[node] += weights[entry]
    tied, near, worths = np.zeros(n), np.empty(n, np.int32), np.empty(n)
    for visit in range(len(order)):
        node = order[visit]
        if visit + _NODE < len(order):
            prefetch(cut, order[visit + _NODE])
            prefetch(cells, order[visit + _NODE])
            _foresee_row(starts, neighbours, weights, cells, order, visit)
        whole = cell_mass[cells[node]]
        push = density * mass[node]
        if not alone[node] or cut[node] < push * (whole - mass[node]):
            continue
        nears = 0
        for entry in range(starts[node], starts[node + 1]):
            other = neighbours[entry]
            if other != node and cells[other] == cells[node]:
                part = labels[other]
                if tied[part] == 0.0:
                    near[nears] = part
                    nears += 1
                tied[part] += weights[entry]
        fitting = 0
        for place in range(nears):
            part = near[place]
            worth = tied[part] - push * total[part]
            if worth > 0.0 and cut[part] >= density * total[part] * (whole - total[part]):
                near[fitting], worths[fitting] = part, worth
                fitting += 1
            else:
                tied[part] = 0.0
        if fitting:
            target = near[_drawn(worths, fitting, warmth, draws[node])]
            labels[node] = target
            alone[node] = alone[target] = False
            total[target] += mass[node]
            cut[target] += cut[node] - 2.0 * tied[target]
        for place in range(fitting):
            tied[near[place]] = 0.0
    return labels


@compiled
def renumber(labels: Int32Array) -> tuple[Int32Array, int]:
    """Labels 0, 1, … in order of their first node, and how many there are."""
    known = np.full(len(labels), -1, np.int32)
    found, count = np.empty(len(labels), np.int32), 0
    for node in range(len(labels)):
        if known[labels[node]] < 0:
            known[labels[node]] = count
            count += 1
        found[node] = known[labels[node]]
    return found, count


@compiled
def pieces(starts: Int64Array, neighbours: Int32Array, labels: Int32Array) -> Int64Array:
    """Smallest node that each node is connected with inside its cell: union-find."""
    parent = np.arange(len(labels))
    for node in range(len(labels)):
        for entry in range(starts[node], starts[node + 1]):
            if entry + _SCAN < len(neighbours):
                prefetch(labels, neighbours[entry + _SCAN])
            other = int(neighbours[entry])
            if other < node and labels[other] == labels[node]:
                left, right = _root(parent, node), _root(parent, other)
                parent[max(left, right)] = min(left, right)
    for node in range(len(labels)):
        parent[node] = parent[parent[node]]
    return parent


@compiled
def aggregate(
    starts: Int64Array,
    neighbours: Int32Array,
    weights: Float64Array,
    labels: Int32Array,
    count: int,
) -> tuple[Int64Array, Int32Array, Float64Array]:
    """The graph of ``count`` cells: weights between two are added up, those inside left out."""
    n = len(labels)
    begin = np.zeros(count + 1, np.int64)
    for node in range(n):
        begin[labels[node] + 1] += 1
    for cell in range(count):
        begin[cell + 1] += begin[cell]
    members, cursor = np.empty(n, np.int32), begin[:-1].copy()
    for node in range(n):
        members[cursor[labels[node]]] = node
        cursor[labels[node]] += 1
    merged, kept = np.zeros(count + 1, np.int64), 0
    ends, heavy = np.empty(len(neighbours), np.int32), np.empty(len(neighbours))
    place = np.full(count, -1, np.int64)
    for cell in range(count):
        first = kept
        for member in range(begin[cell], begin[cell + 1]):
            node = members[member]
            if member + _NODE < n:
                _foresee_row(starts, neighbours, weights, labels, members, member)
            for entry in range(starts[node], starts[node + 1]):
                other = labels[neighbours[entry]]
                if other == cell:
                    continue
                if place[other] < first:
                    place[other] = kept
                    ends[kept] = other
                    heavy[kept] = 0.0
                    kept += 1
                heavy[place[other]] += weights[entry]
        merged[cell + 1] = kept
    return merged, ends[:kept].copy(), heavy[:kept].copy()
