"""A job's process, seen from the worker."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Final

_STOP_SECONDS: Final = 3
_TOLD_BYTES: Final = 4096


class Child:
    """A started process; what it says goes to a file, whose last line tells how it went.

    ``OSError`` when it cannot be started.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        with ExitStack() as opened:
            self._said = opened.enter_context(tempfile.TemporaryFile())
            self._process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=self._said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            opened.pop_all()  # started: the file lives as long as the process

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def exit_code(self) -> int | None:
        """``None`` while it runs; negative when a signal ended it."""
        return self._process.poll()

    def last_line(self) -> str:
        """The last line it said; empty when it said nothing."""
        end = self._said.seek(0, 2)
        self._said.seek(max(0, end - _TOLD_BYTES))
        lines = self._said.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""

    def stop(self) -> None:
        """End it if it runs, politely, then not; what it said is gone."""
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._said.close()
