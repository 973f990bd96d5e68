"""The life of a rule between two people, shadows, and caps that bite exactly; on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest

from graphrisk.access.model import EVERYTHING, Principal, Purpose
from graphrisk.analysis.rules.batch import EventBatch
from graphrisk.analysis.rules.facts import GraphFacts
from graphrisk.analysis.rules.form import read_rules
from graphrisk.analysis.rules.ladder import Ladder, read_ladder
from graphrisk.analysis.rules.model import Rule
from graphrisk.analysis.rules.service import RuleBook
from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import BadInput, Conflict, Forbidden, LimitExceeded, NotFound
from graphrisk.store.operations import outbox
from graphrisk.store.operations.database import Database
from graphrisk_algorithms.graph import RiskGraph
from tests.analysis.rules.reference import Event
from tests.analysis.rules.worlds import batch_of
from tests.effort import effort

NOW, DAY = 1_770_912_000_000, 86_400_000
MAKER, OTHER = (Principal(n, frozenset({"analyst"}), EVERYTHING) for n in ("maker", "other"))
CHECKER = Principal("checker", frozenset({"approver"}), EVERYTHING)
BOTH = Principal("maker", frozenset({"analyst", "approver"}), EVERYTHING)
PURPOSE = Purpose("operation")
LADDER = read_ladder(Path("nowhere"))
FACTS = GraphFacts(RiskGraph(0, {}, {}))


class Audit:
    def __init__(self) -> None:
        self.told: list[tuple[str, str, int]] = []

    def record(
        self, principal: Principal, action: str, purpose: Purpose, count: int, what: str = ""
    ) -> None:
        assert purpose == PURPOSE
        assert what or not action.startswith("rule."), "a decision names its object"
        self.told.append((principal.name, action, count))


@pytest.fixture
def audit() -> Audit:
    return Audit()


@pytest.fixture
def book(database: Database, audit: Audit) -> RuleBook:
    return RuleBook(database, LADDER, ManualClock(NOW), audit)


def rule(name: str = "long_call", alert: int = 10, cap: int = 3, rung: str = "warn") -> Rule:
    return read_rules(
        f"""
rules:
  - id: {name}
    title: {{zh: 长时间通话, en: Long call}}
    event: call
    about: callee
    reasons:
      - measure: {{field: seconds}}
        bands: [{{from: {alert}, points: 10}}, {{from: 100, points: 20}}]
        reason: {{zh: "{{value}}秒", en: "{{value}} seconds"}}
    alert: 10
    action: 20
    act: {{rung: {rung}, cap: {{actions: {cap}, within: 1 day}}}}
