"""What became of the pairs of a graph since an earlier view of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_algorithms.graph import Int64Array
from graphrisk_algorithms.kernels.components import Ends
from graphrisk_algorithms.kernels.csr import Csr


@dataclass(frozen=True, slots=True)
class Changes:
    """Pairs that came, went and weigh otherwise, each once, the smaller end first; ``pairs`` there
    are now.
    """

    came: Ends
    gone: Ends
    reweighted: Ends
    pairs: int

    @property
    def share(self) -> float:
        """Changed pairs, of all there are or were."""
        came, gone = len(self.came[0]), len(self.gone[0])
        return (came + gone + len(self.reweighted[0])) / max(self.pairs + gone, 1)

    def touched(self) -> Int64Array:
        """The ends of all these pairs, ascending."""
        return np.unique(np.concatenate([*self.came, *self.gone, *self.reweighted]))


def upper(view: Csr) -> Csr:
    """Each pair of a symmetric view once, at its smaller end, without positions.

    Cost: 12 bytes a pair.
    """
    from graphrisk_algorithms.kernels import changes_kernels as kernels

    rows = kernels.upper_rows(view.indptr, view.indices, view.weights)
    return Csr(*rows, np.empty(0, np.int32))


def pair_changes(before: Csr, now: Csr) -> Changes:
    """Pairs of ``now`` and ``before``, both as ``upper`` gives them; nodes may have come.

    Cost: one pass over the pairs of both, a byte a pair.

    >>> from graphrisk_algorithms.kernels.csr import build_csr
    >>> earlier, later = (
    ...     upper(build_csr(n, np.array(src), np.array(dst), symmetric=True))
    ...     for n, src, dst in ((3, [0, 1], [1, 2]), (4, [0, 3], [1, 1]))
    ... )
    >>> changes = pair_changes(earlier, later)
    >>> [ends.tolist() for ends in (*changes.came, *changes.gone)]
    [[1], [3], [1], [2]]
    """
    from graphrisk_algorithms.kernels import changes_kernels as kernels

    one, other = ((view.indptr, view.indices, view.weights) for view in (now, before))
    found, lost = kernels.compared(*one, *other), kernels.compared(*other, *one)
    return Changes(
        came=_ends(now, found == kernels.ALONE),
        gone=_ends(before, lost == kernels.ALONE),
        reweighted=_ends(now, found == kernels.HEAVIER),
        pairs=len(now),
    )


def _ends(view: Csr, chosen: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Ends:
    entries = np.flatnonzero(chosen)
    rows: Int64Array = np.searchsorted(view.indptr, entries, side="right") - 1
    return rows.astype(np.int64), view.indices[entries].astype(np.int64)
