"""Clocks tell milliseconds; one stands still until moved."""

from __future__ import annotations

import time

from graphrisk.core.clock import BEGIN, OPEN, ManualClock, SystemClock


def test_the_system_clock_tells_the_present() -> None:
    before = int(time.time() * 1000)
    assert before <= SystemClock().now_ms() <= int(time.time() * 1000) + 1


def test_a_manual_clock_moves_when_told() -> None:
    clock = ManualClock(5)
    clock.advance(7)
    assert (clock.now_ms(), clock.now_ms()) == (12, 12)
    assert BEGIN < -(10**15) < 10**15 < OPEN
