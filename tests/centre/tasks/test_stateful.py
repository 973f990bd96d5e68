"""Whatever people try with tasks, in whatever order: the service follows a model of ten lines."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from graphrisk.access.model import Principal
from graphrisk.centre.tasks.model import Taken
from graphrisk.core.errors import GraphRiskError
from graphrisk.store.operations import books
from graphrisk.store.operations.database import Database
from tests.centre.tasks.office import CHIEF, DISPATCHER, PROOF, WORK, Office, fresh, order, person
from tests.effort import LONG, effort

BOTH = person("both", "grid_worker", "supervisor", "dispatcher")
PEOPLE = {one.name: one for one in (BOTH, CHIEF, person("anna", "grid_worker"))}
DOERS = ("both", "anna")
WAYS = {
    "grab": ({"offered"}, "assigned", DOERS),
    "assign": ({"offered", "assigned", "rework"}, "assigned", ("both", "chief")),
    "hand_over": ({"assigned", "rework"}, "assigned", DOERS),
    "return": ({"assigned", "rework"}, "offered", DOERS),
    "submit": ({"assigned", "rework"}, "submitted", DOERS),
    "verify": ({"submitted"}, "done", ("both", "chief")),
    "refuse": ({"submitted"}, "rework", ("both", "chief")),
    "cancel": ({"offered", "assigned", "rework", "submitted"}, "cancelled", ("both", "chief")),
}
OWN = {"hand_over", "return", "submit"}


class Working(RuleBasedStateMachine):
    """Two tasks and three people."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.office = Office(self.database)
        self.ids = [self.office.offered(order()) for _ in "ab"]
        self.state = dict.fromkeys(self.ids, ("offered", ""))
        self.submitters: dict[str, set[str]] = {task: set() for task in self.ids}
        self.taken: list[tuple[str, str, str, str, str]] = []
        self.before = {name: self._balance(name) for name in DOERS}
        self.earned = dict.fromkeys(DOERS, 0)

    def _balance(self, name: str) -> int:
        with self.database.reading() as session:
            return books.balance(session, "points", f"person:{name}")

    def _try(self, who: Principal, action: str, task: str, step: str, to: str) -> Taken | None:
        tasks, why = self.office.tasks, "so"
        try:
            match action:
                case "grab":
                    return tasks.grab(who, WORK, task, step)
                case "assign":
                    return tasks.assign(who, WORK, task, step, to, why)
                case "hand_over":
                    return tasks.hand_over(who, WORK, task, step, to, why)
                case "return":
                    return tasks.give_back(who, WORK, task, step, why)
                case "submit":
                    return tasks.submit(who, WORK, task, step, PROOF)
                case "cancel":
                    return tasks.cancel(who, WORK, task, step, why)
                case _:
                    return tasks.verify(who, WORK, task, step, action == "verify", why)
        except GraphRiskError:
            return None

    @rule(
        name=st.sampled_from(sorted(PEOPLE)),
        action=st.sampled_from(sorted(WAYS)),
        place=st.integers(0, 1),
        to=st.sampled_from(DOERS),
    )
    def act(self, name: str, action: str, place: int, to: str) -> None:
        task, step = self.ids[place], fresh()
        state, holder = self.state[task]
        before, after, allowed = WAYS[action]
        is_possible = (
            state in before
            and name in allowed
            and (action not in OWN or holder == name)
            and not (action in ("verify", "refuse") and name in self.submitters[task])
        )
        done = self._try(PEOPLE[name], action, task, step, to)
        assert (done is not None) == is_possible, (name, action, state, holder)
        if not is_possible:
            return
        holders = {"grab": name, "assign": to, "hand_over": to, "return": ""}
        self.state[task] = (after, holders.get(action, holder))
        self.taken.append((name, action, task, step, to))
        if action == "submit":
            self.submitters[task].add(name)
        if action == "verify":
            self.earned[holder] += 10

    @rule(place=st.integers(0, 100))
    def repeat(self, place: int) -> None:
        if self.taken:
            name, action, task, step, to = self.taken[place % len(self.taken)]
            again = self._try(PEOPLE[name], action, task, step, to)
            assert again is not None
            assert not again.changed

    @invariant()
    def the_rows_are_as_the_model(self) -> None:
        for task in self.ids:
            held = self.office.lists.one(CHIEF, WORK, task)
            assert (held.state.value, held.assignee or "") == self.state[task]
            steps = [one.step for one in held.steps]
            assert all(one.after == two.before for one, two in pairwise(steps))

    @invariant()
    def points_are_earned_once_by_who_did_it(self) -> None:
        earned = {name: self._balance(name) - self.before[name] for name in DOERS}
        assert earned == self.earned

    def teardown(self) -> None:
        for task in self.ids:
            self._try(DISPATCHER, "cancel", task, fresh(), "")
        with self.database.reading() as session:
            assert books.prove(session, "points").holds


def test_the_service_follows_the_model_whatever_is_tried(office: Office) -> None:
    run_state_machine_as_test(
        type("WorkingHere", (Working,), {"database": office.database}),
        settings=settings(
            max_examples=effort(6, 1_000),
            stateful_step_count=effort(15, 50),
            deadline=None,
            phases=[Phase.generate, *([Phase.shrink] if LONG else [])],
            suppress_health_check=list(HealthCheck),
        ),
    )
