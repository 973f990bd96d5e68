"""The triad census: how often three nodes are tied in each of the sixteen ways."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations

import numpy as np

from graphrisk_algorithms.graph import Int64Array
from graphrisk_algorithms.kernels.csr import build_csr

#: Names of Holland and Leinhardt by the edges between nodes 0, 1 and 2: mutual, asymmetric and null
#: pairs, then down, up, transitive or cyclic.
_EXAMPLES = {
    "012": ((0, 1),),
    "102": ((0, 1), (1, 0)),
    "021D": ((1, 0), (1, 2)),
    "021U": ((0, 1), (2, 1)),
    "021C": ((0, 1), (1, 2)),
    "111D": ((0, 1), (1, 0), (2, 1)),
    "111U": ((0, 1), (1, 0), (1, 2)),
    "030T": ((0, 1), (1, 2), (0, 2)),
    "030C": ((0, 1), (1, 2), (2, 0)),
    "201": ((0, 1), (1, 0), (1, 2), (2, 1)),
    "120D": ((0, 1), (1, 0), (2, 0), (2, 1)),
    "120U": ((0, 1), (1, 0), (0, 2), (1, 2)),
    "120C": ((0, 1), (1, 0), (0, 2), (2, 1)),
    "210": ((0, 1), (1, 0), (0, 2), (2, 0), (1, 2)),
    "300": ((0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)),
}
_PAIRS = ((0, 1), (0, 2), (1, 2))


def triad_census(n: int, src: Int64Array, dst: Int64Array) -> Mapping[str, int]:
    """Triads of each kind but the empty one, parallel edges and self-loops apart.

    ``030C`` counts cycles of three, ``021D`` and ``021U`` fan-out and fan-in, ``021C`` passing on;
    beside those of a graph with the same degrees dealt at random they tell what is unusual.
    Cannot see time or amounts. Cost: pairs times the largest degree at worst; 40 bytes a pair.
    Source: Batagelj and Mrvar 2001, doi:10.1016/S0378-8733(01)00035-1.

    >>> triads = triad_census(3, np.array([0, 1, 2]), np.array([1, 2, 0]))
    >>> {kind: count for kind, count in triads.items() if count}
    {'030C': 1}
    """
    from graphrisk_algorithms.kernels.triads_kernels import census

    proper = src != dst
    pairs = np.unique(src[proper] * n + dst[proper])
    one, two = pairs // max(n, 1), pairs % max(n, 1)
    # Entries of both directions add up to the ways: 1 there, 2 back.
    both = np.concatenate([one, two]), np.concatenate([two, one])
    ways = np.repeat([1.0, 2.0], len(one))
    view = build_csr(n, *both, ways, merge=True)
    counts = census(view.indptr, view.indices, view.weights.astype(np.int64))
    return {kind: int(counts[codes].sum()) for kind, codes in _codes().items()}


def _codes() -> dict[str, list[int]]:
    """All codes of each kind: its nodes may come in any order."""
    found = {}
    for kind, edges in _EXAMPLES.items():
        codes = set()
        for order in permutations(range(3)):
            turned = {(order[a], order[b]) for a, b in edges}
            ways = [((a, b) in turned) | ((b, a) in turned) << 1 for a, b in _PAIRS]
            codes.add(ways[0] | ways[1] << 2 | ways[2] << 4)
        found[kind] = sorted(codes)
    return found
