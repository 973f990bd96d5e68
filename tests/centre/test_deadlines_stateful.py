"""Whatever happens to deadlines, in whatever order: each level hears once what it has to hear."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from graphrisk.centre.deadlines.model import State, Term
from graphrisk.centre.deadlines.service import DeadlineClock, Deadlines
from graphrisk.core.calendar import HOUR_MS, read_span
from graphrisk.core.clock import ManualClock
from graphrisk.store.operations.database import Database
from tests.centre.conftest import empty
from tests.centre.factory import AREA, CALENDAR, MONDAY, UNITS
from tests.effort import LONG, effort

#: Hours by day and night, so that the model needs no calendar.
TERM = Term("reply", "答复", "Reply", read_span("24 hours"), read_span("2 hours"))
LEVELS = ("350206001", "350206", "3502", "35")
SUBJECTS = ("a", "b")


@dataclass
class Run:
    """A deadline as the model knows it."""

    started: int
    state: State = State.RUNNING
    told: list[tuple[int, str]] = field(default_factory=list)

    @property
    def due(self) -> int:
        return self.started + 24 * HOUR_MS

    def tell(self, now: int) -> int:
        """Levels that hear of it at a moment."""
        owed = [n for n in range(4) if self.due + 2 * n * HOUR_MS <= now][len(self.told) :]
        if self.state is not State.RUNNING:
            return 0
        self.told += [(n + 1, LEVELS[n]) for n in owed]
        return len(owed)


class Watched(RuleBasedStateMachine):
    """Two subjects, whose deadlines begin, wait, go on and end; the clock stands still or jumps."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        empty(self.database)
        self.clock = ManualClock(MONDAY)
        self.deadlines = Deadlines(CALENDAR, UNITS)
        self.ticker = DeadlineClock(self.database, self.deadlines, self.clock)
        self.runs: dict[str, list[Run]] = {subject: [] for subject in SUBJECTS}

    def _live(self, subject: str) -> Run | None:
        last = self.runs[subject][-1:]
        return next((one for one in last if one.state in (State.RUNNING, State.SUSPENDED)), None)

    @rule(hours=st.sampled_from((1, 2, 5, 24, 400)))
    def time_passes(self, hours: int) -> None:
        self.clock.advance(hours * HOUR_MS)

    @rule(subject=st.sampled_from(SUBJECTS), early=st.sampled_from((0, 1)))
    def the_moment_comes(self, subject: str, early: int) -> None:
        """When the next level has to hear, or a millisecond before."""
        run = self._live(subject)
        if run is not None:
            moment = run.due + 2 * len(run.told) * HOUR_MS - early
            self.clock.now = max(self.clock.now, moment)
        self.the_clock_looks()

    @rule(subject=st.sampled_from(SUBJECTS))
    def begins(self, subject: str) -> None:
        if self._live(subject) is None:
            self.clock.advance(1)  # two that begin at once have no order
            self.runs[subject].append(Run(self.clock.now))
        with self.database.session() as session:
            self.deadlines.start(session, subject, TERM, AREA, self.clock.now)

    @rule(subject=st.sampled_from(SUBJECTS), void=st.booleans())
    def ends(self, subject: str, void: bool) -> None:
        run = self._live(subject)
        if run is not None:
            met = State.MET if self.clock.now < run.due else State.MISSED
            run.state = State.VOID if void else met
        with self.database.session() as session:
            self.deadlines.end(session, subject, [TERM.name], self.clock.now, void)

    @rule(subject=st.sampled_from(SUBJECTS), resumes=st.booleans())
    def waits_or_goes_on(self, subject: str, resumes: bool) -> None:
        run = self._live(subject)
        if run is not None:
            run.state = State.RUNNING if resumes else State.SUSPENDED
        turn = self.deadlines.resume if resumes else self.deadlines.suspend
        with self.database.session() as session:
            turn(session, subject)

    @rule()
    def the_clock_looks(self) -> None:
        owed = sum(run.tell(self.clock.now) for runs in self.runs.values() for run in runs)
        assert self.ticker.tick() == owed
        assert self.ticker.tick() == 0, "nobody hears twice"

    @rule()
    def the_clock_is_killed_before_it_commits(self) -> None:
        before, escalate = self._told(), cast("Callable[..., int]", self.deadlines.escalate)

        def killed(*args: object) -> int:
            escalate(*args)
            raise KeyboardInterrupt

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(self.deadlines, "escalate", killed)
            try:
                self.ticker.tick()
            except KeyboardInterrupt:
                assert self._told() == before

    @invariant()
    def all_is_as_the_model_has_it(self) -> None:
        with self.database.reading() as session:
            found = self.deadlines.of(session, SUBJECTS)
        states = [(one.subject, one.started_at, one.state) for one in found]
        assert states == [
            (subject, run.started, run.state) for subject in SUBJECTS for run in self.runs[subject]
        ]
        runs = [run for subject in SUBJECTS for run in self.runs[subject]]
        told = self._told()
        assert [told.get(one.deadline_id, []) for one in found] == [run.told for run in runs]

    def _told(self) -> dict[str, list[tuple[int, str]]]:
        told: dict[str, list[tuple[int, str]]] = {}
        with self.database.reading() as session:
            for one in self.deadlines.escalations(session, SUBJECTS):
                told.setdefault(one.deadline_id, []).append((one.level, one.area))
        return told


def test_each_level_hears_once_what_it_has_to_hear(centre_database: Database) -> None:
    machine = type("Here", (Watched,), {"database": centre_database})
    phases = list(Phase) if LONG else [Phase.explicit, Phase.generate]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=effort(15, 1_000),
            stateful_step_count=effort(15, 50),
            deadline=None,
            derandomize=not LONG,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        ),
    )
