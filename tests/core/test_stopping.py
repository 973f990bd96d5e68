"""A signal ends the wait that it interrupts, wherever it comes."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from graphrisk.core.stopping import Stopping


@pytest.fixture
def stopping() -> Iterator[Stopping]:
    """One that listens; the handlers of before come back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    found = Stopping()
    found.listen()
    yield found
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_wait(stopping: Stopping, number: signal.Signals) -> None:
    assert not stopping.wait(0)
    signal.raise_signal(number)
    assert stopping.wait(5), "without the signal it would sleep, and tell so"