""",
        "test.yaml",
    )[0]


def calls(seconds: Sequence[float], first: int = 0, at: int = NOW) -> EventBatch:
    events = [Event("call", at, 1, 2, {"seconds": one}, {}) for one in seconds]
    batch = batch_of(events)
    return replace(batch, key=np.arange(first, first + len(events)))


def put_live(book: RuleBook, one: Rule) -> None:
    book.submit(MAKER, PURPOSE, one, "new")
    book.approve(CHECKER, PURPOSE, one.rule_id, one.version, "seen")


def outcomes(book: RuleBook) -> list[str]:
    return [hit.outcome for hit in reversed(book.hits(MAKER, PURPOSE, None, 200).items)]


def told(database: Database, kind: str) -> list[outbox.Event]:
    with database.session() as session:
        outbox.relay(session)
        return outbox.read_after(session, 0, kind=kind)


def test_a_draft_judges_nothing_until_it_is_submitted_and_approved(book: RuleBook) -> None:
    one = rule()
    assert book.draft(BOTH, PURPOSE, one).state == "draft"
    assert book.bench(FACTS).judge(calls([50])) == 0
    with pytest.raises(Conflict):
        book.approve(CHECKER, PURPOSE, one.rule_id, one.version, "unasked")
    with pytest.raises(Forbidden):
        book.draft(CHECKER, PURPOSE, rule(alert=12))
    assert book.submit(MAKER, PURPOSE, one, "ready").state == "submitted"
    with pytest.raises(Forbidden, match="another person"):
        book.approve(BOTH, PURPOSE, one.rule_id, one.version, "my own draft")


def test_a_rule_is_put_live_by_another_person_than_put_it_in(
    book: RuleBook, database: Database, audit: Audit
) -> None:
    one = rule()
    submitted = book.submit(MAKER, PURPOSE, one, "new scam")
    assert (submitted.state, submitted.maker) == ("submitted", "maker")
    with pytest.raises(Forbidden, match="another person"):
        book.approve(BOTH, PURPOSE, one.rule_id, one.version, "my own")
    with pytest.raises(Forbidden, match=r"may not rule\.approve"):
        book.approve(OTHER, PURPOSE, one.rule_id, one.version, "friend")
    with pytest.raises(Forbidden, match=r"may not rule\.submit"):
        book.submit(CHECKER, PURPOSE, rule(alert=11), "mine")
    with pytest.raises(BadInput, match="takes a reason"):
        book.approve(CHECKER, PURPOSE, one.rule_id, one.version, " ")
    assert book.bench(FACTS).judge(calls([50])) == 0, "it judges nothing before"
    live = book.approve(CHECKER, PURPOSE, one.rule_id, one.version, "rehearsed")
    assert [(step.step, step.author, step.reason, step.at) for step in live.steps] == [
        ("submit", "maker", "new scam", NOW),
        ("approve", "checker", "rehearsed", NOW),
    ]
    assert live.rule == one
    assert book.bench(FACTS).judge(calls([50])) == 1
    with pytest.raises(Conflict, match="while the state is live"):
        book.submit(MAKER, PURPOSE, one, "again")
    steps = told(database, "rule.step")
    assert [event.payload["step"] for event in steps] == ["submit", "approve"]
    assert ("checker", "rule.approve", 1) in audit.told


def test_a_new_version_takes_the_place_of_the_live_one(book: RuleBook) -> None:
    old, new = rule(), rule(alert=30)
    put_live(book, old)
    put_live(book, new)
    states = {one.rule.version: one.state for one in book.versions(MAKER, PURPOSE, "long_call")}
    assert states == {old.version: "retired", new.version: "live"}
    assert book.bench(FACTS).judge(calls([20, 40])) == 1
    book.retire(CHECKER, PURPOSE, new.rule_id, new.version, "too loud")
    assert book.bench(FACTS).judge(calls([40], first=9)) == 0


def test_a_refused_version_may_be_put_in_again_and_its_maker_stays_barred(book: RuleBook) -> None:
    one = rule()
    book.submit(BOTH, PURPOSE, one, "new")
    book.refuse(CHECKER, PURPOSE, one.rule_id, one.version, "rehearse it first")
    book.submit(OTHER, PURPOSE, one, "rehearsed")
    with pytest.raises(Forbidden, match="another person"):
        book.approve(BOTH, PURPOSE, one.rule_id, one.version, "I wrote it")
    assert book.approve(CHECKER, PURPOSE, one.rule_id, one.version, "ok").state == "live"


def test_what_there_is_not_cannot_be_decided_on(book: RuleBook) -> None:
    with pytest.raises(NotFound):
        book.approve(CHECKER, PURPOSE, "long_call", "0" * 16, "ok")
    with pytest.raises(NotFound):
        book.version(MAKER, PURPOSE, "long_call", "0" * 16)
    with pytest.raises(BadInput, match="rung is one of"):
        book.submit(MAKER, PURPOSE, rule(rung="arrest"), "new")
    assert book.versions(MAKER, PURPOSE) == []


def test_rules_whose_counters_take_too_much_together_are_not_put_live(book: RuleBook) -> None:
    def counted(name: str, most: int) -> Rule:
        return read_rules(
            f"""
rules:
  - id: {name}
    title: {{zh: 多人, en: Many}}
    event: call
    about: caller
    reasons:
      - measure: {{count: callees}}
        bands: [{{from: 9, points: 10}}]
        reason: {{zh: "{{value}}", en: "{{value}}"}}
    alert: 10
counters:
  callees: {{event: call, by: caller, what: distinct, of: callee, within: 1 day, most: {most}}}
