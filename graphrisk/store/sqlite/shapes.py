"""Which table holds the facts of a kind, and how its columns are read.

==============  ===================================================================================
node            table ``KIND``: ``nid, key``; table ``KIND_term``: full text, by ``nid``
node assertion  table ``KIND_fact``, one row a version
state edge      table ``KIND``, one row a version
event edge      table ``KIND``, one row
aggregate edge  table ``KIND``, one row a pair; known by its last batch
==============  ===================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pyarrow as pa

from graphrisk.core.clock import OPEN
from graphrisk.core.errors import BadInput
from graphrisk.store.contract import AsOf
from graphrisk_schema.model import EdgeKind, Nature, NodeKind
from graphrisk_schema.reader import load_schema

#: Conditions on facts; ``:valid_at`` and ``:known_at`` are bound by ``moment``.
_HOLDS = "valid_from <= :valid_at AND valid_to > :valid_at"
_BELIEVED_NOW = f"known_to = {OPEN}"
_BELIEVED_THEN = "known_from <= :known_at AND known_to > :known_at"
_LEARNT = "batch_id IN (SELECT batch_id FROM batch WHERE known_at <= :known_at)"


@dataclass(frozen=True, slots=True)
class Facts:
    """The table of one kind's facts."""

    table: str  # quoted
    nature: Nature
    ends: tuple[str, ...]  # columns that name nodes
    properties: tuple[str, ...]

    @property
    def number(self) -> str:
        """The column that numbers the rows."""
        return "vid" if self.nature is Nature.STATE else "eid"

    @property
    def has_eid(self) -> bool:
        """True for states of edges, where the eid is not the row's number."""
        return self.nature is Nature.STATE and len(self.ends) > 1

    def seen(self, as_of: AsOf) -> str:
        """The condition on a row to be seen."""
        if self.nature is Nature.STATE:
            believed = _BELIEVED_NOW if as_of.known_at is None else _BELIEVED_THEN
            return f"{believed} AND {_HOLDS}"
        return "1" if as_of.known_at is None else _LEARNT

    def columns(self, schema: pa.Schema) -> str:
        """The select list for a table of the contract."""
        return ", ".join(self.expressions(schema))

    def expressions(self, schema: pa.Schema) -> tuple[str, ...]:
        """How each column of a table of the contract is read."""
        return tuple(self._expression(name) for name in schema.names)

    def _expression(self, name: str) -> str:
        if name == "vid":
            return self.number
        if name == "row" and self.nature is Nature.AGGREGATE:
            return "NULL"
        if name == "source":
            return "(SELECT source FROM batch b WHERE b.batch_id = f.batch_id)"
        return f'f."{name}"'


def node_kind(kind: str) -> NodeKind:
    """The kind from the vocabulary; ``BadInput`` when there is none (the name reaches SQL)."""
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


def moment(as_of: AsOf, latest: int) -> dict[str, int | None]:
    """The bindings of ``Facts.seen``; without ``valid_at`` it is the store's latest known time."""
    valid_at = latest if as_of.valid_at is None else as_of.valid_at
    return {"valid_at": valid_at, "known_at": as_of.known_at}


@cache
def assertions(kind: str) -> Facts:
    """Where the assertions of a node kind stand."""
    properties = tuple(p.name for p in node_kind(kind).properties)
    return Facts(f'"{kind}_fact"', Nature.STATE, ("nid",), properties)


@cache
def edges(kind: str) -> Facts:
    """Where the edges of a kind stand."""
    found = edge_kind(kind)
    properties = tuple(p.name for p in found.properties)
    return Facts(f'"{kind}"', found.nature, ("src", "dst"), properties)


def is_searchable(kind: NodeKind) -> bool:
    """Whether nodes of the kind have terms."""
    return kind.key_search or any(p.search for p in kind.properties)
