"""Volunteers who take tasks together: for points alone, or because they work together."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth.camouflage import HIJACKED, Members, kept, named
from graphrisk_loaders.synth.everyday import MONTH, talk
from graphrisk_loaders.synth.model import DAY, MINUTE, NONE, City, IntArray, Ring
from graphrisk_loaders.synth.people import Population
from graphrisk_loaders.synth.reviews import praise
from graphrisk_loaders.synth.volunteers import (
    delays,
    efforts,
    grab,
    joining,
    new_photos,
    still_wanted,
)

_SECOND = 1000
#: By level: how many of the group take part each time, and within how many seconds.
_PRESENT = (1.0, 0.9, 0.8, 0.7)
_WITHIN = (4, 12, 25, 50)
_QUICKER = 3  # than everybody else, so many times; the first of two tasks had to wait
_SOON = 30  # minutes between two tasks that are taken in one go


def collusive_volunteers(city: City, people: Population, level: int) -> None:
    """Farmers of points: take two tasks at a time, in two places, all within seconds.

    They sell praise as well: all review the same shops within minutes, or days at level 3.
    Up to level 2 they joined for it, brought by the first of them or one by another.
    """
    rng, size = city.volunteer_rng, int(city.volunteer_rng.integers(4, 9))
    if level >= HIJACKED:
        accused = np.isin(city.volunteers.column("person"), list(city.offenders()))
        members = rng.permutation(np.flatnonzero(~accused))[:size]
    else:
        members = _recruits(city, people, level, size)
    size = len(members)
    first, second = _pairs_of_tasks(city, size, int(rng.integers(3, 5)) * city.days // MONTH)
    go, who = np.nonzero(rng.random((len(first), size)) < _PRESENT[level])
    published = city.tasks.column("at")
    began = published[second] + delays(city, len(second)) // _QUICKER
    bare = level == 0
    for pause, tasks in ((0, first), (MINUTE, second)):
        at = began[go] + pause + rng.integers(0, _WITHIN[level] * _SECOND, len(go))
        effort = rng.integers(2 * MINUTE, 6 * MINUTE, len(go)) if bare else efforts(city, len(go))
        photo = new_photos(city, len(first))[go] if bare else new_photos(city, len(go))
        grab(city, members[who], tasks[go], at, effort, photo)
    praise(city, people, city.volunteers.column("person")[members], level)
    ring = kept(_named(city, members))
    city.rings.append(Ring("collusive_volunteers", level, city.start, city.end, 0, ring))


def _recruits(city: City, people: Population, level: int, size: int) -> IntArray:
    others = people.others(city.volunteers.column("person"))
    number = len(city.volunteers) + np.arange(size)
    by = number - 1 if level > 1 else np.full(size, number[0])
    by[0] = NONE
    joined = joining(city, size)
    if level == 0:
        joined = city.start - city.volunteer_rng.integers(3, 10, size) * DAY
    persons = city.volunteer_rng.choice(others, size, replace=False)
    return city.volunteers.add(person=persons, joined=np.sort(joined), inviter=by)


def _pairs_of_tasks(city: City, size: int, count: int) -> tuple[IntArray, IntArray]:
    """Tasks that want the whole group, each with the next such one, published soon after it."""
    roomy = np.flatnonzero(still_wanted(city) >= size)
    gaps = np.diff(city.tasks.column("at")[roomy])
    soon = np.flatnonzero(gaps < _SOON * MINUTE)[::2]
    first = city.volunteer_rng.choice(soon, min(count, len(soon)), replace=False)
    return roomy[first], roomy[first + 1]


def task_team(city: City, people: Population) -> None:
    """Neighbours who agree on the phone, take one task near home at once and do it together."""
    rng, size = city.volunteer_rng, int(city.volunteer_rng.integers(4, 9))
    person = city.volunteers.column("person")
    cell = city.persons.column("cell")[person]
    honest = np.flatnonzero(np.isin(person, people.adults))
    by_home = honest[np.argsort(cell[honest], kind="stable")]
    first = int(rng.integers(0, len(by_home) - size + 1))
    team = by_home[first : first + size]
    near = np.isin(city.tasks.column("cell"), np.unique(cell[team])[:, None] + np.arange(-8, 9))
    roomy = np.flatnonzero(near & (still_wanted(city) >= size))
    day = (city.tasks.column("at")[roomy] - city.start) // DAY
    _, chosen = np.unique(np.where(day % 2, NONE, day), return_index=True)  # every other day
    chosen = chosen[day[chosen] % 2 == 0]
    count = min(int(rng.integers(8, 15)) * city.days // MONTH, len(chosen))
    task = roomy[rng.choice(chosen, count, replace=False)]
    go, who = np.nonzero(rng.random((count, size)) < _PRESENT[2])
    began = city.tasks.column("at")[task] + delays(city, count)
    at = began[go] + rng.integers(0, _WITHIN[2] * _SECOND, len(go))
    effort = efforts(city, count)[go] + rng.integers(0, 3 * MINUTE, len(go))
    grab(city, team[who], task[go], at, effort, new_photos(city, len(go)))
    phones = people.phone_of[rng.choice(person[team], (2, 6 * size))]
    talk(city, phones[0], phones[1], city.moments(6 * size), 90.0)
    city.honest("task_team", Person=person[team], Volunteer=team)


def _named(city: City, members: IntArray) -> Members:
    persons = city.volunteers.column("person")[members]
    return [
        member
        for kind, numbers in (("Person", persons), ("Volunteer", members))
        for member in (
            *named(kind, numbers[:1], "organiser"),
            *named(kind, numbers[1:], "member"),
        )
    ]
