"""What somebody asks to have done, and what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Order:
    """Who wants something done to what, why, and under which client-made id.

    The same id with the same words once more changes nothing and answers as the first time;
    without one, each order is another.
    """

    subject: str  # id of the case or measure
    author: str
    reason: str = ""
    step_id: str | None = None  # a UUID that the client made


@dataclass(frozen=True, slots=True)
class Entry:
    """A step in a timeline. Numbers grow with time and are not given twice."""

    number: int
    step_id: str
    subject: str  # the case itself, or one of its measures
    action: str
    before: str
    after: str
    author: str
    reason: str  # free words of the author: personal
    at: int  # epoch ms UTC
    detail: Mapping[str, object]  # ids, units, terms; nothing personal
