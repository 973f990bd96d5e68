"""How closely the surroundings of a node hold together: cores and triangles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from graphrisk_algorithms.algorithm import NodeValues
from graphrisk_algorithms.graph import RiskGraph
from graphrisk_algorithms.kernels.pairs import pair_graph


@dataclass(frozen=True, slots=True)
class CoreNumbers:
    """The largest ``k`` for which a node lies in a part where everybody has ``k`` neighbours.

    Cannot see weights or directions; a large family and a scam cell have the same core.
    Cost: linear in pairs. Source: Batagelj and Zaveršnik 2003, arXiv cs/0310049.
    """

    name: ClassVar[str] = "core_numbers"
    edge_kinds: tuple[str, ...] = ()

    def run(self, graph: RiskGraph) -> NodeValues:
        """Core number of each node."""
        from graphrisk_algorithms.kernels.cohesion_kernels import core_numbers

        view = pair_graph(graph, self.edge_kinds)
        return NodeValues(core_numbers(view.indptr, view.indices).astype(np.float64))


@dataclass(frozen=True, slots=True)
class Clustering:
    """Share of a node's pairs of neighbours that are neighbours themselves (0 below two).

    Cannot see weights or directions; families, clans and firms are all triangles.
    Cost: pairs times the square root of pairs at worst.
    Source: Watts and Strogatz 1998, doi:10.1038/30918; Chiba and Nishizeki 1985,
    doi:10.1137/0214017.
    """

    name: ClassVar[str] = "clustering"
    edge_kinds: tuple[str, ...] = ()

    def run(self, graph: RiskGraph) -> NodeValues:
        """Local clustering coefficient of each node."""
        from graphrisk_algorithms.kernels.cohesion_kernels import triangles

        view = pair_graph(graph, self.edge_kinds)
        degree = np.diff(view.indptr)
        possible = np.maximum(degree * (degree - 1) // 2, 1)
        return NodeValues(triangles(view.indptr, view.indices) / possible)
