"""Rules judged one event at a time, by the words of their definitions and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from graphrisk.analysis.rules import model
from graphrisk.analysis.rules.kinds import event_kinds
from graphrisk.core.calendar import Calendar


@dataclass(frozen=True)
class Edge:
    kind: str
    src: int
    dst: int
    at: int = 0


@dataclass(frozen=True)
class World:
    """A graph in plain lists."""

    kinds: Mapping[int, str]  # nid -> node kind
    keys: Mapping[int, str]
    edges: Sequence[Edge]
    flagged: frozenset[int] = frozenset()  # phones that have a scam category
    scores: Mapping[int, float] = field(default_factory=dict)

    def of_kind(self, kind: str) -> list[Edge]:
        return [edge for edge in self.edges if edge.kind == kind]


@dataclass(frozen=True)
class Event:
    kind: str
    at: int
    src: int
    dst: int
    numbers: Mapping[str, float]
    texts: Mapping[str, str]


@dataclass
class Reference:
    world: World
    history: list[Event] = field(default_factory=list)

    def judge(self, rules: Sequence[model.Rule], event: Event) -> list[tuple[str, int, str]]:
        """Rule, points and level of each hit of the next event."""
        self.history.append(event)
        return [hit for rule in rules if (hit := self._hit(rule, event)) is not None]

    def _hit(self, rule: model.Rule, event: Event) -> tuple[str, int, str] | None:
        if event.kind != rule.on or (rule.when is not None and not self.holds(rule.when, event)):
            return None
        points = sum(self._points(term, event) for term in rule.terms)
        if points < rule.alert:
            return None
        acts = rule.action is not None and points >= rule.action
        return rule.rule_id, points, "action" if acts else "alert"

    def _points(self, term: model.Term, event: Event) -> int:
        if term.condition is not None:
            return term.points if self.holds(term.condition, event) else 0
        assert term.measure is not None
        value, points = self.value(term.measure, event), 0
        for band in term.bands:
            if value >= band.least:
                points = band.points
        return points

    def holds(self, node: model.Condition, event: Event) -> bool:
        match node:
            case model.Compare():
                left, right = self.value(node.left, event), self.value(node.right, event)
                return {
                    "at_least": left >= right,
                    "more_than": left > right,
                    "at_most": left <= right,
                    "less_than": left < right,
                    "equal": left == right,
                }[node.comparison]
            case model.Listed():
                return self._party(event, node.of) in self._members(node.nodes)
            case model.OneOf():
                return event.texts[node.text] in node.values
            case model.All():
                return all(self.holds(part, event) for part in node.parts)
            case model.Some():
                return any(self.holds(part, event) for part in node.parts)
            case model.Not():
                return not self.holds(node.part, event)

    def value(self, node: model.Measure, event: Event) -> float:
        match node:
            case model.Constant():
                return node.value
            case model.Field():
                return event.numbers[node.name]
            case model.Count():
                return self._counted(node.counter, self._party(event, node.of))
            case model.Arithmetic():
                first, *rest = (self.value(part, event) for part in node.parts)
                for other in rest:
                    first = _operate(node.operation, first, other)
                return first
            case model.LocalTime():
                return _local(node.part, event.at)
            case model.Phrases():
                return sum(phrase in event.texts[node.text] for phrase in node.phrases)
            case _:
                return self._of_graph(node, event)

    def _of_graph(
        self,
        node: model.Degree | model.Sharing | model.Hops | model.Met | model.Score,
        event: Event,
    ) -> float:
        world = self.world
        if isinstance(node, model.Met):
            both = {self._party(event, node.one), self._party(event, node.other)}
            edges = world.of_kind(node.edge_kind)
            return float(any({e.src, e.dst} == both and e.at < event.at for e in edges))
        nid = self._party(event, node.of)
        if isinstance(node, model.Score):
            return world.scores.get(nid, 0.0)
        if isinstance(node, model.Hops):
            return self._hops(nid, node.to)
        edges = world.of_kind(node.edge_kind)
        if isinstance(node, model.Degree):
            out = sum(edge.src == nid for edge in edges) if node.direction != "in" else 0
            return out + (sum(edge.dst == nid for edge in edges) if node.direction != "out" else 0)
        things = {edge.dst for edge in edges if edge.src == nid}
        return sum(
            len({e.src for e in edges if e.dst == thing and e.src != nid
                 and world.kinds[e.src] == world.kinds[nid]})
            for thing in things
        )  # fmt: skip

    def _hops(self, nid: int, nodes: model.NodeList) -> float:
        members, reached = self._members(nodes), {nid}
        for steps in range(model.MOST_HOPS + 1):
            if reached & members:
                return steps
            ties = [e for e in self.world.edges if e.kind in
                    ("CALLED", "HOLDS", "OWNS_PHONE", "TRANSFERRED", "USES_DEVICE")]  # fmt: skip
            reached |= {e.dst for e in ties if e.src in reached} | {
                e.src for e in ties if e.dst in reached
            }
        return model.FAR

    def _members(self, nodes: model.NodeList) -> set[int]:
        if nodes.having is not None:
            return set(self.world.flagged)
        keys = {
            key: nid for nid, key in self.world.keys.items() if self.world.kinds[nid] == nodes.kind
        }
        return {keys[key] for key in nodes.keys if key in keys}

    def _party(self, event: Event, name: str) -> int:
        party = event_kinds()[event.kind].parties[name]
        nid = event.src if party.end == "src" else event.dst
        if party.via is None:
            return nid
        return next((e.src for e in self.world.of_kind(party.via) if e.dst == nid), nid)

    def _counted(self, counter: model.Counter, key: int) -> float:
        width = counter.within_ms // counter.panes
        clock, counted = -(2**62), []
        for event in self.history:
            clock = max(clock, event.at // width)
            if (
                event.kind == counter.on
                and event.at // width > clock - counter.panes
                and self._party(event, counter.by) == key
                and (counter.where is None or self.holds(counter.where, event))
            ):
                counted.append(event)
        held = [event for event in counted if event.at // width > clock - counter.panes]
        if counter.what == "count":
            return len(held)
        assert counter.of is not None
        if counter.what == "sum":
            return sum(event.numbers[counter.of] for event in held)
        return min(counter.most, len({self._party(event, counter.of) for event in held}))


def _operate(operation: str, one: float, other: float) -> float:
    if operation == "over":
        return one / other if other else 0.0
    return {"sum": one + other, "minus": one - other, "times": one * other}[operation]


def _local(part: str, at: int) -> float:
    local = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at, hours=8)
    if part == "hour":
        return local.hour
    if part == "weekday":
        return local.isoweekday()
    return float(Calendar().is_working_day(local.date()))
