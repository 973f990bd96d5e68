"""Volunteers and tasks built by hand: who takes what when, alone, in a team, or for the points."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tests.algorithms.towns import DAY, HOUR, START, Citizen, Town

MINUTE, SECOND = 60_000, 1_000


@dataclass
class Roll:
    """The town's volunteers (nodes), in the order in which they joined."""

    town: Town
    cells: list[int]
    volunteers: list[int] = field(default_factory=list)

    def join(self, citizen: Citizen, inviter: int | None = None) -> int:
        volunteer = self.town.node("Volunteer")
        self.town.edge("ENROLLED_AS", citizen.person, volunteer)
        if inviter is not None:
            self.town.edge("INVITED", inviter, volunteer)
        self.volunteers.append(volunteer)
        return volunteer

    def task(self, at: int, cell: int) -> int:
        task = self.town.node("Task", published_at=at)
        self.town.edge("LOCATED_IN", task, self.cells[cell % len(self.cells)])
        return task

    def grab(self, volunteer: int, task: int, at: int, minutes: int = 50) -> int:
        until = at + minutes * MINUTE
        return self.town.edge("GRABBED", volunteer, task, at=at, finished_at=until)


def everyday_volunteers(town: Town, citizens: list[Citizen], seed: int = 12) -> Roll:
    """Forty volunteers, six tasks a day; each taken by five, minutes after it was published."""
    rng = random.Random(seed)
    roll = Roll(town, [nid for nid, (kind, _) in enumerate(town.kinds) if kind == "GridCell"])
    for number, citizen in enumerate(rng.sample(citizens, 40)):
        roll.join(citizen, rng.choice(roll.volunteers) if number % 2 else None)
    for number in range(28 * 6):
        at = START + number // 6 * DAY + 8 * HOUR + rng.randrange(12 * HOUR)
        task = roll.task(at, rng.randrange(100))
        for volunteer in rng.sample(roll.volunteers, 5):
            roll.grab(volunteer, task, at + int(rng.lognormvariate(2.3, 1.2) * MINUTE))
    return roll


def task_team(roll: Roll, citizens: list[Citizen], seed: int = 13) -> None:
    """Six friends who take a task within seconds every other day, near home, and do it together.

    Two times each of them had an errand of his own to do elsewhere before.
    """
    rng = random.Random(seed)
    team = [roll.join(citizen) for citizen in citizens[:6]]
    for day in range(1, 28, 2):
        published = START + day * DAY + 10 * HOUR
        task = roll.task(published, 1)
        for volunteer in team:
            roll.grab(volunteer, task, published + 7 * MINUTE + rng.randrange(25 * SECOND))
            if day in (5, 15):
                errand = roll.task(published - HOUR, 2)
                roll.grab(volunteer, errand, published - HOUR // 2 + rng.randrange(HOUR // 3))


def race(roll: Roll, citizens: list[Citizen], times: int = 12) -> None:
    """Concert tickets for helpers: thirty take such a task within seconds, at work or not."""
    crowd = [roll.join(citizen) for citizen in citizens[:30]]
    for day in range(1, 2 * times, 2):
        published = START + day * DAY + 12 * HOUR
        for place in (1, 2):
            task = roll.task(published, place)
            for number, volunteer in enumerate(crowd):
                roll.grab(volunteer, task, published + place * 2 * MINUTE + number * SECOND)


def plant_collusive_volunteers(
    roll: Roll, citizens: list[Citizen], *, apart: bool = True, within: int = 20
) -> set[int]:
    """Five who take two tasks in one go, in two cells (or not ``apart``), seven times.

    The first brought the others. With the persons behind them.
    """
    rng = random.Random(14)
    first = roll.join(citizens[0])
    farmers = [first, *(roll.join(citizen, first) for citizen in citizens[1:5])]
    for go in range(7):
        published = START + (2 + 3 * go) * DAY + 9 * HOUR
        for step in range(2):
            task = roll.task(published + step * MINUTE, step * apart)
            at = published + (4 + 2 * step) * MINUTE
            for volunteer in farmers:
                roll.grab(volunteer, task, at + rng.randrange(within * SECOND))
    return {*farmers, *(citizen.person for citizen in citizens[:5])}
