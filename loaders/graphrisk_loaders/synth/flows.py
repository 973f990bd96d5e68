"""Laundering flows: the shapes of AMLworld (arXiv 2306.16424) other than the cycle.

========== ====================================================================================
fan-in     several pay one
fan-out    one pays several
scatter-   one pays several, who all pay another one
gather
gather-    several pay one, who pays several others
scatter
bipartite  several each pay some of several others
stack      bipartite twice: what the second layer gets goes on to a third
random     a sum wanders, in parts, among a few accounts
========== ====================================================================================

Whoever passes money on does so within hours and keeps a fee. One flow in four has no order in
time: the same transfers, at any moment of its days, paid from what the accounts held before.
"""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth.camouflage import (
    HIJACKED,
    camouflage,
    kept,
    named,
    ring_accounts,
    window,
)
from graphrisk_loaders.synth.everyday import pay
from graphrisk_loaders.synth.model import DAY, HOUR, MINUTE, City, IntArray, Ring
from graphrisk_loaders.synth.parameters import Between
from graphrisk_loaders.synth.people import Population

SHAPES = (
    "fan_in",
    "fan_out",
    "scatter_gather",
    "gather_scatter",
    "bipartite",
    "stack",
    "random",
)
_IN_ORDER = 0.75
_ONE, _LAST = np.array([0]), np.array([1000])  # places, beside those from 1 up of the broad side
_OTHERS, _THIRD = 2000 + np.arange(7), 3000 + np.arange(4)
_PAYEES = 3  # of each payer of a bipartite layer, at most
Stage = tuple[IntArray, IntArray]  # who pays whom, by place within the flow


def laundering_flow(city: City, people: Population, level: int) -> None:
    """A flow of a shape drawn at random, run two to four times over some days."""
    rng = city.rng
    shape = str(rng.choice(SHAPES))
    in_order = bool(rng.random() < _IN_ORDER)
    stages = _stages(rng, shape, city.sizes.flow)
    size = 1 + max(int(stage[end].max()) for stage in stages for end in (0, 1))
    holders = rng.choice(people.adults, size, replace=False)
    accounts = ring_accounts(city, people, level, holders)
    runs = int(rng.integers(2, 5))
    days = min(4 * runs, city.days - 3)
    started = window(city, days)
    total = 0
    for run in range(runs):
        began = started + int(run * days / runs * DAY) + int(rng.integers(8, 14)) * HOUR
        total += _run(city, accounts, stages, began, level, in_order)
    camouflage(city, people, level, np.empty(0, np.int64), accounts)
    pays = np.isin(np.arange(size), np.concatenate([src for src, _ in stages]))
    gets = np.isin(np.arange(size), np.concatenate([dst for _, dst in stages]))
    members = [
        *named("Account", accounts[pays & ~gets], "feeder"),
        *named("Account", accounts[pays & gets], "passer"),
        *named("Account", accounts[gets & ~pays], "collector"),
        *named("Person", holders, "holder"),
    ]
    told = shape if in_order else f"{shape}_any_order"
    ended = started + days * DAY
    city.rings.append(Ring("laundering_flow", level, started, ended, total, kept(members), told))


def _stages(rng: np.random.Generator, shape: str, side: Between) -> list[Stage]:
    """Who pays whom, stage by stage; places without a part in it are left out."""
    some = 1 + np.arange(rng.integers(side[0], side[1] + 1))
    stages = _drawn(rng, shape, some, _OTHERS)
    ends = np.concatenate([np.concatenate(stage) for stage in stages])
    places = np.unique(ends)
    return [(np.searchsorted(places, src), np.searchsorted(places, dst)) for src, dst in stages]


def _drawn(rng: np.random.Generator, shape: str, some: IntArray, others: IntArray) -> list[Stage]:
    if shape == "fan_in":
        return [_all_to_all(some, _ONE)]
    if shape == "fan_out":
        return [_all_to_all(_ONE, some)]
    if shape == "scatter_gather":
        return [_all_to_all(_ONE, some), _all_to_all(some, _LAST)]
    if shape == "gather_scatter":
        return [_all_to_all(some, _ONE), _all_to_all(_ONE, others)]
    if shape == "bipartite":
        return [_each_to_some(rng, some, others)]
    if shape == "stack":
        first = _each_to_some(rng, some[:3], others)
        return [first, _each_to_some(rng, np.unique(first[1]), _THIRD)]
    path = rng.integers(0, len(some), int(rng.integers(10, 18)))
    path = path[np.diff(path, prepend=-1) != 0]
    return [(path[[hop]], path[[hop + 1]]) for hop in range(len(path) - 1)]


def _all_to_all(src: IntArray, dst: IntArray) -> Stage:
    return np.repeat(src, len(dst)), np.tile(dst, len(src))


def _each_to_some(rng: np.random.Generator, src: IntArray, dst: IntArray) -> Stage:
    picked = [rng.choice(dst, min(_PAYEES, len(dst)), replace=False) for _ in src]
    return np.repeat(src, [len(one) for one in picked]), np.concatenate(picked)


def _run(
    city: City, accounts: IntArray, stages: list[Stage], began: int, level: int, in_order: bool
) -> int:
    """One run; the money that was put in, in fen."""
    rng, size = city.rng, len(accounts)
    entry = np.unique(stages[0][0])
    held, ready = np.zeros(size), np.full(size, began)
    held[entry] = rng.lognormal(9.3, 0.7) * 100 / len(entry)
    put_in = int(held.sum())
    slow = 3 if level >= HIJACKED else 1
    for src, dst in stages:
        weight = rng.uniform(0.7, 1.3, len(src))
        fen = (held[src] * (1 - rng.uniform(0.005, 0.03, size)[src]) * weight).astype(np.int64)
        fen = (fen / np.bincount(src, weight, size)[src]).astype(np.int64)
        at = ready[src] + rng.integers(10 * MINUTE, 150 * MINUTE * slow, len(src))
        moments = at if in_order else began + rng.integers(0, 3 * DAY, len(src))
        pay(city, accounts[src], accounts[dst], moments, fen)
        held[src] = 0
        np.add.at(held, dst, fen)
        np.maximum.at(ready, dst, at)
    return put_in
