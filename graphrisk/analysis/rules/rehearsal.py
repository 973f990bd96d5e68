"""Rehearsal: what a rule would have said of the events that are loaded, and to whom the work falls.

Counters are warmed by the events before the period, as long as the longest window. Judges history
as it arrived in time; the graph is that of the present (docs/rules.md, Limits).
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np

from graphrisk.analysis.rules.batch import EventBatch
from graphrisk.analysis.rules.calendar import LocalDays
from graphrisk.analysis.rules.compiler import BoolArray, leaves
from graphrisk.analysis.rules.engine import Engine, Hit
from graphrisk.analysis.rules.facts import GraphFacts
from graphrisk.analysis.rules.kinds import event_kinds
from graphrisk.analysis.rules.model import Condition, Count, Counter, Measure, Rule, Term
from graphrisk.core.errors import BadInput
from graphrisk.store.contract import Int64Array
from graphrisk_algorithms.graph import RiskGraph

DAY_MS: Final = 86_400_000
_SHANGHAI_MS: Final = 8 * 3_600_000
_BATCH: Final = 4_096
_NOBODY: Final = -1
MOST_TOLD: Final = 50
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a rehearsal, by the calendar of China."""

    begin: int  # epoch ms UTC
    warnings: int  # hits below the action threshold
    actions: int
    capped: int  # actions beyond the rule's cap


