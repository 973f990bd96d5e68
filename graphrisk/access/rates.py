"""How much one principal may ask in a minute: an allowance that refills all the time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from threading import Lock

from graphrisk.core.clock import Clock
from graphrisk.core.errors import LimitExceeded

_MINUTE_MS = 60_000
#: So many are remembered before those who have long been quiet are forgotten.
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of an allowance.

    Attributes:
        limit: Units a minute.
        remaining: Whole units that could be asked for now.
        reset_seconds: Until the allowance is whole again.
    """

    limit: int
    remaining: int
    reset_seconds: int


class Rates:
    """Allowances of one process, each as large as what refills it in a minute.

    Args:
        clock: Tells when units come back.
        per_minute: Units of each principal.
        unit: What one unit is, for people: "look-ups".
    """

    def __init__(self, clock: Clock, per_minute: int, unit: str) -> None:
        self._clock = clock
        self._limit = per_minute
        self._unit = unit
        self._held: dict[str, tuple[float, int]] = {}  # units left, when
        self._lock = Lock()

    def take(self, who: str, units: int) -> Left:
        """Take units of somebody's allowance.

        Raises:
            LimitExceeded: So many are not left; nothing was taken. It tells when they will be.
        """
        with self._lock:
            now = self._clock.now_ms()
            left = self._now(who, now)
            if units > left:
                wait = math.ceil((units - left) * 60 / self._limit)
                raise LimitExceeded(
                    f"at most {self._limit:,} {self._unit} a minute: again in {wait} s",
                    retry_after_seconds=wait if units <= self._limit else None,
                )
            if len(self._held) > _REMEMBERED:
                self._forget(now)
            self._held[who] = (left - units, now)
            return self._left(left - units)

    def _now(self, who: str, now: int) -> float:
        left, at = self._held.get(who, (float(self._limit), now))
        return min(left + max(now - at, 0) * self._limit / _MINUTE_MS, float(self._limit))

    def _left(self, units: float) -> Left:
        reset = math.ceil((self._limit - units) * 60 / self._limit)
        return Left(self._limit, int(units), reset)

    def _forget(self, now: int) -> None:
        """Whose allowance is whole again is as good as unknown."""
        self._held = {
            name: one for name, one in self._held.items() if self._now(name, now) < self._limit
        }
