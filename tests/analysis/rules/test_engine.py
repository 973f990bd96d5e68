"""The engine says what the definitions say, whatever the trees, events and batches."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrisk.analysis.rules.calendar import LocalDays
from graphrisk.analysis.rules.compiler import cost
from graphrisk.analysis.rules.engine import AHEAD_MS, Engine, Hit
from graphrisk.analysis.rules.form import read_document
from graphrisk.analysis.rules.model import Rule
from graphrisk.core.errors import LimitExceeded
from tests.analysis.rules.reference import Edge, Event, Reference, World
from tests.analysis.rules.worlds import batch_of, facts_of
from tests.effort import effort

Tree = dict[str, object]
MINUTE, DAY = 60_000, 86_400_000
#: 2026-02-13, a Friday before the make-up Saturday of the Spring Festival.
BEGIN = 1_770_912_000_000
KINDS = dict.fromkeys(range(5), "Phone") | dict.fromkeys(range(5, 10), "Account")
KINDS |= {10: "Person", 11: "Person", 12: "Device", 13: "Opinion", 14: "Platform"}
COUNTERS: dict[str, Tree] = {
    "calls": {"event": "call", "by": "caller", "what": "count", "within": "10 minutes"},
    "callees": {
        "event": "call", "by": "caller", "what": "distinct", "of": "callee",
        "within": "1 hour", "panes": 4, "most": 2,
    },
    "talk": {
        "event": "call", "by": "callee_holder", "what": "sum", "of": "seconds",
        "within": "30 minutes", "panes": 3, "where": {"at_least": [{"field": "seconds"}, 30]},
    },
    "paid": {
        "event": "transfer", "by": "payer", "what": "sum", "of": "amount", "within": "2 hours",
    },
    "payers": {
        "event": "transfer", "by": "payee", "what": "distinct", "of": "payer_holder",
        "within": "1 day",
    },
}  # fmt: skip
LISTS: dict[str, Tree] = {
    "official": {"kind": "Phone", "keys": ["key0", "nowhere"]},
    "scam": {"kind": "Phone", "having": "scam_category"},
    "promises": {"phrases": ["保本", "保本保息", "返利"]},
}
PARTIES = {
    "call": ("caller", "callee", "caller_holder", "callee_holder"),
    "transfer": ("payer", "payee", "payer_holder", "payee_holder"),
    "post": ("opinion", "platform"),
}
NUMBERS = {"call": ("seconds",), "transfer": ("amount",), "post": ("reads",)}
EDGES = ("CALLED", "TRANSFERRED", "USES_DEVICE")


def measures(kind: str) -> st.SearchStrategy[object]:
    party = st.sampled_from(PARTIES[kind])
    leaf: list[st.SearchStrategy[object]] = [
        st.integers(-3, 60),
        st.sampled_from(NUMBERS[kind]).map(lambda name: {"field": name}),
        st.builds(lambda name, of: {"count": name, "of": of}, st.sampled_from([*COUNTERS]), party),
        st.builds(
            lambda edge, of, way: {"degree": edge, "of": of, "direction": way},
            st.sampled_from(EDGES), party, st.sampled_from(["in", "out", "both"]),
        ),
        st.builds(lambda of: {"sharing": "USES_DEVICE", "of": of}, party),
        st.builds(
            lambda to, of: {"hops": to, "of": of}, st.sampled_from(["scam", "official"]), party
        ),
        st.builds(
            lambda edge, one, other: {"met": edge, "of": one, "with": other},
            st.sampled_from(["CALLED", "TRANSFERRED"]), party, party,
        ),
        st.builds(lambda of: {"score": of}, party),
        st.sampled_from(["hour", "weekday", "working_day"]).map(lambda part: {"clock": part}),
    ]  # fmt: skip
    if kind == "post":
        leaf.append(st.just({"phrases": "promises", "in": "text"}))
    return st.recursive(
        st.one_of(leaf),
        lambda part: st.builds(
            lambda word, parts: {word: parts},
            st.sampled_from(["sum", "minus", "times", "over"]),
            st.lists(part, min_size=2, max_size=2),
        ),
        max_leaves=3,
    )


def conditions(kind: str) -> st.SearchStrategy[object]:
    compared = st.builds(
        lambda word, one, other: {word: [one, other]},
        st.sampled_from(["at_least", "more_than", "at_most", "less_than", "equal"]),
        measures(kind),
        measures(kind),
    )
    listed = st.builds(
        lambda name, of: {"listed": name, "of": of},
        st.sampled_from(["official", "scam"]),
        st.sampled_from(PARTIES[kind]),
    )
    leaf = [compared, listed]
    if kind == "post":
        leaf.append(st.just({"text": "title", "in": ["甲", "乙"]}))
    return st.recursive(
        st.one_of(leaf),
        lambda part: st.one_of(
            part.map(lambda one: {"not": one}),
            st.lists(part, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
            st.lists(part, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        ),
        max_leaves=5,
    )


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    kind = draw(st.sampled_from([*PARTIES]))
    reason = {"zh": "理由{value}", "en": "reason {value}"}
    terms: list[Tree] = []
    for _ in range(draw(st.integers(1, 3))):
        if draw(st.booleans()):
            points = draw(st.integers(-20, 60))
            terms.append({"if": draw(conditions(kind)), "points": points, "reason": reason})
        else:
            starts = draw(st.lists(st.integers(-5, 50), min_size=1, max_size=3, unique=True))
            bands = [{"from": s, "points": draw(st.integers(-20, 60))} for s in sorted(starts)]
            terms.append({"measure": draw(measures(kind)), "bands": bands, "reason": reason})
    terms.append({"if": {"at_least": [1, 1]}, "points": 5, "reason": reason})
    document: Tree = {
        "id": f"rule_{draw(st.integers(0, 10**6))}",
        "title": {"zh": "规则", "en": "Rule"},
        "event": kind,
        "about": draw(st.sampled_from(PARTIES[kind])),
        "reasons": terms,
        "alert": draw(st.integers(1, 5)),
        "counters": COUNTERS,
        "lists": LISTS,
    }
    if draw(st.booleans()):
        document["when"] = draw(conditions(kind))
    return read_document(document)


@st.composite
def events(draw: st.DrawFn) -> list[Event]:
    found, now = [], BEGIN
    for _ in range(draw(st.integers(1, 25))):
        now += draw(st.sampled_from([0, 1_000, 3 * MINUTE, 20 * MINUTE, 5 * 60 * MINUTE, DAY]))
        at = now - draw(st.sampled_from([0, 0, 0, 2 * MINUTE, 9 * MINUTE, 3 * 60 * MINUTE]))
        kind = draw(st.sampled_from([*PARTIES]))
        first = {"call": 0, "transfer": 5, "post": 13}[kind]
        src, dst = (first + draw(st.integers(0, 4)) for _ in range(2))
        if kind == "post":
            src, dst = 13, 14
        numbers = {name: float(draw(st.integers(0, 60))) for name in NUMBERS[kind]}
        texts = {
            "title": draw(st.sampled_from(["甲", "丙"])),
            "text": draw(st.sampled_from(["", "保本保息", "返利又保本"])),
        }
        found.append(Event(kind, at, src, dst, numbers, texts if kind == "post" else {}))
    return found


@st.composite
def worlds(draw: st.DrawFn) -> World:
    made = []
    for kind, (low, high), (least, most) in (
        ("CALLED", (0, 4), (0, 4)),
        ("TRANSFERRED", (5, 9), (5, 9)),
        ("USES_DEVICE", (0, 9), (12, 12)),
        ("OWNS_PHONE", (10, 11), (0, 4)),
        ("HOLDS", (10, 11), (5, 9)),
    ):
        for _ in range(draw(st.integers(0, 5))):
            ends = draw(st.integers(low, high)), draw(st.integers(least, most))
            made.append(Edge(kind, *ends, BEGIN + draw(st.integers(-2, 6)) * 20 * MINUTE))
    keys = {nid: f"key{nid}" for nid in KINDS}
    flagged = draw(st.frozensets(st.integers(0, 4), max_size=1))
    return World(KINDS, keys, made, flagged, {3: 0.5, 6: 0.25})


def judged(engine: Engine, stream: Sequence[Event], cuts: Sequence[int]) -> list[list[Hit]]:
    """Hits of each event, the stream cut at some places."""
    batch = batch_of(stream)
    places = [0, *sorted({cut % len(stream) for cut in cuts} - {0}), len(stream)]
    found: list[list[Hit]] = [[] for _ in stream]
    for start, stop in pairwise(places):
        for hit in engine.judge(batch.cut(start, stop)):
            found[start + hit.row].append(hit)
    return found


@settings(max_examples=effort(60, 2_000), deadline=None)
@given(worlds(), st.lists(rules(), min_size=1, max_size=4), events(), st.lists(st.integers(0, 40)))
def test_hits_are_those_of_the_definitions_however_the_stream_is_cut(
    world: World, made: list[Rule], stream: list[Event], cuts: list[int]
) -> None:
    reference = Reference(world)
    wanted = [reference.judge(made, event) for event in stream]
    found = judged(Engine(made, facts_of(world), LocalDays()), stream, cuts)
    told = [[(hit.rule.rule_id, hit.points, hit.level) for hit in of_event] for of_event in found]
    assert told == wanted
    again = judged(Engine(made, facts_of(world), LocalDays()), stream, [])
    assert [[(h.told, h.about) for h in one] for one in again] == [
        [(h.told, h.about) for h in one] for one in found
    ]
    for hit in (hit for of_event in found for hit in of_event):
        assert sum(one.points for one in hit.told) == hit.points


def _rule(**changes: object) -> Rule:
    document: Tree = {
        "id": "burst",
        "title": {"zh": "规则", "en": "Rule"},
        "event": "call",
        "about": "caller",
        "reasons": [
            {
                "measure": {"count": "calls"},
                "bands": [{"from": 2, "points": 10}],
                "reason": {"zh": "{value}次", "en": "{value} calls"},
            }
        ],
        "alert": 10,
        "counters": {"calls": COUNTERS["calls"]},
        "lists": {},
        **changes,
    }
    return read_document(document)


WORLD = World(KINDS, {nid: f"key{nid}" for nid in KINDS}, [])


def _call(at: int) -> Event:
    return Event("call", at, 1, 2, {"seconds": 40.0}, {})


def test_an_event_of_a_clock_gone_wrong_is_left_out_and_moves_no_window() -> None:
    engine = Engine([_rule()], facts_of(WORLD), LocalDays())
    stream = [_call(BEGIN), _call(BEGIN + 365 * DAY), _call(BEGIN + 1_000)]
    hits = engine.judge(batch_of(stream), now_ms=BEGIN + 2_000)
    assert [(hit.row, hit.told[0].value) for hit in hits] == [(2, 2.0)]
    assert engine.ahead == 1
    barely = _call(BEGIN + 2_000 + AHEAD_MS)
    assert engine.judge(batch_of([barely]), now_ms=BEGIN + 2_000)
    assert engine.ahead == 1


def test_an_event_too_late_for_its_window_is_not_counted_and_noted() -> None:
    engine = Engine([_rule()], facts_of(WORLD), LocalDays())
    engine.judge(batch_of([_call(BEGIN + 60 * MINUTE), _call(BEGIN)]))
    assert engine.late == 1
    (hit,) = engine.judge(batch_of([_call(BEGIN + 59 * MINUTE)]))
    assert hit.told[0].value == 2


def test_counters_that_would_take_more_than_a_kilobyte_a_key_are_refused() -> None:
    many = {f"c{n}": {**COUNTERS["callees"], "most": 160 - n, "within": "1 hour"} for n in range(2)}
    measure = {"sum": [{"count": name} for name in many]}
    reason = {"zh": "{value}", "en": "{value}"}
    rule = _rule(
        counters=many,
        reasons=[{"measure": measure, "bands": [{"from": 1, "points": 10}], "reason": reason}],
    )
    with pytest.raises(LimitExceeded, match=r"take 1,\d{3} bytes together.*字节"):
        Engine([rule], facts_of(WORLD), LocalDays())


def test_equal_counters_of_several_rules_are_one() -> None:
    other = _rule(id="other", counters={"traffic": COUNTERS["calls"]}, reasons=[
        {"measure": {"count": "traffic"}, "bands": [{"from": 1, "points": 10}],
         "reason": {"zh": "{value}", "en": "{value}"}}])  # fmt: skip
    engine = Engine([_rule(), other], facts_of(WORLD), LocalDays())
    assert len(engine.windows) == 1


def test_cheap_parts_are_asked_first_and_dear_ones_only_of_what_passed() -> None:
    dear: Tree = {"at_least": [{"phrases": "promises", "in": "text"}, 1]}
    cheap: Tree = {"at_least": [{"field": "reads"}, 10]}
    rule = _rule(
        event="post",
        about="platform",
        counters={},
        lists=LISTS,
        when={"all": [dear, cheap]},
        reasons=[{"if": cheap, "points": 10, "reason": {"zh": "多", "en": "many"}}],
    )
    assert rule.when is not None
    batch = batch_of(
        [Event("post", BEGIN, 13, 14, {"reads": float(n)}, {"text": "保本"}) for n in (1, 20)]
    )
    read: list[int] = []

    class Texts(list[str]):
        def __getitem__(self, row: int) -> str:  # type: ignore[override]  # as rules read them
            read.append(row)
            return super().__getitem__(row)

    batch.texts["text"] = Texts(["保本", "保本"])  # type: ignore[index]  # watched
    hits = Engine([rule], facts_of(WORLD), LocalDays()).judge(batch)
    assert [hit.row for hit in hits] == [1]
    assert set(read) == {1}
    assert cost(rule.when) > 200
    assert np.array_equal(batch.numbers["reads"], [1, 20])
