"""Volunteers and their tasks: the roll, what is published every day, who takes it when."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth.everyday import ranks
from graphrisk_loaders.synth.model import DAY, MINUTE, NONE, City, IntArray
from graphrisk_loaders.synth.people import Population

_PEOPLE_A_VOLUNTEER = 40
_FEWEST = 40
_PEOPLE_A_TASK = 500  # published a day
_INVITED = 0.5  # share of the volunteers whom another one brought
_TAKEN = 5.5  # mean number of takers of a task
_AT_HOME = 0.4  # share of the takers who live near
_NEAR = 8  # volunteers on either side in the order of the cells they live in
_SPREAD = 1.2  # of the logarithm of liveliness: some take tasks every day
_POINTS = np.array([10, 10, 20, 30])


def enrol(city: City, people: Population) -> None:
    """The roll, and the tasks of all days."""
    rng, count = city.volunteer_rng, max(len(city.persons) // _PEOPLE_A_VOLUNTEER, _FEWEST)
    joined = np.sort(joining(city, count))
    inviter = np.minimum(ranks(rng, count, count), np.arange(count) - 1)  # somebody who was there
    city.volunteers.add(
        person=rng.choice(people.adults, count, replace=False),
        joined=joined,
        inviter=np.where(rng.random(count) < _INVITED, np.maximum(inviter, NONE), NONE),
    )
    tasks = city.days * max(len(city.persons) // _PEOPLE_A_TASK, 3)
    city.tasks.add(
        cell=rng.choice(city.persons.column("cell"), tasks),
        at=np.sort(city.moments(tasks, rng)),
        wanted=rng.integers(2, 13, tasks),
        points=rng.choice(_POINTS, tasks),
    )


def joining(city: City, count: int) -> IntArray:
    """When volunteers joined: any day of the two years before."""
    return city.start - city.volunteer_rng.integers(1, 700, count) * DAY


def delays(city: City, count: int) -> IntArray:
    """How long after its publication a task is taken: minutes mostly, now and then hours."""
    return (city.volunteer_rng.lognormal(2.3, 1.2, count) * MINUTE).astype(np.int64)


def efforts(city: City, count: int) -> IntArray:
    """How long a task takes its taker, the way there included."""
    return (city.volunteer_rng.lognormal(4.0, 0.5, count) * MINUTE).astype(np.int64)


def grab(
    city: City, volunteer: IntArray, task: IntArray, at: IntArray, effort: IntArray, photo: IntArray
) -> None:
    """Volunteers take tasks, within the observed time."""
    kept = at < city.end
    city.grabs.add(
        volunteer=volunteer[kept],
        task=task[kept],
        at=at[kept],
        finished=(at + effort)[kept],
        photo=photo[kept],
    )


def still_wanted(city: City) -> IntArray:
    """How many volunteers may still take each task."""
    taken = np.bincount(city.grabs.column("task"), minlength=len(city.tasks))
    return city.tasks.column("wanted") - taken


def new_photos(city: City, count: int) -> IntArray:
    """Numbers of photos that nobody else has handed in."""
    city.photos += count
    return np.arange(city.photos - count, city.photos)


def everyday_grabs(city: City) -> None:
    """Volunteers take what is left, each by himself, lively ones far more, mostly near home.

    Those of a ring without camouflage take nothing but what the ring has them take.
    """
    rng, count = city.volunteer_rng, len(city.volunteers)
    cell = city.persons.column("cell")[city.volunteers.column("person")]
    bare = [one for ring in city.rings if not ring.level for one in ring.offenders("Volunteer")]
    awake = np.setdiff1d(np.arange(count), bare)
    lively = rng.lognormal(0.0, _SPREAD, count)
    left = still_wanted(city)
    task = np.repeat(np.arange(len(left)), np.minimum(rng.poisson(_TAKEN, len(left)), left))
    anybody = rng.choice(awake, len(task), p=lively[awake] / lively[awake].sum())
    by_home = awake[np.argsort(cell[awake], kind="stable")]
    place = np.searchsorted(cell[by_home], city.tasks.column("cell")[task])
    place = place + rng.integers(-_NEAR, _NEAR + 1, (2, len(task)))
    one, other = by_home[np.clip(place, 0, len(by_home) - 1)]
    near = np.where(lively[one] > lively[other], one, other)
    who = np.where(rng.random(len(task)) < _AT_HOME, near, anybody)
    held = city.grabs.column("task") * count + city.grabs.column("volunteer")
    task, who = np.divmod(np.setdiff1d(task * count + who, held), count)
    at = city.tasks.column("at")[task] + delays(city, len(task))
    grab(city, who, task, at, efforts(city, len(task)), new_photos(city, len(task)))
