"""All rules over all events, in one pass: counters first, then each rule over what concerns it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from graphrisk.analysis.rules.batch import EventBatch
from graphrisk.analysis.rules.calendar import LocalDays
from graphrisk.analysis.rules.compiler import (
    BoolArray,
    ConditionOf,
    Float64Array,
    MeasureOf,
    View,
    compile_condition,
    compile_measure,
    cost,
    leaves,
)
from graphrisk.analysis.rules.facts import GraphFacts
from graphrisk.analysis.rules.kinds import event_kinds
from graphrisk.analysis.rules.model import Count, Counter, Rule, Term
from graphrisk.analysis.rules.windows import MOST_BYTES_A_KEY, Counted, Window, bytes_a_key
from graphrisk.core.errors import LimitExceeded
from graphrisk.store.contract import Int64Array

Level = Literal["alert", "action"]
#: An event from further ahead than this is a clock gone wrong and judged by nobody.
AHEAD_MS: Final = 300_000


@dataclass(frozen=True, slots=True)
class Told:
    """A reason that gave points: which, what was measured, and how many."""

    term: int  # place among the rule's reasons
    value: float  # of the measure; 1 for a condition
    points: int


@dataclass(frozen=True, slots=True)
class Hit:
    """An event on which a rule reached its alert threshold, with all that carried it."""

    rule: Rule
    row: int  # of the event in its batch
    about: int  # id of the party whom it is about
    points: int
    level: Level
    told: tuple[Told, ...]  # in the order of the rule's reasons


@dataclass(frozen=True, slots=True)
class _Term:
    place: int
    term: Term
    condition: ConditionOf | None
    measure: MeasureOf | None
    leasts: Float64Array
    points: Int64Array  # below the first band, then of each
    still: int  # the most points that later terms can add


@dataclass(frozen=True, slots=True)
class _Compiled:
    rule: Rule
    kind: int
    when: ConditionOf | None
    terms: tuple[_Term, ...]  # cheapest first


class Engine:
    """Rules over a stream of events; keeps the counters' windows between batches.

    Equal events in equal order give equal hits, however they are cut into batches.

    Args:
        rules: All rules, whatever they are about.
        facts: The graph.
        days: Working days.

    Raises:
        LimitExceeded: The counters by one party would take more than 1 KB a key together.
    """

    def __init__(self, rules: Sequence[Rule], facts: GraphFacts, days: LocalDays) -> None:
        self._facts, self._days = facts, days
        self._rules = [_compiled(rule) for rule in rules]
        asked = dict.fromkeys(
            (leaf.counter, rule.on, leaf.of) for rule in rules for leaf in _counts(rule)
        )
        _check_size(asked)
        self._windows = {counter: Window(counter) for counter, _, _ in asked}
        self._where = {
            counter: None if counter.where is None else compile_condition(counter.where, counter.on)
            for counter in self._windows
        }
        self._asked = {
            counter: [(kind, of) for one, kind, of in asked if one == counter]
            for counter in self._windows
        }
        self._clock = -(2**62)
        self.ahead = 0

    @property
    def late(self) -> int:
        """Events that came too late for a counter, once for each counter they missed."""
        return sum(window.late for window in self._windows.values())

    @property
    def windows(self) -> tuple[Window, ...]:
        """The state of all counters."""
        return tuple(self._windows.values())

    def state(self) -> list[npt.NDArray[np.generic]]:
        """The clock and all windows, as arrays that ``restore`` of equal rules takes."""
        states = [window.state() for window in self.windows]
        sizes = [len(one) for one in states]
        return [np.array([self._clock, *sizes]), *(part for one in states for part in one)]

    def restore(self, state: Sequence[npt.NDArray[np.generic]]) -> None:
        """Go on from a state; ``ValueError`` when it is not one of these rules."""
        clock, *sizes = state[0].astype(np.int64).tolist()
        if len(sizes) != len(self._windows) or sum(sizes) != len(state) - 1:
            raise ValueError("the state of other rules")
        ends = list(accumulate(sizes, initial=1))
        for window, (start, stop) in zip(self.windows, pairwise(ends), strict=True):
            window.restore(state[start:stop])
        self._clock = clock

    def count(self, batch: EventBatch) -> None:
        """Count a batch of the past without judging it."""
        self._count(View(batch, self._facts, self._days), np.ones(len(batch), np.bool_))

    def judge(self, batch: EventBatch, now_ms: int | None = None) -> list[Hit]:
        """Count a batch and judge its events; hits in the order of events, then of rules.

        Args:
            batch: Events in the order of arrival, also out of the order of time.
            now_ms: The present. Events more than five minutes ahead of it are left out (they would
                move every window on) and counted in ``ahead``. ``None``: history, no present.

        Cost: about 2 µs a node of the rules' trees and batch, plus its events.
        """
        view = View(batch, self._facts, self._days)
        sound = np.ones(len(batch), np.bool_)
        if now_ms is not None:
            sound = batch.at <= now_ms + AHEAD_MS
            self.ahead += int((~sound).sum())
        self._count(view, sound)
        hits = [hit for one in self._rules for hit in _judged(one, view, sound)]
        return sorted(hits, key=lambda hit: hit.row)  # stable: rules stay in their order

    def _count(self, view: View, sound: BoolArray) -> None:
        batch = view.batch
        if not len(batch):
            return
        moments = np.where(sound, batch.at, self._clock)
        clock = np.maximum(np.maximum.accumulate(moments), self._clock)
        self._clock = int(clock[-1])
        # What lies ahead is not counted; its own time must not reach beyond the clock either.
        at = np.where(sound, batch.at, clock)
        for counter, window in self._windows.items():
            counts = sound & (batch.kind == event_kinds()[counter.on].place)
            where = self._where[counter]
            if where is not None:
                rows = np.flatnonzero(counts)
                counts[rows] = where(view, rows)
            counted = Counted(
                key=view.party(counter.on, counter.by),
                value=_value(view, counter),
                counts=counts,
                clock_ms=clock,
                at_ms=at,
            )
            asked = self._asked[counter]
            told = window.run(counted, np.stack([view.party(*one) for one in asked]))
            for place, (kind, of) in enumerate(asked):
                view.counted[counter, kind, of] = told[place]


def _value(view: View, counter: Counter) -> Int64Array:
    if counter.what == "count" or counter.of is None:
        return np.ones(len(view.batch), np.int64)
    if counter.what == "distinct":
        return view.party(counter.on, counter.of)
    return view.batch.numbers[counter.of].astype(np.int64)


def _judged(one: _Compiled, view: View, sound: BoolArray) -> list[Hit]:
    rows = np.flatnonzero(sound & (view.batch.kind == one.kind))
    if one.when is not None and len(rows):
        rows = rows[one.when(view, rows)]
    points = np.zeros(len(rows), np.int64)
    told: list[tuple[int, Float64Array, Int64Array]] = []
    for term in one.terms:
        if not len(rows):
            return []
        value, gained = _gained(term, view, rows)
        points = points + gained
        held = points + term.still >= one.rule.alert  # who cannot reach it is asked no further
        told = [(place, v[held], g[held]) for place, v, g in (*told, (term.place, value, gained))]
        rows, points = rows[held], points[held]
    about = view.party(one.rule.on, one.rule.about)
    return [
        _hit(one.rule, row, int(about[row]), int(points[n]), told, n)
        for n, row in enumerate(rows.tolist())
    ]


def _gained(term: _Term, view: View, rows: Int64Array) -> tuple[Float64Array, Int64Array]:
    """What a term measures of each event, and the points it gives."""
    if term.condition is not None:
        holds = term.condition(view, rows)
        return holds.astype(np.float64), np.where(holds, term.term.points, 0)
    assert term.measure is not None, "a term has a condition or a measure"
    value = term.measure(view, rows)
    return value, term.points[np.searchsorted(term.leasts, value, side="right")]


def _hit(
    rule: Rule,
    row: int,
    about: int,
    points: int,
    told: Iterable[tuple[int, Float64Array, Int64Array]],
    place: int,
) -> Hit:
    reasons = (Told(term, float(v[place]), int(g[place])) for term, v, g in told)
    given = sorted((one for one in reasons if one.points), key=lambda one: one.term)
    acts = rule.action is not None and points >= rule.action
    return Hit(rule, row, about, points, "action" if acts else "alert", tuple(given))


def _compiled(rule: Rule) -> _Compiled:
    order = sorted(enumerate(rule.terms), key=lambda one: _cost(one[1]))
    most = [term.most for _, term in order]
    still = [sum(most) - done for done in accumulate(most)]
    return _Compiled(
        rule=rule,
        kind=event_kinds()[rule.on].place,
        when=None if rule.when is None else compile_condition(rule.when, rule.on),
        terms=tuple(
            _Term(
                place=place,
                term=term,
                condition=None
                if term.condition is None
                else compile_condition(term.condition, rule.on),
                measure=None if term.measure is None else compile_measure(term.measure, rule.on),
                leasts=np.array([band.least for band in term.bands], np.float64),
                points=np.array([0, *(band.points for band in term.bands)], np.int64),
                still=later,
            )
            for (place, term), later in zip(order, still, strict=True)
        ),
    )


def _cost(term: Term) -> int:
    node = term.condition or term.measure
    return 0 if node is None else cost(node)


def _counts(rule: Rule) -> list[Count]:
    trees = [rule.when, *(term.condition or term.measure for term in rule.terms)]
    return [
        leaf
        for tree in trees
        if tree is not None
        for leaf in leaves(tree)
        if isinstance(leaf, Count)
    ]


def _check_size(asked: Iterable[tuple[Counter, str, str]]) -> None:
    size: dict[tuple[str, str], int] = {}
    for counter in dict.fromkeys(one for one, _, _ in asked):
        key = (counter.on, counter.by)
        size[key] = size.get(key, 0) + bytes_a_key(counter)
    for (on, by), taken in size.items():
        if taken > MOST_BYTES_A_KEY:
            raise LimitExceeded(
                f"the counters of each {by} of a {on} take {taken:,} bytes together, at most "
                f"{MOST_BYTES_A_KEY:,}: fewer panes, a smaller `most`, or counters in common "
                f"(每个键的计数器共占{taken:,}字节，上限{MOST_BYTES_A_KEY:,}字节)"
            )
