"""Decisions on cases that follow from their values alone."""

from __future__ import annotations

from functools import cache
from typing import Final

from graphrisk.centre.cases.model import CaseState
from graphrisk.core.calendar import HOUR_MS
from graphrisk.core.machine import Machine
from graphrisk.core.machine_table import shipped_machine

#: How long a lock holds without being renewed.
LOCK_MS: Final = 8 * HOUR_MS
#: What nobody but the holder does while a case is held.
HOLDERS_ALONE: Final = frozenset(
    {"renew", "release", "attach", "detach", "merge", "absorb", "split", "close"}
)
LONGEST_TITLE: Final = 200
LONGEST_TEXT: Final = 4_000


@cache
def case_machine() -> Machine:
    """The table of cases (``case.yaml``)."""
    return shipped_machine(__package__, "case")


def state_at(state: str, held_until: int | None, now_ms: int) -> CaseState:
    """Where a case stands now: held only while the lock holds.

    >>> state_at("held", 1_000, 999), state_at("held", 1_000, 1_000)
    (<CaseState.HELD: 'held'>, <CaseState.OPEN: 'open'>)
    """
    found = CaseState(state)
    if found is CaseState.HELD and (held_until is None or held_until <= now_ms):
        return CaseState.OPEN
    return found


def number_of(area: str, year: int, place: int) -> str:
    """What people call a case: county (or what there is of it), year, place.

    >>> number_of("350206001002", 2026, 17)
    '350206-2026-000017'
    """
    return f"{area[:6]}-{year}-{place:06}"
