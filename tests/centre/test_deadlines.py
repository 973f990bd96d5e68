"""Deadlines: due in legal time, told to each level once, whatever happens to the clock."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from graphrisk.centre.deadlines.model import State, Term
from graphrisk.centre.deadlines.rules import shipped_terms
from graphrisk.centre.deadlines.service import DeadlineClock, Deadlines
from graphrisk.centre.deadlines.tables import DeadlineRow, EscalationRow
from graphrisk.centre.units import Units, read_units
from graphrisk.core.calendar import HOUR_MS, read_span
from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import ConfigError
from graphrisk.store.operations import jobs
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.outbox import read_after, relay
from tests.centre.factory import AREA, CALENDAR, MONDAY, UNITS, moment
from tests.effort import effort

TERM = Term("reply", "答复", "Reply", read_span("24 hours"), read_span("2 hours"))
DAY = 24 * HOUR_MS


@dataclass
class Watch:
    """Deadlines of a database, and their clock."""

    database: Database
    clock: ManualClock

    def __post_init__(self) -> None:
        self.deadlines = Deadlines(CALENDAR, UNITS)
        self.ticker = DeadlineClock(self.database, self.deadlines, self.clock)

    def start(self, subject: str, term: Term = TERM, area: str = AREA) -> None:
        with self.database.session() as session:
            self.deadlines.start(session, subject, term, area, self.clock.now)

    def end(self, subject: str) -> None:
        with self.database.session() as session:
            self.deadlines.end(session, subject, [TERM.name], self.clock.now)

    def state(self, subject: str) -> State:
        with self.database.reading() as session:
            *_, last = self.deadlines.of(session, [subject])
            return last.state

    def told(self, subject: str) -> list[tuple[int, str, str]]:
        with self.database.reading() as session:
            found = self.deadlines.escalations(session, [subject])
            return [(one.level, one.area, one.unit) for one in found]

    def at(self, ms: int) -> int:
        self.clock.now = ms
        return self.ticker.tick()


@pytest.fixture
def watch(centre_database: Database) -> Watch:
    return Watch(centre_database, ManualClock(MONDAY))


def test_each_level_is_told_once_from_the_township_up(watch: Watch) -> None:
    watch.start("s")
    assert watch.at(MONDAY + DAY - 1) == 0
    assert watch.at(MONDAY + DAY) == 1
    assert watch.at(MONDAY + DAY) == 0
    assert watch.told("s") == [(1, "350206001", "township-desk")]
    assert watch.at(MONDAY + DAY + 2 * HOUR_MS) == 1
    assert watch.told("s")[-1] == (2, "350206", "huli-desk")
    assert watch.at(MONDAY + 30 * DAY) == 2, "a clock that stood still tells all that are behind"
    assert watch.told("s")[2:] == [(3, "3502", "3502"), (4, "35", "35")]
    assert watch.at(MONDAY + 90 * DAY) == 0
    with watch.database.session() as session:
        relay(session)
        events = read_after(session, 0)
    assert [one.payload["level"] for one in events] == [1, 2, 3, 4]
    assert {one.payload["due_at"] for one in events[:1]} == {MONDAY + DAY}


@pytest.mark.parametrize(("late", "state"), [(-1, State.MET), (0, State.MISSED), (5, State.MISSED)])
def test_what_is_done_in_time_tells_nobody(watch: Watch, late: int, state: State) -> None:
    watch.start("s")
    watch.clock.now = MONDAY + DAY + late
    watch.end("s")
    assert watch.state("s") is state
    assert watch.at(MONDAY + 9 * DAY) == 0
    assert watch.told("s") == []


def test_one_that_runs_goes_on_and_one_that_ended_begins_anew(watch: Watch) -> None:
    watch.start("s")
    watch.clock.now = MONDAY + HOUR_MS
    watch.start("s")
    assert watch.at(MONDAY + DAY) == 1
    watch.end("s")
    watch.start("s")
    assert watch.at(MONDAY + DAY + 2 * HOUR_MS) == 0
    assert watch.at(MONDAY + 2 * DAY) == 1


def test_a_suspended_one_rests_and_is_due_as_before(watch: Watch) -> None:
    watch.start("s")
    with watch.database.session() as session:
        watch.deadlines.suspend(session, "s")
    assert watch.at(MONDAY + 3 * DAY) == 0
    with watch.database.session() as session:
        watch.deadlines.resume(session, "s")
    assert watch.at(MONDAY + 3 * DAY) == 4


@pytest.mark.parametrize(
    ("area", "levels"),
    [("35", ["35"]), ("3502", ["35"]), ("350206", ["3502", "35"]), (AREA + "G01", 5)],
)
def test_levels_follow_from_the_area(watch: Watch, area: str, levels: list[str] | int) -> None:
    watch.start("s", area=area)
    watch.at(MONDAY + 30 * DAY)
    told = [one[1] for one in watch.told("s")]
    assert told == levels or len(told) == levels


def test_the_shipped_terms_end_in_legal_time(watch: Watch) -> None:
    friday = moment("2026-09-25 16:30")  # the Friday is Mid-Autumn: a holiday
    watch.clock.now = friday
    for term in shipped_terms().values():
        watch.start("s", term)
    with watch.database.reading() as session:
        due = {one.name: one.due_at for one in watch.deadlines.of(session, ["s"])}
    assert due == {
        "acceptance": moment("2026-09-29 09:00"),
        "approval": friday + 2 * HOUR_MS,
        "handling": moment("2026-10-11 00:00"),  # Saturday 10 October is worked
        "opening": moment("2026-09-29 00:00"),
        "review": friday + 24 * HOUR_MS,
    }


class _Killed(BaseException):
    """The process is gone."""


class _Dying(Deadlines):
    """Deadlines of a process that is killed at random, between one row and the next."""

    def __init__(self, chance: float, seed: int) -> None:
        super().__init__(CALENDAR, UNITS)
        self._random, self._chance = random.Random(seed), chance

    def escalate(self, session: Session, row: DeadlineRow, now_ms: int) -> int:
        told = super().escalate(session, row, now_ms)
        session.flush()
        if self._random.random() < self._chance:
            raise _Killed
        return told


@dataclass
class _Matter:
    """What the year has in store for a matter."""

    name: str
    area: str
    begins: int
    ends: int | None


def _expected(matter: _Matter, ticks: list[int]) -> list[int]:
    """Levels that must have been told: due at a tick, while the matter was not done."""
    areas = [9, 6, 4, 2] if len(matter.area) == 12 else [4, 2]
    due, told = matter.begins + DAY, []
    for level in range(1, len(areas) + 1):
        seen = next((tick for tick in ticks if tick >= due), None)
        if seen is None or (matter.ends is not None and matter.ends <= seen):
            break
        told.append(level)
        due += 2 * HOUR_MS
    return told


def test_a_year_of_matters_and_kills_misses_none_and_tells_nobody_twice(watch: Watch) -> None:
    seed, count = random.SystemRandom().randrange(1 << 30), effort(600, 100_000)
    chosen = random.Random(seed)
    matters = []
    for n in range(count):
        begins = MONDAY + chosen.randrange(360 * DAY)
        ends = None if chosen.random() < 0.2 else begins + chosen.randrange(3 * DAY)
        matters.append(_Matter(f"m{n}", chosen.choice((AREA, "350206")), begins, ends))
    waiting = deque(sorted(matters, key=lambda one: one.begins))
    done = (one for one in matters if one.ends is not None)
    ending = deque(sorted(done, key=lambda one: one.ends or 0))
    ticker = DeadlineClock(watch.database, _Dying(0.02, seed), watch.clock)
    with watch.database.session() as session:
        jobs.repeat(session, "deadlines", "deadlines", HOUR_MS, MONDAY)
    ticks, kills = [], 0
    while watch.clock.now < MONDAY + 366 * DAY:
        watch.clock.advance(chosen.randrange(12 * HOUR_MS, 5 * DAY))
        with watch.database.session() as session:
            while waiting and waiting[0].begins <= watch.clock.now:
                one = waiting.popleft()
                watch.deadlines.start(session, one.name, TERM, one.area, one.begins)
            while ending and (ending[0].ends or 0) <= watch.clock.now:
                one = ending.popleft()
                watch.deadlines.end(session, one.name, [TERM.name], one.ends or 0)
            job = jobs.claim(session, "clock", watch.clock.now, 1)
        assert job is not None, "a job whose worker was killed is due again"
        try:
            ticker.tick()
        except _Killed:
            kills += 1
            continue
        with watch.database.session() as session:
            jobs.finish(session, job, watch.clock.now)
            late = (DeadlineRow.state == "running", DeadlineRow.next_at <= watch.clock.now)
            behind = select(func.count()).select_from(DeadlineRow).where(*late)
            assert session.execute(behind).scalar_one() == 0, f"seed {seed}"
        ticks.append(watch.clock.now)
    assert kills
    with watch.database.reading() as session:
        rows = session.execute(
            select(DeadlineRow.subject, EscalationRow.level).join(EscalationRow)
        ).all()
        missed = session.execute(
            select(DeadlineRow.subject).where(DeadlineRow.state == "missed")
        ).scalars()
        late_ones = set(missed)
    told: dict[str, list[int]] = {}
    for subject, level in rows:
        told.setdefault(subject, []).append(level)
    for one in matters:
        # A kill after some batches leaves these told: at least what whole ticks tell, none twice.
        levels = sorted(told.get(one.name, []))
        assert levels == list(range(1, len(levels) + 1)), f"seed {seed}: {one}"
        assert len(levels) >= len(_expected(one, ticks)), f"seed {seed}: {one}"
        was_late = one.ends is not None and one.ends >= one.begins + DAY
        assert (one.name in late_ones) == was_late, f"seed {seed}: {one}"


_CLOCK = """
import sys
from graphrisk.centre.deadlines.service import DeadlineClock, Deadlines
from graphrisk.centre.units import Units
from graphrisk.core.calendar import Calendar
from graphrisk.core.clock import ManualClock
from graphrisk.store.operations.database import Database
deadlines, now = Deadlines(Calendar(), Units()), ManualClock(int(sys.argv[2]))
clock = DeadlineClock(Database(sys.argv[1]), deadlines, now)
print("on", flush=True)
print(clock.tick(), flush=True)
"""


def test_a_killed_process_leaves_nothing_half_told(watch: Watch, shared_url: str) -> None:
    count = effort(120, 6_000)
    with watch.database.session() as session:
        for n in range(count):
            watch.deadlines.start(session, f"m{n}", TERM, AREA, MONDAY)
    now = MONDAY + 30 * DAY
    command = [sys.executable, "-c", _CLOCK, shared_url, str(now)]
    for n in range(effort(2, 20)):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.01 * n)
            process.send_signal(signal.SIGKILL)
    watch.at(now)
    with watch.database.session() as session:
        pairs = session.execute(select(EscalationRow.deadline_id, EscalationRow.level)).all()
        relay(session, 10 * count)
        events = read_after(session, 0, 10 * count)
    assert len(set(pairs)) == len(pairs) == 4 * count
    assert len(events) == 4 * count, "each level has its event, and one only"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- {unit: a, zh: 甲, en: A}", "has unit, zh, en and area"),
        ("- {unit: a, zh: 甲, en: A, area: 350206}", "text in quotes"),
        ("- {unit: A b, zh: 甲, en: A, area: '350206'}", "short name"),
        ("- {unit: a, zh: 甲, en: A, area: '35020'}", "area a code"),
        ("- {unit: a, zh: 甲, en: A, area: '35'}\n- {unit: a, zh: 乙, en: B, area: '36'}", "twice"),
        ("a: 1", "a list of units"),
        ("- [", "not YAML"),
    ],
)
def test_a_faulty_list_of_units_is_refused_by_name(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "units.yaml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=r"units\.yaml") as refused:
        read_units(file)
    assert told in str(refused.value)


def test_the_unit_of_the_longest_prefix_answers(tmp_path: Path) -> None:
    file = tmp_path / "units.yaml"
    file.write_text("- {unit: city, zh: 市中心, en: City desk, area: '3502'}\n")
    units = read_units(file)
    assert units.responsible(AREA).unit == "city"
    assert units.responsible("3501").unit == "3501"
    assert Units().responsible(AREA).en == f"unit of {AREA}"
