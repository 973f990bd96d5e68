"""What a rule is made of: a typed tree of measures and conditions, read from YAML or made by hand.

Measures give a number for each event, conditions say yes or no. Every node is a frozen value, so
equal parts of different rules are one part to the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Comparison = Literal["at_least", "more_than", "at_most", "less_than", "equal"]
Operation = Literal["sum", "minus", "times", "over"]
ClockPart = Literal["hour", "weekday", "working_day"]
Direction = Literal["in", "out", "both"]


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A number."""

    value: float


@dataclass(frozen=True, slots=True)
class Field:
    """A number that the event carries."""

    name: str


@dataclass(frozen=True, slots=True)
class Counter:
    """What is counted in a sliding window, one state a key.

    The window is cut into ``panes`` and moves on by whole panes: it holds the pane of the present
    and the ``panes - 1`` before it. Within that it is exact, a distinct count up to ``most``.
    """

    on: str  # kind of the events that count
    by: str  # party whose id is the key
    what: Literal["count", "sum", "distinct"]
    of: str | None  # sum: a field; distinct: a party
    within_ms: int
    panes: int
    most: int  # distinct: as far as it counts; else 0
    where: Condition | None  # which events count; None: all


@dataclass(frozen=True, slots=True)
class Count:
    """The present value of a counter under the id of a party, this event included."""

    counter: Counter
    of: str
    name: str = field(compare=False)  # as the rule calls it


@dataclass(frozen=True, slots=True)
class Degree:
    """Edges of a kind at a party."""

    edge_kind: str
    direction: Direction
    of: str


@dataclass(frozen=True, slots=True)
class Sharing:
    """Others of a party's kind at the same things, e.g. accounts run from the same handsets."""

    edge_kind: str
    of: str


@dataclass(frozen=True, slots=True)
class Hops:
    """Fewest steps from a party to one of a list; ``FAR`` beyond ``MOST_HOPS``."""

    to: NodeList
    of: str


@dataclass(frozen=True, slots=True)
class Met:
    """1 when an edge of a kind tied two parties before this event, in either direction, else 0."""

    edge_kind: str
    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Score:
    """Risk score of a party in the latest run, 0 when it has none."""

    of: str


@dataclass(frozen=True, slots=True)
class Phrases:
    """How many different phrases of a list stand in a text of the event."""

    phrases: tuple[str, ...]
    text: str
    name: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class LocalTime:
    """Of the event's moment in China: hour (0-23), weekday (1-7), working day (0 or 1)."""

    part: ClockPart


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Numbers made from numbers; what is divided by 0 is 0."""

    operation: Operation
    parts: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """Whether a number stands so to another."""

    comparison: Comparison
    left: Measure
    right: Measure


@dataclass(frozen=True, slots=True)
class NodeList:
    """Entities that are named by key, or that have a property at all."""

    kind: str
    keys: tuple[str, ...]
    having: str | None  # a property of the kind
    name: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """Whether a party is on a list."""

    nodes: NodeList
    of: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """Whether a text of the event is one of some."""

    text: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class All:
    """All of some conditions."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of some conditions."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    part: Condition


Measure: TypeAlias = (
    "Constant | Field | Count | Degree | Sharing | Hops | Met | Score | Phrases | LocalTime"
    " | Arithmetic"
)
Condition: TypeAlias = "Compare | Listed | OneOf | All | Some | Not"
#: Hops are looked for so far; who is further away, or nowhere near, is ``FAR``.
MOST_HOPS, FAR = 3, 9


@dataclass(frozen=True, slots=True)
class Band:
    """From a number on, so many points."""

    least: float
    points: int


@dataclass(frozen=True, slots=True)
class Term:
    """One reason: a condition that gives points, or a measure that gives those of its band."""

    reason: Words  # ``{value}`` stands for the measure
    condition: Condition | None
    points: int  # of a condition
    measure: Measure | None
    bands: tuple[Band, ...]  # of a measure, ascending

    @property
    def most(self) -> int:
        """The most points it can give."""
        return max(0, self.points, *(band.points for band in self.bands))


@dataclass(frozen=True, slots=True)
class Cap:
    """Most actions in a period; periods follow each other from the epoch on."""

    actions: int
    within_ms: int


@dataclass(frozen=True, slots=True)
class Act:
    """What a hit at the action threshold asks for."""

    rung: str  # of the action ladder
    emergency: bool  # no time to ask a person first
    cap: Cap


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, whole: nothing of it stands elsewhere."""

    rule_id: str
    version: str  # first 16 digits of the SHA-256 of its document
    title: Words
    category: str | None
    on: str  # kind of event
    about: str  # party whom a hit speaks of
    when: Condition | None  # events that do not meet this are not looked at
    terms: tuple[Term, ...]
    alert: int  # points from which on it warns
    action: int | None  # points from which on it acts
    act: Act | None
    document: Mapping[str, object] = field(compare=False, repr=False)  # as it is kept
