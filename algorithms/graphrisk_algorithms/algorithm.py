"""What an algorithm is: typed parameters, a graph in, arrays out.

An algorithm is a frozen dataclass: its fields are its parameters, its docstring says what it sees,
what it cannot see, its cost and its source. ``run`` is a pure function of the graph and the
fields: no clock, no store, no hidden seed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from graphrisk_algorithms.graph import Float64Array, Int64Array, RiskGraph

BoolArray = npt.NDArray[np.bool_]
Value = int | float | str
ResultT_co = TypeVar("ResultT_co", covariant=True)


class Algorithm(Protocol[ResultT_co]):
    """A frozen dataclass whose fields are typed parameters with defaults."""

    name: ClassVar[str]

    def run(self, graph: RiskGraph) -> ResultT_co:
        """The result for ``graph``, which is not changed."""
        ...


@dataclass(frozen=True, slots=True)
class Partition:
    """A cell for each node: ``labels[nid]``, numbered 0, 1, … in order of each cell's first nid."""

    labels: Int64Array


@dataclass(frozen=True, slots=True)
class NodeValues:
    """A number for each node: ``values[nid]``."""

    values: Float64Array


@dataclass(frozen=True, slots=True)
class Clue:
    """One piece of evidence for a candidate: a reason code and the values its sentence needs.

    ``surprise`` is -log10 of the probability of seeing as much by chance in a group of the same
    size and kind.
    """

    code: str
    surprise: float
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A suspected ring before it is ranked against the others.

    ``members`` ascend; ``roles[i]`` is the part of ``members[i]``. ``evidence`` are the eids that
    carried it, ascending. ``surprise`` is -log10 of the chance probability of all clues together,
    corrected for the number of groups looked at; ``score`` maps it to 0–1.
    """

    kind: str
    members: Int64Array
    roles: tuple[str, ...]
    evidence: Int64Array
    surprise: float
    score: float
    clues: tuple[Clue, ...]


def first_seen_labels(labels: Int64Array) -> Int64Array:
    """Renumber cells 0, 1, … in order of their first node, so equal partitions are equal arrays.

    >>> first_seen_labels(np.array([7, 7, 3, 7, 0])).tolist()
    [0, 0, 1, 0, 2]
    """
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse]
