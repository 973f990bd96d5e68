"""Measures and conditions as YAML says them: one key that names what it is, options beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar, cast

from graphrisk.analysis.rules.kinds import EventKind
from graphrisk.analysis.rules.model import (
    All,
    Arithmetic,
    ClockPart,
    Compare,
    Comparison,
    Condition,
    Constant,
    Count,
    Counter,
    Degree,
    Direction,
    Field,
    Hops,
    Listed,
    LocalTime,
    Measure,
    Met,
    NodeList,
    Not,
    OneOf,
    Operation,
    Phrases,
    Score,
    Sharing,
    Some,
)
from graphrisk.analysis.rules.place import Part
from graphrisk_schema.reader import load_schema

T = TypeVar("T")
#: A tree this deep was made by a program, and not to be understood.
_DEEPEST: Final = 12


@dataclass(frozen=True, slots=True)
class Names:
    """What a tree may speak of."""

    kind: EventKind
    counters: Mapping[str, Counter]
    nodes: Mapping[str, NodeList]
    phrases: Mapping[str, tuple[str, ...]]

    def party(self, part: Part) -> str:
        """A party of the kind."""
        return part.one_of(tuple(self.kind.parties))


def read_measure(part: Part, names: Names, depth: int = 0) -> Measure:
    """A measure; ``BadInput`` says what stands in the way, and where."""
    if isinstance(part.value, int | float) and not isinstance(part.value, bool):
        return Constant(part.number())
    word, reader = _reader(part, MEASURES, depth)
    return reader(part, word, names, depth + 1)


def read_condition(part: Part, names: Names, depth: int = 0) -> Condition:
    """A condition; ``BadInput`` says what stands in the way, and where."""
    word, reader = _reader(part, CONDITIONS, depth)
    return reader(part, word, names, depth + 1)


def _reader(part: Part, known: Mapping[str, T], depth: int) -> tuple[str, T]:
    if depth > _DEEPEST:
        raise part.fail(f"嵌套超过{_DEEPEST}层", f"must lie at most {_DEEPEST} levels deep")
    said = [word for word in part.mapping() if word in known]
    if len(said) != 1:
        told = ", ".join(known)
        raise part.fail(f"应以其中一个键开头：{told}", f"must have one key of {told}")
    return said[0], known[said[0]]


def _field(part: Part, word: str, names: Names, _depth: int) -> Measure:
    return Field(part.keys([word])[word].one_of(tuple(names.kind.numbers)))


def _count(part: Part, word: str, names: Names, _depth: int) -> Measure:
    said = part.keys([word], ["of"])
    name = said[word].one_of(tuple(names.counters))
    counter = names.counters[name]
    of = said.get("of", said[word].at("", counter.by))
    if "of" not in said and counter.by not in names.kind.parties:
        raise part.fail(
            f"计数器 {name} 以 {counter.by} 为键，此类事件没有：用 of 指明",
            f"must say with `of` whose count: {name} counts by {counter.by}, which a "
            f"{names.kind.name} has not",
        )
    return Count(counter, names.party(of), name)


def _degree(part: Part, word: str, names: Names, _depth: int) -> Measure:
    said = part.keys([word, "of"], ["direction"])
    direction = said["direction"].one_of(("in", "out", "both")) if "direction" in said else "both"
    return Degree(_edge_kind(said[word]), cast("Direction", direction), names.party(said["of"]))


def _sharing(part: Part, word: str, names: Names, _depth: int) -> Measure:
    said = part.keys([word, "of"])
    return Sharing(_edge_kind(said[word]), names.party(said["of"]))


def _hops(part: Part, word: str, names: Names, _depth: int) -> Measure:
    said = part.keys([word, "of"])
    return Hops(names.nodes[said[word].one_of(tuple(names.nodes))], names.party(said["of"]))


def _met(part: Part, word: str, names: Names, _depth: int) -> Measure:
    said = part.keys([word, "of", "with"])
    kind = _edge_kind(said[word])
    if not {"first", "at"} & {one.name for one in load_schema().edges[kind].properties}:
        raise said[word].fail("该关系没有时间", "must be a kind of edges with a time")
    return Met(kind, names.party(said["of"]), names.party(said["with"]))


def _score(part: Part, word: str, names: Names, _depth: int) -> Measure:
    return Score(names.party(part.keys([word])[word]))


def _phrases(part: Part, word: str, names: Names, _depth: int) -> Measure:
    said = part.keys([word, "in"])
    name = said[word].one_of(tuple(names.phrases))
    return Phrases(names.phrases[name], said["in"].one_of(tuple(names.kind.texts)), name)


def _clock(part: Part, word: str, _names: Names, _depth: int) -> Measure:
    said = part.keys([word])[word].one_of(("hour", "weekday", "working_day"))
    return LocalTime(cast("ClockPart", said))


def _arithmetic(part: Part, word: str, names: Names, depth: int) -> Measure:
    most = 20 if word in ("sum", "times") else 2
    parts = part.keys([word])[word].items(2, most)
    return Arithmetic(
        cast("Operation", word), tuple(read_measure(one, names, depth) for one in parts)
    )


def _compare(part: Part, word: str, names: Names, depth: int) -> Condition:
    left, right = part.keys([word])[word].items(2, 2)
    return Compare(
        cast("Comparison", word),
        read_measure(left, names, depth),
        read_measure(right, names, depth),
    )


def _listed(part: Part, word: str, names: Names, _depth: int) -> Condition:
    said = part.keys([word, "of"])
    return Listed(names.nodes[said[word].one_of(tuple(names.nodes))], names.party(said["of"]))


def _one_of(part: Part, word: str, names: Names, _depth: int) -> Condition:
    said = part.keys([word, "in"])
    values = tuple(sorted({one.text() for one in said["in"].items()}))
    return OneOf(said[word].one_of(tuple(names.kind.texts)), values)


def _all(part: Part, word: str, names: Names, depth: int) -> Condition:
    parts = part.keys([word])[word].items(1, 50)
    return All(tuple(read_condition(one, names, depth) for one in parts))


def _some(part: Part, word: str, names: Names, depth: int) -> Condition:
    parts = part.keys([word])[word].items(1, 50)
    return Some(tuple(read_condition(one, names, depth) for one in parts))


def _not(part: Part, word: str, names: Names, depth: int) -> Condition:
    return Not(read_condition(part.keys([word])[word], names, depth))


def _edge_kind(part: Part) -> str:
    return part.one_of(tuple(load_schema().edges))


MEASURES: Final[Mapping[str, Callable[[Part, str, Names, int], Measure]]] = {
    "field": _field,
    "count": _count,
    "degree": _degree,
    "sharing": _sharing,
    "hops": _hops,
    "met": _met,
    "score": _score,
    "phrases": _phrases,
    "clock": _clock,
    "sum": _arithmetic,
    "minus": _arithmetic,
    "times": _arithmetic,
    "over": _arithmetic,
}
CONDITIONS: Final[Mapping[str, Callable[[Part, str, Names, int], Condition]]] = {
    "at_least": _compare,
    "more_than": _compare,
    "at_most": _compare,
    "less_than": _compare,
    "equal": _compare,
    "listed": _listed,
    "text": _one_of,
    "all": _all,
    "any": _some,
    "not": _not,
}
