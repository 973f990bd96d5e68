"""Rules over a stream of calls: events a second, delay, and bytes a key."""

from __future__ import annotations

import time
from functools import partial

import numpy as np

from benchmarks.performance.data import EPOCH_MS
from benchmarks.performance.work import Work
from graphrisk.analysis.rules.batch import EventBatch
from graphrisk.analysis.rules.calendar import LocalDays
from graphrisk.analysis.rules.engine import Engine
from graphrisk.analysis.rules.facts import GraphFacts
from graphrisk.analysis.rules.form import read_rules
from graphrisk_algorithms.graph import EdgeColumns, RiskGraph

_RULES, _PHONES, _EDGES = 30, 200_000, 1_000_000
#: Arrival of the delay's measurement, events a second: the goal's rate.
_RATE = 20_000
_BATCH = 256
_COUNTERS = """
counters:
  calls: {event: call, by: caller, what: count, within: 10 minutes}
  hour: {event: call, by: caller, what: count, within: 1 hour}
  talk: {event: call, by: caller, what: sum, of: seconds, within: 1 hour}
  callees: {event: call, by: caller, what: distinct, of: callee, within: 1 day, most: 80}
  called: {event: call, by: callee, what: count, within: 1 hour}
  callers: {event: call, by: callee, what: distinct, of: caller, within: 1 day, most: 80}
"""


def measure(work: Work) -> None:
    """Thirty rules with six counters and four graph leaves over calls of 200,000 numbers."""
    count = work.size("events", 1_000_000)
    work.sizes |= {"rules": _RULES, "numbers": _PHONES, "edges": _EDGES}
    calls, facts = _calls(count), _facts()
    rules = read_rules(_text(), "benchmark")
    Engine(rules, facts, LocalDays()).judge(calls.cut(0, _BATCH))  # compiled before the clock runs
    for _ in range(work.rounds):
        engine = Engine(rules, facts, LocalDays())
        work.add_rate("rules-events", count, partial(_run, engine, calls))
        keys = max(window.keys for window in engine.windows if window.counter.by == "caller")
        held = sum(window.nbytes for window in engine.windows if window.counter.by == "caller")
        work.add("rules-bytes", held / keys)
        delays = _delays(Engine(rules, facts, LocalDays()), calls.cut(0, min(count, 5 * _RATE)))
        work.add("rules-delay-p50", float(np.percentile(delays, 50)))
        work.add("rules-delay-p99", float(np.percentile(delays, 99)))


def _run(engine: Engine, calls: EventBatch) -> int:
    return sum(
        len(engine.judge(calls.cut(start, start + _BATCH)))
        for start in range(0, len(calls), _BATCH)
    )


def _delays(engine: Engine, calls: EventBatch) -> list[float]:
    """Milliseconds from each event's arrival until it was judged; what has arrived is one batch."""
    arrival = np.arange(len(calls)) / _RATE
    begin, done, found = time.perf_counter(), 0, list[float]()
    while done < len(calls):
        now = time.perf_counter() - begin
        upto = int(np.searchsorted(arrival, now, side="right"))
        if upto == done:
            time.sleep(max(0.0, float(arrival[done]) - now))
            continue
        engine.judge(calls.cut(done, upto))
        judged = time.perf_counter() - begin
        found += [1_000 * (judged - at) for at in arrival[done:upto].tolist()]
        done = upto
    return found


def _calls(count: int) -> EventBatch:
    rng = np.random.default_rng(1)
    busy = rng.random(count) < 0.01  # one call in a hundred is made by one of fifty numbers
    src = np.where(busy, rng.integers(0, 50, count), rng.integers(0, _PHONES, count))
    return EventBatch(
        kind=np.zeros(count, np.int8),
        key=np.arange(count),
        at=EPOCH_MS + np.sort(rng.integers(0, 86_400_000, count)),
        src=src,
        dst=rng.integers(0, _PHONES, count),
        eid=np.full(count, -1),
        numbers={"seconds": rng.exponential(60, count).round()},
        texts={},
    )


def _facts() -> GraphFacts:
    rng = np.random.default_rng(2)
    src, dst = (rng.integers(0, _PHONES, _EDGES) for _ in range(2))
    first = rng.integers(EPOCH_MS, EPOCH_MS + 86_400_000, _EDGES)
    called = EdgeColumns(np.arange(_EDGES), src, dst, {"first": first})
    graph = RiskGraph(_PHONES, {}, {"CALLED": called})
    return GraphFacts(graph, rng.random(_PHONES))


def _text() -> str:
    conditions = (
        "{equal: [{met: CALLED, of: caller, with: callee}, 0]}",
        "{at_most: [{degree: CALLED, of: caller}, 8]}",
        "{at_least: [{clock: hour}, 8]}",
        "{equal: [{clock: working_day}, 1]}",
        "{at_least: [{score: caller}, 0.4]}",
        "{not: {listed: official, of: caller}}",
    )
    measures = ("{count: calls}", "{count: callees}", "{over: [{count: talk}, {count: hour}]}",
                "{count: called}", "{count: callers}")  # fmt: skip
    least = (60, 60, 300, 60, 60)  # few calls reach a threshold, as in life
    rules = [
        f"  - {{id: rule_{n}, title: {{zh: 规则, en: Rule}}, event: call, about: caller,\n"
        f"     alert: 80,\n"
        f"     when: {{all: [{conditions[n % 6]}, {{at_least: [{{field: seconds}}, {n}]}}]}},\n"
        f"     reasons: [{{measure: {measures[n % 5]}, reason: {{zh: 值, en: value}},\n"
        f"       bands: [{{from: {20 + n}, points: 40}},\n"
        f"         {{from: {least[n % 5] + n}, points: 60}}]}},\n"
        f"      {{if: {conditions[(n + 1) % 6]}, points: 20, reason: {{zh: 是, en: holds}}}}]}}"
        for n in range(_RULES)
    ]
    lists = 'lists:\n  official: {kind: Phone, keys: ["96110", "110"]}\n'
    return "rules:\n" + "\n".join(rules) + _COUNTERS + lists
