"""Trees turned into closures over columns: each looks only at the events still in question.

``All`` asks its cheapest part first and the next one only about events that passed; ``Some`` asks
on only about those that did not. The costs are declared here, one a kind of leaf.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from graphrisk.analysis.rules.batch import EventBatch
from graphrisk.analysis.rules.calendar import LocalDays
from graphrisk.analysis.rules.facts import GraphFacts
from graphrisk.analysis.rules.kinds import event_kinds
from graphrisk.analysis.rules.model import (
    All,
    Arithmetic,
    Compare,
    Condition,
    Constant,
    Count,
    Counter,
    Degree,
    Field,
    Hops,
    Listed,
    LocalTime,
    Measure,
    Met,
    Not,
    OneOf,
    Phrases,
    Score,
    Sharing,
    Some,
)
from graphrisk.store.contract import Int64Array

BoolArray = npt.NDArray[np.bool_]
Float64Array = npt.NDArray[np.float64]
Node: TypeAlias = "Measure | Condition"
#: What asking costs about one event, in look-ups of an array.
COSTS: Final[Mapping[type[Node], int]] = {
    Constant: 0,
    Field: 1,
    Count: 1,  # counted already, for all rules at once
    LocalTime: 2,
    Score: 2,
    Degree: 3,
    Sharing: 3,
    Hops: 4,
    Listed: 6,
    Met: 10,
    OneOf: 20,
    Phrases: 200,
}


@dataclass(frozen=True, slots=True)
class View:
    """A batch with what is known of it; parties are looked up once."""

    batch: EventBatch
    facts: GraphFacts
    days: LocalDays
    counted: dict[tuple[Counter, str, str], Float64Array] = field(default_factory=dict)
    _parties: dict[tuple[str, str], Int64Array] = field(default_factory=dict)

    def party(self, kind: str, name: str) -> Int64Array:
        """Ids of a party of the events of a kind, whole column."""
        if (kind, name) not in self._parties:
            party = event_kinds()[kind].parties[name]
            ends = self.batch.src if party.end == "src" else self.batch.dst
            found = ends if party.via is None else self.facts.behind(party.via, ends)
            self._parties[kind, name] = found
        return self._parties[kind, name]


MeasureOf = Callable[[View, Int64Array], Float64Array]
ConditionOf = Callable[[View, Int64Array], BoolArray]


def cost(node: Node) -> int:
    """What it costs to ask a tree about one event."""
    return COSTS.get(type(node), 1) + sum(map(cost, parts_of(node)))


def parts_of(node: Node) -> tuple[Node, ...]:
    """The trees directly below a node."""
    if isinstance(node, Compare):
        return node.left, node.right
    if isinstance(node, Not):
        return (node.part,)
    return node.parts if isinstance(node, All | Some | Arithmetic) else ()


def leaves(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    yield node
    for part in parts_of(node):
        yield from leaves(part)


def compile_condition(node: Condition, kind: str) -> ConditionOf:
    """The closure of a condition on events of a kind."""
    if isinstance(node, Compare):
        left, right = compile_measure(node.left, kind), compile_measure(node.right, kind)
        compare = _COMPARISONS[node.comparison]
        return lambda view, rows: compare(left(view, rows), right(view, rows))
    if isinstance(node, Listed):
        nodes, of = node.nodes, node.of
        return lambda view, rows: view.facts.listed(nodes, view.party(kind, of)[rows])
    if isinstance(node, OneOf):
        values, text = frozenset(node.values), node.text
        return lambda view, rows: np.array(
            [view.batch.texts[text][row] in values for row in rows.tolist()], np.bool_
        )
    if isinstance(node, Not):
        opposite = compile_condition(node.part, kind)
        return lambda view, rows: ~opposite(view, rows)
    parts = [compile_condition(one, kind) for one in sorted(node.parts, key=cost)]
    return _all_of(parts) if isinstance(node, All) else _any_of(parts)


def compile_measure(node: Measure, kind: str) -> MeasureOf:
    """The closure of a measure on events of a kind."""
    if isinstance(node, Arithmetic):
        parts = [compile_measure(one, kind) for one in node.parts]
        operation = _OPERATIONS[node.operation]
        return lambda view, rows: reduce(operation, (part(view, rows) for part in parts))
    if isinstance(node, Constant):
        value = node.value
        return lambda _view, rows: np.full(len(rows), value)
    if isinstance(node, Field):
        name = node.name
        return lambda view, rows: view.batch.numbers[name][rows]
    if isinstance(node, Count):
        key = (node.counter, kind, node.of)
        return lambda view, rows: view.counted[key][rows]
    if isinstance(node, LocalTime):
        part = node.part
        return lambda view, rows: view.days.part(part, view.batch.at[rows])
    if isinstance(node, Phrases):
        return _phrases(node)
    return _of_graph(node, kind)


def _of_graph(node: Degree | Sharing | Hops | Met | Score, kind: str) -> MeasureOf:
    if isinstance(node, Met):
        met = node
        return lambda view, rows: view.facts.met(
            met,
            view.party(kind, met.one)[rows],
            view.party(kind, met.other)[rows],
            view.batch.at[rows],
        )
    of = node.of
    if isinstance(node, Score):
        return lambda view, rows: view.facts.score(view.party(kind, of)[rows])
    if isinstance(node, Degree):
        degree = node
        return lambda view, rows: view.facts.degree(degree, view.party(kind, of)[rows])
    if isinstance(node, Sharing):
        sharing = node
        return lambda view, rows: view.facts.sharing(sharing, view.party(kind, of)[rows])
    hops = node
    return lambda view, rows: view.facts.hops(hops, view.party(kind, of)[rows])


def _phrases(node: Phrases) -> MeasureOf:
    # A phrase within another counts as well, so each is looked for by itself; the pattern of all
    # of them tells most texts apart at once.
    phrases, text = node.phrases, node.text
    any_of = re.compile("|".join(map(re.escape, phrases)))

    def count(view: View, rows: Int64Array) -> Float64Array:
        texts = view.batch.texts[text]
        return np.array(
            [
                sum(phrase in texts[row] for phrase in phrases) if any_of.search(texts[row]) else 0
                for row in rows.tolist()
            ],
            np.float64,
        )

    return count


def _all_of(parts: list[ConditionOf]) -> ConditionOf:
    def ask(view: View, rows: Int64Array) -> BoolArray:
        held = np.ones(len(rows), np.bool_)
        open_ = np.arange(len(rows))
        for part in parts:
            passed = part(view, rows[open_])
            held[open_[~passed]] = False
            open_ = open_[passed]
            if not len(open_):
                break
        return held

    return ask


def _any_of(parts: list[ConditionOf]) -> ConditionOf:
    def ask(view: View, rows: Int64Array) -> BoolArray:
        held = np.zeros(len(rows), np.bool_)
        open_ = np.arange(len(rows))
        for part in parts:
            passed = part(view, rows[open_])
            held[open_[passed]] = True
            open_ = open_[~passed]
            if not len(open_):
                break
        return held

    return ask


def _over(one: Float64Array, other: Float64Array) -> Float64Array:
    return np.divide(one, other, out=np.zeros_like(one), where=other != 0)


_COMPARISONS: Final[Mapping[str, Callable[[Float64Array, Float64Array], BoolArray]]] = {
    "at_least": np.greater_equal,
    "more_than": np.greater,
    "at_most": np.less_equal,
    "less_than": np.less,
    "equal": np.equal,
}
_OPERATIONS: Final[Mapping[str, Callable[[Float64Array, Float64Array], Float64Array]]] = {
    "sum": np.add,
    "minus": np.subtract,
    "times": np.multiply,
    "over": _over,
}
