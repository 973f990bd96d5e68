"""Cases against a model of them: whatever is asked, in whatever order, both say the same."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from graphrisk.centre.cases.model import Case, CaseState
from graphrisk.centre.cases.rules import LOCK_MS
from graphrisk.centre.deadlines.model import State
from graphrisk.centre.timeline.model import Order
from graphrisk.core.errors import Conflict, NotFound
from graphrisk.store.operations.database import Database
from tests.centre.conftest import empty
from tests.centre.factory import Office, ring
from tests.effort import effort

PEOPLE = st.sampled_from(["li", "wu"])
PLACES = st.integers(0, 50)


@dataclass
class _Model:
    """What a case should be."""

    case_id: str
    findings: list[str]
    state: str = "open"
    holder: str = ""
    until: int = 0
    merged_into: str | None = None
    acceptance: State = State.RUNNING
    steps: list[str] = field(default_factory=lambda: ["open"])


class Desk(RuleBasedStateMachine):
    """Two people at the same cases."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        empty(self.database)
        self.office = Office(self.database)
        self.models: dict[str, _Model] = {}
        self._names = itertools.count()

    def _case(self, place: int) -> _Model:
        return list(self.models.values())[place % len(self.models)]

    def _state(self, one: _Model) -> str:
        if one.state == "held" and one.until <= self.office.clock.now:
            return "open"
        return one.state

    def _free_for(self, one: _Model, who: str) -> bool:
        state = self._state(one)
        return state == "open" or (state == "held" and one.holder == who)

    def _does(self, allowed: bool, act: object, *args: object) -> bool:
        assert callable(act)
        if allowed:
            act(*args)
        else:
            with pytest.raises((Conflict, NotFound)):
                act(*args)
        return allowed

    def _family(self, one: _Model) -> list[_Model]:
        below = [other for other in self.models.values() if other.merged_into == one.case_id]
        return [one, *(member for other in below for member in self._family(other))]

    @rule(count=st.integers(1, 2))
    def open(self, count: int) -> None:
        names = [f"ring_{next(self._names)}" for _ in range(count)]
        case: Case = self.office.open(*map(ring, names))
        self.models[case.case_id] = _Model(case.case_id, names)

    @precondition(lambda self: self.models)
    @rule(place=PLACES, who=PEOPLE)
    def take(self, place: int, who: str) -> None:
        one = self._case(place)
        if self._does(self._state(one) == "open", self.office.cases.take, Order(one.case_id, who)):
            one.state, one.holder = "held", who
            one.until = self.office.clock.now + LOCK_MS
            if one.acceptance is State.RUNNING:
                one.acceptance = State.MET
            one.steps.append("take")

    @precondition(lambda self: self.models)
    @rule(place=PLACES, who=PEOPLE)
    def release(self, place: int, who: str) -> None:
        one = self._case(place)
        allowed = self._state(one) == "held" and one.holder == who
        if self._does(allowed, self.office.cases.release, Order(one.case_id, who, "出差")):
            one.state, one.acceptance = "open", State.RUNNING
            one.steps.append("release")

    @precondition(lambda self: self.models)
    @rule(place=PLACES, who=PEOPLE, old=st.booleans())
    def attach(self, place: int, who: str, old: bool) -> None:
        one = self._case(place)
        taken = [name for other in self.models.values() for name in other.findings]
        name = taken[place % len(taken)] if old and taken else f"ring_{next(self._names)}"
        allowed = self._free_for(one, who) and name not in taken
        order = Order(one.case_id, who)
        if self._does(allowed, self.office.cases.attach, order, [ring(name)]):
            one.findings.append(name)
            one.steps.append("attach")

    @precondition(lambda self: any(one.findings for one in self.models.values()))
    @rule(place=PLACES, who=PEOPLE, pick=PLACES)
    def detach(self, place: int, who: str, pick: int) -> None:
        one = self._case(place)
        every = [name for other in self.models.values() for name in other.findings]
        name = every[pick % len(every)]
        owner = next((part for part in self._family(one) if name in part.findings), None)
        allowed = self._free_for(one, who) and owner is not None
        order = Order(one.case_id, who, "误并")
        if self._does(allowed, self.office.cases.detach, order, name):
            assert owner is not None
            owner.findings.remove(name)
            one.steps.append("detach")

    @precondition(lambda self: len(self.models) > 1)
    @rule(place=PLACES, other=PLACES, who=PEOPLE)
    def merge(self, place: int, other: int, who: str) -> None:
        one, into = self._case(place), self._case(other)
        if one is into:
            return
        allowed = self._free_for(one, who) and self._free_for(into, who)
        order = Order(one.case_id, who, "同一团伙")
        if self._does(allowed, self.office.cases.merge, order, into.case_id):
            one.state, one.merged_into = "merged", into.case_id
            one.steps.append("merge")
            into.steps.append("absorb")
            if self._state(into) == "open":
                into.state = "open"

    @precondition(lambda self: any(one.state == "merged" for one in self.models.values()))
    @rule(place=PLACES, who=PEOPLE)
    def unmerge(self, place: int, who: str) -> None:
        one = self._case(place)
        above = self.models.get(one.merged_into or "")
        order = Order(one.case_id, who, "并错")
        if self._does(above is not None, self.office.cases.unmerge, order):
            assert above is not None
            one.state, one.merged_into, one.acceptance = "open", None, State.RUNNING
            one.steps.append("unmerge")
            above.steps.append("yield")

    @rule(hours=st.integers(1, 9))
    def wait(self, hours: int) -> None:
        self.office.clock.advance(hours * 3_600_000)

    @invariant()
    def both_say_the_same(self) -> None:
        for one in self.models.values():
            case = self.office.cases.get(one.case_id)
            assert case.state is CaseState(self._state(one))
            assert case.holder == (one.holder if case.state is CaseState.HELD else None)
            assert case.merged_into == one.merged_into
            assert self.office.actions(case) == one.steps
            told = [name for part in self._family(one) for name in part.findings]
            assert sorted(self.office.findings(case)) == sorted(told)
            running = {
                deadline.name: deadline.state
                for deadline in self.office.cases.deadlines(one.case_id)[0]
                if deadline.state in (State.RUNNING, State.SUSPENDED)
            }
            resting = State.SUSPENDED if one.state == "merged" else State.RUNNING
            expected = {"handling": resting}
            if one.acceptance is State.RUNNING:
                expected["acceptance"] = resting
            assert running == expected


def test_cases_and_their_model_agree(centre_database: Database) -> None:
    machine = type("Desk", (Desk,), {"database": centre_database})
    run_machine(
        machine,
        settings=settings(
            max_examples=effort(6, 120),
            stateful_step_count=effort(14, 40),
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
