"""Types of the vocabulary: what a kind, an edge and a property are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PropertyType(StrEnum):
    """Physical type of a property. All are nullable; text is UTF-8."""

    TEXT = "text"
    INT = "int"  # int64
    FLOAT = "float"  # float64
    BOOL = "bool"
    MONEY = "money"  # int64 fen
    TIME = "time"  # int64 epoch milliseconds UTC
    TOKEN = "token"  # keyed hash of an identity number: type:keyversion:hex
    CIPHER = "cipher"  # AES-GCM of the value, text base64 with key version; never compared


#: Types that have one unit everywhere.
UNITS = {PropertyType.MONEY: "fen", PropertyType.TIME: "ms"}


class Sensitivity(StrEnum):
    """Decides masking in the service."""

    OPEN = "open"
    INTERNAL = "internal"
    PERSONAL = "personal"  # name, number, address: masked unless role, scope and purpose allow
    SECRET = "secret"  # identity number: never leaves in clear without a decision


class Nature(StrEnum):
    """How the facts of an edge behave over time."""

    EVENT = "event"  # happened once; append-only
    STATE = "state"  # holds for a while; asserted by a source, closed, never overwritten
    AGGREGATE = "aggregate"  # sums of events kept elsewhere; grows


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a kind or edge."""

    name: str
    type: PropertyType
    doc: str
    unit: str | None
    sensitivity: Sensitivity
    search: bool
    label_zh: str
    label_en: str


@dataclass(frozen=True, slots=True)
class NodeKind:
    """A kind of node. Its facts are states: one assertion per (source, external id)."""

    name: str
    label_zh: str
    label_en: str
    doc: str
    key_doc: str
    key_sensitivity: Sensitivity
    key_search: bool
    caption: str
    systems: tuple[str, ...]
    properties: tuple[Property, ...]

    @property
    def has_position(self) -> bool:
        """Whether its nodes lie somewhere: ``lon`` and ``lat``, degrees WGS-84."""
        return {"lon", "lat"} <= {one.name for one in self.properties}


@dataclass(frozen=True, slots=True)
class EdgeKind:
    """A kind of edge, with the node kinds it may join."""

    name: str
    label_zh: str
    label_en: str
    doc: str
    nature: Nature
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    directed: bool
    time: str | None
    systems: tuple[str, ...]
    properties: tuple[Property, ...]


@dataclass(frozen=True, slots=True)
class Schema:
    """All kinds, in name order."""

    nodes: dict[str, NodeKind]
    edges: dict[str, EdgeKind]
