"""Where a walk along the edges ends up: PageRank, from everywhere or from some nodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from graphrisk_algorithms.algorithm import NodeValues
from graphrisk_algorithms.graph import Float64Array, Int64Array, RiskGraph
from graphrisk_algorithms.kernels.csr import build_csr
from graphrisk_algorithms.kernels.pairs import all_ends

_MOST_PASSES = 1_000


@dataclass(frozen=True, slots=True)
class PageRank:
    """Share of time a walk along directed edges spends at each node (sums to 1).

    With probability ``1 - damping`` a step begins anew: at any node, or at one of ``seeds``
    (personalised PageRank: how near everybody is to them). An edge weighs ``log2(1 + number)``
    of the parallel ones.
    Cannot see time: money that flowed before it came in counts as well. Popular shops rank high.
    Cost: some five scans of the edges a pass, 40 to 120 passes; 28 bytes an edge.
    Source: Page and others 1999 (Stanford), http://ilpubs.stanford.edu:8090/422/.
    """

    name: ClassVar[str] = "pagerank"
    edge_kinds: tuple[str, ...] = ()
    seeds: tuple[int, ...] = ()
    damping: float = 0.85
    tolerance: float = 1e-9  # of the sum of all changes

    def run(self, graph: RiskGraph) -> NodeValues:
        """Rank of each node; ``ValueError`` for a seed that is no node."""
        from graphrisk_algorithms.kernels.pagerank_kernels import power_iteration

        if not graph.n:
            return NodeValues(np.empty(0))
        src, dst = all_ends(graph, self.edge_kinds)
        view = build_csr(graph.n, dst, src, merge=True)
        weights = np.log2(1.0 + view.weights)
        given = np.bincount(view.indices, weights, graph.n).astype(np.float64, copy=False)
        rank, _ = power_iteration(
            view.indptr,
            view.indices,
            weights,
            given,
            self._teleport(graph.n),
            self.damping,
            self.tolerance,
            _MOST_PASSES,
        )
        return NodeValues(rank)

    def _teleport(self, n: int) -> Float64Array:
        seeds: Int64Array = np.array(self.seeds or range(n), np.int64)
        if seeds.min() < 0 or seeds.max() >= n:
            raise ValueError(f"a seed is none of the {n} nodes")
        chosen = np.unique(seeds)
        begin = np.zeros(n)
        begin[chosen] = 1.0 / len(chosen)
        return begin
