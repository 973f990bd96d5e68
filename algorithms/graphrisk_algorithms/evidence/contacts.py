"""Whom people name for emergencies: hardly anybody names a number of his own."""

from __future__ import annotations

from dataclasses import dataclass

from graphrisk_algorithms.algorithm import BoolArray
from graphrisk_algorithms.evidence.columns import source_of
from graphrisk_algorithms.graph import Int64Array, RiskGraph
from graphrisk_algorithms.kernels.pairs import edges_of


@dataclass(frozen=True, slots=True)
class Contacts:
    """One row a person and number that he, or one of his records, named."""

    eid: Int64Array
    person: Int64Array
    is_own: BoolArray  # whether the number is registered in his own name

    def usual(self, seen: int, named: int) -> float:
        """Share of numbers of their own among those named outside a group with so many of both.

        Laplace's estimate, as if one in two of a pair were, so that an empty rest tells nothing.
        """
        return (int(self.is_own.sum()) - seen + 1) / (len(self.eid) - named + 2)


def contacts(graph: RiskGraph) -> Contacts:
    """Read NAMES_CONTACT against OWNS_PHONE; linear in both."""
    named = edges_of(graph, "NAMES_CONTACT")
    return Contacts(named.eid, named.src, source_of(graph, "OWNS_PHONE")[named.dst] == named.src)
