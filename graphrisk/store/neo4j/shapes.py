"""Where Neo4j keeps each kind of fact, as the pieces that statements are put together from.

=============  ====================================================================================
node           ``(:Node:KIND {nid, key, seq, terms})`` and a score and run property per model
assertion      ``(:KINDAssertion {vid, nid, akey, …})``, one node a version, found by ``nid``
state edge     one relationship a version, ``{vid, eid, akey, …}``
event edge     one relationship, ``{eid, akey, …}``
aggregate      one relationship a pair, ``{eid, akey, …}``; ``akey`` is made of the pair of nids
=============  ====================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass

from graphrisk.core.errors import BadInput
from graphrisk_schema.model import EdgeKind, Nature, NodeKind
from graphrisk_schema.reader import load_schema

#: Found by nid, whatever the planner believes (see ``Shape.by``).
BY_NID = "USING INDEX SEEK n:Node(nid)"
TIMES = ("valid_from", "valid_to", "known_from", "known_to")


@dataclass(frozen=True, slots=True)
class Shape:
    """The versions of one kind's facts; ``f`` is the fact in every statement."""

    name: str
    is_edge: bool
    nature: Nature
    properties: tuple[str, ...]

    @property
    def pattern(self) -> str:
        """All facts of the kind, without their ends."""
        return f"()-[f:`{self.name}`]->()" if self.is_edge else f"(f:`{self.name}Assertion`)"

    def by(self, name: str) -> str:
        """All facts of the kind, to be found by a property that the statement names.

        The hint matters: a plan made while the store was empty, when a scan cost nothing, is kept
        for a while, and a first load would scan all of its rows for each row.
        """
        label = self.name if self.is_edge else f"{self.name}Assertion"
        return f"{self.pattern} USING INDEX SEEK f:`{label}`({name})"

    @property
    def number(self) -> str:
        """The property that numbers the rows of an export."""
        return "vid" if self.nature is Nature.STATE else "eid"


def node_kind(kind: str) -> NodeKind:
    """The kind from the vocabulary; ``BadInput`` when there is none (a name reaches Cypher)."""
    found = load_schema().nodes.get(kind)
    if found is None:
        raise BadInput(f"no such node kind: {kind}")
    return found


def edge_kind(kind: str) -> EdgeKind:
    """The edge kind from the vocabulary; ``BadInput`` when there is none."""
    found = load_schema().edges.get(kind)
    if found is None:
        raise BadInput(f"no such edge kind: {kind}")
    return found


def assertions(kind: str) -> Shape:
    """How the assertions of a node kind are kept."""
    found = node_kind(kind)
    return Shape(kind, False, Nature.STATE, tuple(p.name for p in found.properties))


def edges(kind: str) -> Shape:
    """How the edges of a kind are kept."""
    found = edge_kind(kind)
    return Shape(kind, True, found.nature, tuple(p.name for p in found.properties))
