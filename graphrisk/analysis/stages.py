"""How long each stage of a run took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stages:
    """Seconds by stage, in the order in which they ended."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Time what is done within; two of a name are added up."""
        started = time.perf_counter()
        try:
            yield
        finally:
            passed = self.seconds.get(name, 0.0) + time.perf_counter() - started
            self.seconds[name] = round(passed, 3)
