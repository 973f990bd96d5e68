"""Compiled loop of ``triads``."""

from __future__ import annotations

import numpy as np

from graphrisk_algorithms.graph import Int64Array
from graphrisk_algorithms.kernels.csr_kernels import Int32Array, compiled

_NEITHER = 0


@compiled
def census(starts: Int64Array, neighbours: Int32Array, ways: Int64Array) -> Int64Array:
    """How many triads have each of the 64 codes, a pair's directions two bits, but the empty one.

    ``ways`` are the directions of each entry of a symmetric view. Two rows are gone through
    side by side for each tied pair, as Batagelj and Mrvar do, so that triads in which only one
    pair is tied are counted, not visited: pairs times the largest degree.
    """
    n = len(starts) - 1
    found = np.zeros(64, np.int64)
    for one in range(n):
        for entry in range(starts[one], starts[one + 1]):
            two = neighbours[entry]
            if two <= one:
                continue
            apart = n - 2  # nodes tied to neither
            left, right = starts[one], starts[two]
            while left < starts[one + 1] or right < starts[two + 1]:
                near = neighbours[left] if left < starts[one + 1] else n
                far = neighbours[right] if right < starts[two + 1] else n
                third = min(near, far)
                from_one = ways[left] if near == third else _NEITHER
                from_two = ways[right] if far == third else _NEITHER
                left += near == third
                right += far == third
                if third == one or third == two:  # noqa: SIM109 - compiled
                    continue
                apart -= 1
                # Each triad once: from its first tied pair.
                if third > two or (one < third and from_one == _NEITHER):
                    found[ways[entry] | from_one << 2 | from_two << 4] += 1
            found[ways[entry]] += apart
    return found
