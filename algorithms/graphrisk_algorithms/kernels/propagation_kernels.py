"""Compiled loop of ``propagation``."""

from __future__ import annotations

from graphrisk_algorithms.graph import Float64Array, Int64Array
from graphrisk_algorithms.kernels.csr_kernels import Int32Array, compiled


@compiled
def spread(
    starts: Int64Array,
    neighbours: Int32Array,
    weights: Float64Array,
    held: Float64Array,
    keep: float,
    tolerance: float,
    most: int,
) -> Float64Array:
    """``keep`` times the weighted mean of the neighbours' values; where ``held`` is not 0, that.

    Passes go on until no value changes by more than ``tolerance``, at most ``most``.
    """
    n = len(held)
    values, fresh = held.copy(), held.copy()
    for _ in range(most):
        change = 0.0
        for node in range(n):
            if held[node] == 0.0:
                pull, tied = 0.0, 0.0
                for entry in range(starts[node], starts[node + 1]):
                    pull += weights[entry] * values[neighbours[entry]]
                    tied += weights[entry]
                fresh[node] = keep * pull / tied if tied > 0.0 else 0.0
                change = max(change, abs(fresh[node] - values[node]))
        values, fresh = fresh, values
        if change <= tolerance:
            break
    return values
