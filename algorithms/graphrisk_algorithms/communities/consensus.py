"""Communities on which many runs agree, with how often they did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from graphrisk_algorithms.algorithm import BoolArray, Partition
from graphrisk_algorithms.communities.significance import surprises
from graphrisk_algorithms.graph import Float64Array, Int64Array, RiskGraph
from graphrisk_algorithms.kernels.csr import Csr
from graphrisk_algorithms.kernels.leiden import Leiden, Objective
from graphrisk_algorithms.kernels.pairs import pair_graph

Int16Array = npt.NDArray[np.int16]
#: Below it a community is a matter of the seed (Hennig 2007: "valid, stable" from .75 on).
LEAST_STABILITY = 0.75
#: -log10 of the chance that some group of the size does as well: one in a hundred.
LEAST_SURPRISE = 2.0


@dataclass(frozen=True, slots=True)
class Communities:
    """A partition, and what is known of each of its communities.

    ``labels[nid]`` numbers communities in order of their first nodes; the other arrays have a row
    a community. ``runs`` are the partitions that were asked, in (resolution, seed) order.

    ``stability`` (0–1): how exactly the seeds give this community at the resolution that suits it
    best: the greatest Jaccard with any cell of a run, mean over the runs of one resolution,
    greatest over resolutions. ``surprise``: -log10 of the probability that some group of as many
    nodes holds as many pairs inside in a random graph of the same degrees, see ``surprises``; 0
    where chance explains it.
    """

    labels: Int64Array
    sizes: Int64Array
    stability: Float64Array
    surprise: Float64Array
    runs: tuple[Int64Array, ...]

    def reliable(self) -> BoolArray:
        """Which communities are stable and no work of chance."""
        return (self.stability >= LEAST_STABILITY) & (self.surprise >= LEAST_SURPRISE)


@dataclass(frozen=True, slots=True)
class Consensus:
    """What Leiden finds again and again: at each resolution, from each seed.

    Ties whose two ends shared a community in more than ``agreement`` of the runs stay, weighted by
    how often; one more Leiden on these ties gives the communities, each connected.
    Cannot see communities that overlap, nor which of two levels of a hierarchy is meant: two that
    most resolutions join are one, and stable. What has no more than two or three communities in
    all is torn to pieces, for the finer resolutions see none of that size. Same seeds, same input:
    same communities.
    Cost: a Leiden a run, half of one more; beside them 14 bytes an entry and 8 a node and run.
    Source: Lancichinetti and Fortunato 2012, doi:10.1038/srep00336 (on existing ties alone, one
    round: docs/decisions/0009); stability: Hennig 2007, doi:10.1016/j.csda.2006.11.025.
    """

    name: ClassVar[str] = "consensus"
    edge_kinds: tuple[str, ...] = ()
    objective: Objective = "modularity"
    resolutions: tuple[float, ...] = (1.0, 2.0, 4.0)
    seeds: tuple[int, ...] = (1, 2)
    agreement: float = 0.5
    iterations: int = 2

    def run(self, graph: RiskGraph) -> Partition:
        """One cell a community; isolated nodes are cells of their own."""
        return Partition(self.communities(pair_graph(graph, self.edge_kinds)).labels)

    def communities(self, view: Csr) -> Communities:
        """Communities of a symmetric view as ``Leiden`` takes it: the weighted pairs."""
        runs = [method.communities(view) for method in self._methods()]
        return self._agreed(view, runs, self._together(view, runs))

    def continued(self, view: Csr, found: Communities, touched: Int64Array) -> Communities:
        """Communities that go on from ``found`` where only the ties of some nodes changed.

        Each run goes on from its own cells (``Leiden.continued``), and so does what they agree on,
        from ``found.labels`` where a tie is agreed on otherwise than before. Cost: some passes
        over the entries a run.

        Args:
            view: The weighted pairs now; its first nodes are those of ``found``.
            found: What this method gave for the pairs before.
            touched: Nodes with a tie that came, went or weighs otherwise; new ones are added.

        Raises:
            ValueError: ``found`` has not one run for each of this method's, or more nodes.
        """
        methods, known = self._methods(), len(found.labels)
        if len(found.runs) != len(methods):
            raise ValueError(f"{len(methods)} runs are needed, not {len(found.runs)}")
        if known > view.n:
            raise ValueError(f"there were {known} nodes, now there are {view.n}")
        touched = np.union1d(touched, np.arange(known, view.n))
        starts = [_with_newcomers(run, view.n) for run in found.runs]
        runs = [
            method.continued(view, start, touched)
            for method, start in zip(methods, starts, strict=True)
        ]
        before, now = self._together(view, starts), self._together(view, runs)
        rows = np.repeat(np.arange(view.n), np.diff(view.indptr))
        moved = np.union1d(touched, rows[before != now])
        return self._agreed(view, runs, now, (_with_newcomers(found.labels, view.n), moved))

    def _methods(self) -> list[Leiden]:
        return [
            Leiden((), self.objective, resolution, self.iterations, seed)
            for resolution in self.resolutions
            for seed in self.seeds
        ]

    @staticmethod
    def _together(view: Csr, runs: Sequence[Int64Array]) -> Int16Array:
        """In how many of the runs the two ends of each entry are in one cell."""
        from graphrisk_algorithms.kernels import consensus_kernels as kernels

        together = np.zeros(len(view), np.int16)
        for run in runs:
            kernels.count_together(view.indptr, view.indices, run, together)
        return together

    def _agreed(
        self,
        view: Csr,
        runs: Sequence[Int64Array],
        together: Int16Array,
        start: tuple[Int64Array, Int64Array] | None = None,
    ) -> Communities:
        """``start``: labels to go on from, and the nodes to begin with."""
        from graphrisk_algorithms.kernels import consensus_kernels as kernels

        least = int(np.floor(self.agreement * len(runs) + 1e-9)) + 1
        rows = kernels.kept_rows(view.indptr, view.indices, together, least)
        agreed = Csr(*rows, np.empty(0, np.int32))
        method = Leiden(seed=self.seeds[0], iterations=self.iterations)
        labels = method.communities(agreed) if start is None else method.continued(agreed, *start)
        sizes = _sizes(labels)
        overlaps = np.array(
            [kernels.best_overlaps(labels, sizes, run, _sizes(run))[0] for run in runs]
        )
        by_resolution = overlaps.reshape(len(self.resolutions), len(self.seeds), len(sizes))
        stability = by_resolution.mean(axis=1).max(axis=0)
        return Communities(labels, sizes, stability, surprises(view, labels), tuple(runs))


def _with_newcomers(labels: Int64Array, n: int) -> Int64Array:
    """Nodes that came are cells of their own."""
    return np.concatenate([labels, labels.max(initial=-1) + 1 + np.arange(n - len(labels))])


def _sizes(labels: Int64Array) -> Int64Array:
    return np.bincount(labels).astype(np.int64, copy=False)
