"""When which level is told of a missed deadline: pure decisions over legal time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, cast

import yaml

from graphrisk.centre.deadlines.model import Term
from graphrisk.core.calendar import Calendar, Span, read_span

#: Digits of an area code that name a level: village, township, county, city, province.
LEVELS: Final = (12, 9, 6, 4, 2)


@cache
def shipped_terms() -> Mapping[str, Term]:
    """The terms of this release by name (``terms.yaml``)."""
    text = files(__package__).joinpath("terms.yaml").read_text(encoding="utf-8")
    said = cast("dict[str, dict[str, Any]]", yaml.safe_load(text))
    return MappingProxyType(
        {
            name: Term(name, one["zh"], one["en"], read_span(one["term"]), read_span(one["pause"]))
            for name, one in said.items()
        }
    )


def told_area(area: str, level: int) -> str | None:
    """Prefix of the area that the ``level``-th escalation goes to; ``None`` when all were told.

    The first goes to the smallest level that contains the area's own, then one up each time. A
    province has none above it: it is told itself, so that nothing is missed silently.

    >>> [told_area("350203001001", level) for level in range(1, 6)]
    ['350203001', '350203', '3502', '35', None]
    >>> told_area("3502", 1), told_area("35", 1), told_area("35", 2)
    ('35', '35', None)
    """
    above = [digits for digits in LEVELS if digits < len(area)] or [len(area)]
    return area[: above[level - 1]] if level <= len(above) else None


def shared_area(areas: Sequence[str]) -> str:
    """The area that the one deadline of several areas runs for: first told is who answers for all.

    Areas of two provinces have no such level: the first one's province is told.

    >>> shared_area(["350203001"]), shared_area(["350203001", "350206"])
    ('350203001', '350203')
    >>> shared_area(["3502", "350203"])
    '3502'
    """
    first = min(areas)
    parting = (n for n in sorted(LEVELS) if any(one[:n] != first[:n] for one in areas))
    return first[: next(parting, len(first))]


def next_time(area: str, level: int, fell_due: int, pause: Span, calendar: Calendar) -> int | None:
    """When the level after ``level`` is told; ``None`` when there is none.

    Counted from when ``level`` fell due, not from when it was told: which levels must have been
    told at a moment follows from that moment alone, however long the clock stood still.
    """
    if told_area(area, level + 1) is None:
        return None
    return calendar.after(fell_due, pause).at
