"""Ends a process that was asked to by a signal."""

from __future__ import annotations

import signal
import time

_STEP_SECONDS = 0.1


class Stopping:
    """Whether SIGTERM or SIGINT came; for the main thread.

    A handler may interrupt any line, so it takes no lock: ``threading.Event.set`` would wait for
    ever for the one that an interrupted ``wait`` holds.
    """

    def __init__(self) -> None:
        self.is_set = False

    def listen(self) -> None:
        """Take both signals from now on."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.set())

    def set(self) -> None:
        """Ask the process to end."""
        self.is_set = True

    def wait(self, seconds: float) -> bool:
        """Sleep for so long, or until it was asked; whether it was."""
        until = time.monotonic() + seconds
        while not self.is_set and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, _STEP_SECONDS))
        return self.is_set
