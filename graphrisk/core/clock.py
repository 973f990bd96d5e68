"""Time, as int64 epoch milliseconds UTC, always handed in, never taken from the wall.

``SystemClock`` is the only place of the service that asks the operating system for the time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

#: Largest int64: "not ended", "still believed". Intervals are half-open ``[from, to)``.
OPEN = 2**63 - 1
#: "Since ever": the state held before anybody recorded when it began.
BEGIN = -(2**63) + 1


class Clock(Protocol):
    """Tells the present as epoch milliseconds UTC."""

    def now_ms(self) -> int:
        """The present, in epoch milliseconds UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now_ms(self) -> int:
        """The present, in epoch milliseconds UTC."""
        return time.time_ns() // 1_000_000


@dataclass
class ManualClock:
    """A clock that stands still until it is moved: tests, rehearsals, replays."""

    now: int = 0

    def now_ms(self) -> int:
        """The time this clock was last set to."""
        return self.now

    def advance(self, ms: int) -> None:
        """Move the clock by ``ms`` milliseconds."""
        self.now += ms
