"""Communities by Leiden: groups with more ties inside than chance would give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from graphrisk_algorithms.algorithm import Partition, first_seen_labels
from graphrisk_algorithms.graph import Float64Array, Int64Array, RiskGraph
from graphrisk_algorithms.kernels.csr import Csr
from graphrisk_algorithms.kernels.pairs import pair_graph

Int32Array = npt.NDArray[np.int32]
#: Of the mean weight: igraph's and the paper's choice for weights about 1.
_WARMTH = 0.01
Objective = Literal["modularity", "cpm"]


@dataclass(frozen=True, slots=True)
class Leiden:
    """Communities of greatest modularity on the weighted pair graph, or of the constant Potts
    model (``cpm``: the weight inside less ``resolution`` a pair of members).

    Cannot see communities smaller than the resolution limit (of modularity), nor any that
    overlap; on real rings among ordinary ties it finds about one in six, so it frames candidates
    and accuses nobody.
    Same seed, same input: same cells, each connected; no two would be worth more as one. Cost:
    near-linear in pairs; beside the view 24 bytes an entry and 60 a node.
    Source: Traag, Waltman, van Eck 2019, doi:10.1038/s41598-019-41695-z.
    """

    name: ClassVar[str] = "leiden"
    edge_kinds: tuple[str, ...] = ()
    objective: Objective = "modularity"
    resolution: float = 1.0
    iterations: int = 2  # more passes gain less than 1 % modularity
    seed: int = 1

    def run(self, graph: RiskGraph) -> Partition:
        """One cell a community; isolated nodes are cells of their own."""
        view = pair_graph(graph, self.edge_kinds)
        return Partition(self.communities(view))

    def communities(self, view: Csr, start: Int64Array | None = None) -> Int64Array:
        """Community of each node of a symmetric view, numbered in order of their first nodes.

        Args:
            view: Every pair at both ends, no two entries of a row alike; entries of a node
                with itself do not count. Weights are positive.
            start: Cells to begin with, as another run found them; by default each node is one.

        Raises:
            ValueError: ``start`` does not tell one cell for each node.
        """
        level, density, warmth = self._first_level(view)
        rng = np.random.default_rng(self.seed)
        cells = np.arange(view.n, dtype=np.int32) if start is None else _numbered(start, view.n)
        for _ in range(self.iterations):
            cells = _improved(level, density, warmth, cells, rng)
        return _told(cells)

    def continued(self, view: Csr, start: Int64Array, touched: Int64Array) -> Int64Array:
        """Communities that go on from ``start`` where only the ties of some nodes changed.

        The ``touched`` nodes move first, and after them whoever's neighbour went elsewhere. A cell
        that fell apart is parted; the parts are then joined as in a pass of ``communities``, so
        each cell is connected and no two would be worth more as one. Nodes that nobody touched
        and no mover was tied to are not asked again: such runs want one from the beginning now
        and then. Cost: the rows of who is asked, and two passes over the entries.

        Args:
            view: As ``communities`` takes it.
            start: Cell of each node before.
            touched: Nodes with a tie that came, went or weighs otherwise, and such as are new.

        Raises:
            ValueError: ``start`` does not tell one cell for each node.
        """
        from graphrisk_algorithms.kernels import leiden_kernels as kernels

        level, density, warmth = self._first_level(view)
        rows = (level.starts, level.neighbours, level.weights)
        rng = np.random.default_rng(self.seed)
        cells = _numbered(start, view.n)
        order = rng.permutation(touched.astype(np.int32))
        kernels.move_nodes(*rows, level.mass, density, order, cells)
        piece = kernels.pieces(view.indptr, view.indices, cells).astype(np.int32)
        parts, count = kernels.renumber(piece)
        whole = _aggregated(level, parts, count)
        cells = _improved(whole, density, warmth, np.arange(count, dtype=np.int32), rng)
        return _told(cells[parts])

    def _first_level(self, view: Csr) -> tuple[_Level, float, float]:
        """The nodes with their mass, the density that a cell must exceed, and the warmth."""
        from graphrisk_algorithms.kernels import leiden_kernels as kernels

        strength = kernels.strengths(view.indptr, view.indices, view.weights)
        mass, density = strength, self.resolution / (float(strength.sum()) or 1.0)
        if self.objective == "cpm":
            mass, density = np.ones(view.n), self.resolution
        warmth = _WARMTH * (float(view.weights.mean()) if len(view) else 1.0)
        return _Level(view.indptr, view.indices, view.weights, mass), density, warmth


def _told(cells: Int32Array) -> Int64Array:
    from graphrisk_algorithms.kernels import leiden_kernels as kernels

    return kernels.renumber(cells)[0].astype(np.int64)


def _numbered(start: Int64Array, n: int) -> Int32Array:
    if start.shape != (n,):
        raise ValueError(f"a cell for each of {n} nodes is needed, not {start.shape}")
    return first_seen_labels(start).astype(np.int32)


@dataclass(frozen=True, slots=True)
class _Level:
    """A graph whose nodes are parts of cells: rows as in ``Csr``, and the mass of each."""

    starts: Int64Array
    neighbours: Int32Array
    weights: Float64Array
    mass: Float64Array


def _aggregated(level: _Level, parts: Int32Array, count: int) -> _Level:
    from graphrisk_algorithms.kernels import leiden_kernels as kernels

    mass = np.bincount(parts, level.mass, count).astype(np.float64, copy=False)
    rows = (level.starts, level.neighbours, level.weights)
    return _Level(*kernels.aggregate(*rows, parts, count), mass)


def _improved(
    level: _Level, density: float, warmth: float, cells: Int32Array, rng: np.random.Generator
) -> Int32Array:
    """Cells after one pass: nodes move, then parts of cells, then parts of these, and so on.

    A part is joined along ties alone, so a cell that is one part is connected.
    """
    from graphrisk_algorithms.kernels import leiden_kernels as kernels

    part = np.arange(len(cells), dtype=np.int32)  # of each node of the first level
    while True:
        rows = (level.starts, level.neighbours, level.weights)
        order = rng.permutation(np.arange(len(cells), dtype=np.int32))
        moved = cells.copy()
        kernels.move_nodes(*rows, level.mass, density, order, moved)
        cells, count = kernels.renumber(moved)
        if count == len(cells):
            return cells[part]
        joined = kernels.refine(
            *rows, level.mass, density, order, rng.random(len(cells)), warmth, cells
        )
        parts, smaller = kernels.renumber(joined)
        if smaller == len(cells):  # together worth just as much as apart: whole cells go on
            parts, smaller = cells, count
        level = _aggregated(level, parts, smaller)
        part, whole = parts[part], cells
        cells = np.empty(smaller, np.int32)
        cells[parts] = whole
