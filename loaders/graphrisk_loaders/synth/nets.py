"""Networks of people: what is measured of them, and which part each member has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from graphrisk_loaders.synth.model import NONE, FloatArray, IntArray

ORGANISER, BROKER, MEMBER, OUTER = ROLES = ("organiser", "broker", "member", "outer")
BoolMatrix = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Net:
    """Ties between members ``0 … size - 1``, each pair once and no member with itself."""

    name: str
    size: int
    src: IntArray
    dst: IntArray
    weight: FloatArray

    def ties(self) -> IntArray:
        """How many ties each member has."""
        return np.bincount(np.concatenate([self.src, self.dst]), minlength=self.size)

    def adjacency(self) -> BoolMatrix:
        """Who is tied to whom, both ways."""
        tied = np.zeros((self.size, self.size), np.bool_)
        tied[self.src, self.dst] = tied[self.dst, self.src] = True
        return tied


@dataclass(frozen=True, slots=True)
class Measures:
    """What two networks of different size can be compared by."""

    size: float
    mean_ties: float  # of a member
    spread: float  # of the members' ties: standard deviation over mean
    hub_share: float  # of the others who are tied to the best tied member
    transitivity: float  # share of the pairs with a common contact that are tied themselves
    outer_share: float  # members with one tie
    broker_share: float  # members other than the best tied one without whom somebody is cut off

    @property
    def density(self) -> float:
        """Share of all pairs that are tied."""
        return self.mean_ties / (self.size - 1)


def measures(net: Net) -> Measures:
    """Measure a network; cubic in its members, of whom there are some dozens."""
    ties, roles = net.ties(), roles_of(net)
    return Measures(
        net.size,
        float(ties.mean()),
        float(ties.std() / ties.mean()),
        float(ties.max()) / (net.size - 1),
        transitivity(net.adjacency()),
        float(np.mean(roles == OUTER)),
        float(np.mean(roles == BROKER)),
    )


def transitivity(tied: BoolMatrix) -> float:
    """Share of the pairs with a common contact that are tied themselves."""
    common = tied.astype(np.float64) @ tied
    np.fill_diagonal(common, 0)
    return float(common[tied].sum() / max(common.sum(), 1))


def roles_of(net: Net) -> npt.NDArray[np.str_]:
    """The part of each member, told from the ties alone.

    The *organiser* has the most ties (the first of several); a *broker* is somebody without whom
    others are cut off; who has one tie is *outer*; the rest are *members*.
    """
    ties = net.ties()
    roles = np.full(net.size, MEMBER, np.array(ROLES).dtype)
    roles[ties == 1] = OUTER
    parts = _parts_without(net, NONE)
    for one in np.flatnonzero(ties > 1).tolist():
        if _parts_without(net, one) > parts + 1:
            roles[one] = BROKER
    roles[int(ties.argmax())] = ORGANISER
    return roles


def _parts_without(net: Net, one: int) -> int:
    """Connected parts when one member has no ties: himself and what is left of the net."""
    kept = (net.src != one) & (net.dst != one)
    shape = (net.size, net.size)
    tied = csr_array((np.ones(int(kept.sum())), (net.src[kept], net.dst[kept])), shape)
    return int(connected_components(tied, directed=False, return_labels=False))
