"""Nodes as people read them: caption and properties, masked for whoever looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from graphrisk.access.masking import mask, may_see
from graphrisk.access.model import Principal, Purpose, Scope
from graphrisk.access.rights import for_purpose
from graphrisk.core.clock import BEGIN, OPEN
from graphrisk.core.errors import CaseRequired
from graphrisk.store.contract import NOW, AsOf, Int64Array, Reader
from graphrisk_schema.model import NodeKind, Property, PropertyType, Sensitivity
from graphrisk_schema.reader import load_schema

Scalar = int | float | str | bool | None


@dataclass(frozen=True, slots=True)
class Value:
    """A property of a node or edge; ``masked``: the principal sees less than there is."""

    property: Property
    value: Scalar
    masked: bool


@dataclass(frozen=True, slots=True)
class Entity:
    """A node as one principal sees it."""

    nid: int
    kind: str
    key: str
    caption: str
    values: tuple[Value, ...]
    redacted: bool = False  # it lies outside the principal's scope, and this is all of it


#: What stands for something outside one's scope.
STUB = "辖区外 outside your areas"


def stub(nid: int, kind: str) -> Entity:
    """Of a node outside the scope: that it is there, and its kind."""
    return Entity(nid, kind, "", STUB, (), redacted=True)


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge as one principal sees it, with the row it came from.

    Times are ``None`` where the kind has none (events, aggregates) or nothing bounds them; ``row``
    is ``None`` for an aggregate, which many rows made.
    """

    eid: int
    kind: str
    src: int
    dst: int
    values: tuple[Value, ...]
    valid_from: int | None
    valid_to: int | None
    known_from: int | None
    known_to: int | None
    batch_id: int
    row: int | None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and for what."""

    principal: Principal
    purpose: Purpose
    #: What he sees where more than his areas is open to him in the case that he names.
    opened: Scope | None = None
    lacks_case: bool = False  # he would have to name a case to read of persons

    def __post_init__(self) -> None:
        asker = for_purpose(self.principal, self.purpose)
        object.__setattr__(self, "principal", asker)  # as for any field of a frozen class

    @property
    def sight(self) -> Scope:
        """The part of the graph that this viewer reads; what he may do is told by his own scope."""
        return self.principal.scope if self.opened is None else self.opened

    def demand_case(self, kinds: Iterable[str]) -> None:
        """Refuse with ``CaseRequired`` to read persons where he names no case and has to."""
        if self.lacks_case and "Person" in kinds:
            raise CaseRequired(
                "name the case (X-Case) for which you read of persons (请填写案件编号)"
            )

    def sees(self, sensitivity: Sensitivity) -> bool:
        """Whether this viewer sees values of a sensitivity class in clear."""
        return may_see(sensitivity, self.principal, self.purpose)

    def see(self, described: Property, value: Scalar) -> Value:
        """A value as this viewer sees it; secret ones are not shown at all."""
        if value is None or self.sees(described.sensitivity):
            return Value(described, value, masked=False)
        if described.sensitivity is Sensitivity.SECRET or not isinstance(value, str):
            return Value(described, None, masked=True)
        return Value(described, mask(value), masked=True)

    def see_text(self, sensitivity: Sensitivity, text: str) -> str:
        """A text of a sensitivity class as this viewer sees it."""
        return text if self.sees(sensitivity) else mask(text)


#: From who asks, and for what, to whom the services answer.
Looks = Callable[[Principal, Purpose], Viewer]


def entities(
    reader: Reader, nids: Int64Array, viewer: Viewer, as_of: AsOf = NOW
) -> dict[int, Entity]:
    """The nodes by nid; unknown ones are left out. Cost: one read."""
    found = {}
    for kind, table in reader.get_nodes(nids, as_of).items():
        described = load_schema().nodes[kind]
        for row in table.to_pylist():
            found[int(row["nid"])] = _entity(described, row, viewer)
    return found


def edges_of(kind: str, table: pa.Table, viewer: Viewer) -> tuple[Edge, ...]:
    """Rows of an edge kind (the contract's ``EDGE_COLUMNS``) as the viewer sees them."""
    properties = load_schema().edges[kind].properties
    return tuple(
        Edge(
            eid=row["eid"],
            kind=kind,
            src=row["src"],
            dst=row["dst"],
            values=_values(properties, row, viewer),
            valid_from=_bound(row, "valid_from"),
            valid_to=_bound(row, "valid_to"),
            known_from=_bound(row, "known_from"),
            known_to=_bound(row, "known_to"),
            batch_id=row["batch_id"],
            row=row["row"],
        )
        for row in table.to_pylist()
    )


def _entity(described: NodeKind, row: Mapping[str, Scalar], viewer: Viewer) -> Entity:
    key = viewer.see_text(described.key_sensitivity, str(row["key"]))
    values = _values(described.properties, row, viewer)
    named = next((v.value for v in values if v.property.name == described.caption), None)
    caption = key if named is None else str(named)
    return Entity(int(row["nid"] or 0), described.name, key, caption, values)


def _bound(row: Mapping[str, int | None], name: str) -> int | None:
    """A bound of an interval; ``None`` for since ever and for not ended."""
    at = row.get(name)
    return None if at in (BEGIN, OPEN) else at


def _values(
    properties: tuple[Property, ...], row: Mapping[str, Scalar], viewer: Viewer
) -> tuple[Value, ...]:
    """All properties but encrypted ones, which serve nobody here."""
    shown = [p for p in properties if p.type is not PropertyType.CIPHER]
    return tuple(viewer.see(p, row.get(p.name)) for p in shown)