""",
            "test.yaml",
        )[0]

    put_live(book, counted("one", 150))
    other = counted("two", 151)
    book.submit(MAKER, PURPOSE, other, "new")
    with pytest.raises(LimitExceeded):
        book.approve(CHECKER, PURPOSE, "two", other.version, "ok")
    assert book.version(MAKER, PURPOSE, "two", other.version).state == "submitted"


def test_hits_say_what_carried_them_and_the_same_event_is_hit_once(
    book: RuleBook, database: Database
) -> None:
    one = rule()
    put_live(book, one)
    bench = book.bench(FACTS)
    assert bench.judge(calls([5, 50, 150])) == 2
    assert book.bench(FACTS).judge(calls([5, 50, 150])) == 0, "after a kill all is judged again"
    page = book.hits(MAKER, PURPOSE, None, 1)
    (hit,) = page.items
    assert page.has_next
    assert (hit.rule, hit.event, hit.at, hit.about) == (one, ("call", 2), NOW, 2)
    assert (hit.points, hit.level, hit.rung, hit.outcome) == (20, "action", "warn", "taken")
    assert hit.told == ((0, 150.0, 20),)
    (before,) = book.hits(MAKER, PURPOSE, hit.number, 5).items
    assert (before.level, before.rung, before.outcome) == ("alert", None, "warned")
    levels = [event.payload["outcome"] for event in told(database, "rule.hit")]
    assert levels == ["warned", "taken"]


def test_what_the_ladder_leaves_to_a_person_is_proposed(book: RuleBook) -> None:
    put_live(book, rule(rung="cut"))
    book.bench(FACTS).judge(calls([50, 150]))
    assert outcomes(book) == ["warned", "proposed"]


def test_a_shadow_judges_beside_the_live_rule_and_does_nothing(
    book: RuleBook, database: Database
) -> None:
    old, new = rule(), rule(alert=30)
    put_live(book, old)
    book.submit(MAKER, PURPOSE, new, "less noise")
    book.set_shadow(MAKER, PURPOSE, new.rule_id, new.version, "a week", on=True)
    book.bench(FACTS).judge(calls([5, 20, 40, 150]))
    found = book.difference(MAKER, PURPOSE, new.rule_id, new.version, 0)
    assert (found.both, found.live_only, found.shadow_only) == (2, 1, 0)
    assert (found.louder, found.quieter) == (0, 0)
    assert sorted(outcomes(book)) == ["shadow", "shadow", "taken", "warned", "warned"]
    assert len(told(database, "rule.hit")) == 3, "a shadow is not told of"
    book.set_shadow(MAKER, PURPOSE, new.rule_id, new.version, "seen", on=False)
    book.bench(FACTS).judge(calls([40], first=50))
    assert len(book.hits(MAKER, PURPOSE, None, 50).items) == 6
    live = book.approve(CHECKER, PURPOSE, new.rule_id, new.version, "ok")
    assert not live.shadow


def test_a_cap_stops_actions_alarms_once_and_begins_anew_with_the_next_period(
    database: Database, audit: Audit
) -> None:
    clock = ManualClock(NOW)
    book = RuleBook(database, LADDER, clock, audit)
    put_live(book, rule(cap=3))
    bench = book.bench(FACTS)
    bench.judge(calls([150, 150]))
    bench.judge(calls([150, 50, 150, 150], first=2))
    bench.judge(calls([150], first=6))
    wanted = ["taken", "taken", "taken", "warned", "capped", "capped", "capped"]
    assert outcomes(book) == wanted
    (alarm,) = told(database, "rule.capped")
    assert (alarm.subject, alarm.payload["cap"]) == ("rule:long_call", 3)
    clock.advance(DAY)
    bench.judge(calls([150], first=7, at=NOW + DAY))
    assert outcomes(book) == [*wanted, "taken"]


def test_a_rung_has_a_cap_of_all_rules_together(database: Database, audit: Audit) -> None:
    warn = LADDER.rungs["warn"]
    tight = replace(warn, cap=replace(warn.cap, actions=2))
    book = RuleBook(database, Ladder({"warn": tight}), ManualClock(NOW), audit)
    put_live(book, rule("one", cap=100))
    put_live(book, rule("two", cap=100))
    book.bench(FACTS).judge(calls([150, 150, 150]))
    assert sorted(outcomes(book)) == ["capped"] * 4 + ["taken"] * 2
    (alarm,) = told(database, "rule.capped")
    assert alarm.subject == "rung:warn"


def test_processes_at_once_take_exactly_the_cap(book: RuleBook, database: Database) -> None:
    workers, each, cap = 8, effort(3, 40), effort(10, 150)
    put_live(book, rule(cap=cap))
    barrier = Barrier(workers)

    def work(number: int) -> None:
        bench = book.bench(FACTS)
        barrier.wait()
        for turn in range(each):
            bench.judge(calls([150], first=number * each + turn))

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, range(workers)))
    found = []
    place: int | None = None
    while True:
        page = book.hits(MAKER, PURPOSE, place, 200)
        found += [hit.outcome for hit in page.items]
        if not page.has_next:
            break
        place = page.items[-1].number
    assert (found.count("taken"), found.count("capped")) == (cap, workers * each - cap)
    assert len(told(database, "rule.capped")) == 1