@dataclass(frozen=True, slots=True)
class Load:
    """How many hits fall to a grid cell or to who answers for it."""

    nid: int  # below 0: hits whose party has none
    hits: int
    most_a_day: int


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a rule would have said."""

    rule: Rule
    events: int  # of its kind within the period
    days: tuple[Day, ...]
    grids: tuple[Load, ...]  # most hits first
    officers: tuple[Load, ...]

    @property
    def hits(self) -> int:
        """All warnings and actions."""
        return sum(day.warnings + day.actions for day in self.days)


def rehearse(
    rules: Sequence[Rule],
    events: EventBatch,
    graph: RiskGraph,
    facts: GraphFacts,
    period: tuple[int, int],
    progress: Progress,
) -> list[Rehearsed]:
    """Each rule over the events of a period, epoch ms UTC, half-open.

    Args:
        rules: What is rehearsed, together.
        events: In the order of time; those before the period only warm the counters.
        graph: Tells where parties are and who answers for it.
        facts: The same graph as rules ask it.
        period: First moment, and the first after.
        progress: Hears events judged, and of how many.

    Raises:
        BadInput: The period is empty.
    """
    since, until = period
    if since >= until:
        raise BadInput("a rehearsal begins before it ends (起始时间须早于结束时间)")
    engine = Engine(rules, facts, LocalDays())
    hits: dict[str, list[tuple[int, Hit]]] = {rule.rule_id: [] for rule in rules}
    for batch, done in _batches(events, until):
        for hit in engine.judge(batch):
            at = int(batch.at[hit.row])
            if at >= since:
                hits[hit.rule.rule_id].append((at, hit))
        progress("rehearse", done, len(events))
    places = _Places(graph)
    counted = (events.at >= since) & (events.at < until)
    return [
        _told(rule, hits[rule.rule_id], places, period, _of_kind(rule, events, counted))
        for rule in rules
    ]


def counters_of(rules: Sequence[Rule]) -> list[Counter]:
    """All counters that some rules read, each once."""
    trees = [tree for rule in rules for tree in (rule.when, *map(_tree, rule.terms)) if tree]
    found = (leaf.counter for tree in trees for leaf in leaves(tree) if isinstance(leaf, Count))
    return list(dict.fromkeys(found))


def kinds_of(rules: Sequence[Rule]) -> list[str]:
    """Kinds of events that some rules judge or count."""
    counted = (counter.on for counter in counters_of(rules))
    return sorted({*(rule.on for rule in rules), *counted})


def warm_ms(rules: Sequence[Rule]) -> int:
    """How long before a period counters have to run, so that they stand as they would have."""
    return max((counter.within_ms for counter in counters_of(rules)), default=0)


def document(told: Rehearsed) -> dict[str, object]:
    """What a rehearsal gave, as JSON: the days, and the fifty grid cells and officers with most."""
    return {
        "events": told.events,
        "hits": told.hits,
        "days": [asdict(day) for day in told.days],
        "grids": [asdict(load) for load in told.grids[:MOST_TOLD]],
        "officers": [asdict(load) for load in told.officers[:MOST_TOLD]],
    }


def _tree(term: Term) -> Condition | Measure | None:
    return term.condition or term.measure


def _of_kind(rule: Rule, events: EventBatch, counted: BoolArray) -> int:
    return int(((events.kind == event_kinds()[rule.on].place) & counted).sum())


def _batches(events: EventBatch, until: int) -> Iterator[tuple[EventBatch, int]]:
    stop = int(np.searchsorted(events.at, until))
    for start in range(0, stop, _BATCH):
        end = min(start + _BATCH, stop)
        yield events.cut(start, end), end


class _Places:
    """Grid cell of each party and who answers for each cell."""

    def __init__(self, graph: RiskGraph) -> None:
        self._cell = np.full(graph.n, _NOBODY, np.int64)
        self._officer = np.full(graph.n, _NOBODY, np.int64)
        # Backwards: of several edges the first counts. Persons first, then what they hold.
        for kind in ("LIVES_IN", "LOCATED_IN"):
            if kind in graph.edges:
                edges = graph.edges[kind]
                self._cell[edges.src[::-1]] = edges.dst[::-1]
        for kind in ("OWNS_PHONE", "HOLDS"):
            if kind in graph.edges:
                edges = graph.edges[kind]
                self._cell[edges.dst[::-1]] = self._cell[edges.src[::-1]]
        if "RESPONSIBLE_FOR" in graph.edges:
            edges = graph.edges["RESPONSIBLE_FOR"]
            self._officer[edges.dst[::-1]] = edges.src[::-1]

    def of(self, nids: Int64Array) -> tuple[Int64Array, Int64Array]:
        """Cell and officer of each party, -1 where there is none."""
        cells = self._look(self._cell, nids)
        return cells, self._look(self._officer, cells)

    def _look(self, column: Int64Array, nids: Int64Array) -> Int64Array:
        known = (nids >= 0) & (nids < len(column))
        return np.where(
            known, column[np.where(known, nids, 0)] if len(column) else _NOBODY, _NOBODY
        )


def _told(
    rule: Rule, hits: list[tuple[int, Hit]], places: _Places, period: tuple[int, int], events: int
) -> Rehearsed:
    first, last = (_day(moment) for moment in (period[0], period[1] - 1))
    warnings, actions = Tally[int](), Tally[int]()
    for at, hit in hits:
        (actions if hit.level == "action" else warnings)[_day(at)] += 1
    capped = _capped(rule, hits)
    days = np.array([_day(at) for at, _ in hits], np.int64)
    cells, officers = places.of(np.array([hit.about for _, hit in hits], np.int64))
    return Rehearsed(
        rule=rule,
        events=events,
        days=tuple(
            Day(day * DAY_MS - _SHANGHAI_MS, warnings[day], actions[day], capped[day])
            for day in range(first, last + 1)
        ),
        grids=_loads(cells, days),
        officers=_loads(officers, days),
    )


def _capped(rule: Rule, hits: list[tuple[int, Hit]]) -> Tally[int]:
    """Actions a day that the cap would have stopped."""
    capped, taken = Tally[int](), Tally[int]()
    if rule.act is None:
        return capped
    for at, hit in hits:
        if hit.level == "action":
            period = at // rule.act.cap.within_ms
            taken[period] += 1
            capped[_day(at)] += taken[period] > rule.act.cap.actions
    return capped


def _loads(nids: Int64Array, days: Int64Array) -> tuple[Load, ...]:
    """Hits of each, most first, and on the day with the most."""
    each = Tally(nids.tolist())
    a_day = Tally(zip(nids.tolist(), days.tolist(), strict=True))
    most = dict.fromkeys(each, 0)
    for (nid, _), count in a_day.items():
        most[nid] = max(most[nid], count)
    return tuple(
        Load(nid, count, most[nid])
        for nid, count in sorted(each.items(), key=lambda one: (-one[1], one[0]))
    )


def _day(at: int) -> int:
    return (at + _SHANGHAI_MS) // DAY_MS
