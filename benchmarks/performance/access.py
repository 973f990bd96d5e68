"""Decisions of access: asked of the policy, and remembered."""

from __future__ import annotations

from itertools import product

from benchmarks.performance.work import Work, stopwatch
from graphrisk.access import rights
from graphrisk.access.model import Principal, Scope
from graphrisk.access.purposes import PURPOSES

_AREAS = ("35", "3502", "350206", "350206005", "350206005001")
_PLACE = "350206005001007"  # within all of them


def measure(work: Work) -> None:
    """Every role at every level asks for every action and purpose, once and many times."""
    asked = [
        (Principal("li.wei", frozenset({role}), Scope((area,)), stated=purpose), action)
        for role, area, purpose, action in product(
            rights.ROLES, _AREAS, sorted(PURPOSES), sorted(rights.actions())
        )
    ]
    asked = asked[:: max(1, len(asked) // work.size("decisions of different kinds", 10_000))]
    for _ in range(work.rounds):
        rights._decided.cache_clear()
        work.add("decision-new", _each(asked))
        work.add("decision-known", _each(asked))


def _each(asked: list[tuple[Principal, str]]) -> float:
    """Microseconds a decision."""
    with stopwatch() as seconds:
        for principal, action in asked:
            rights.may(principal, action, _PLACE)
    return 1e6 * seconds() / len(asked)
