"""Memory of a command with all it starts: proportional set sizes, sampled while it runs."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_EVERY_SECONDS = 0.1


@contextmanager
def watched(process: subprocess.Popen[str]) -> Iterator[Callable[[], float]]:
    """Yields a function that tells the most megabytes seen at once within the block."""
    most = [0.0]
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(_EVERY_SECONDS):
            most[0] = max(most[0], sum(map(_proportional, _tree(process.pid))) / 1e6)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield lambda: most[0]
    finally:
        ended.set()
        watcher.join()


def _tree(pid: int) -> Iterator[int]:
    """The process and all below it."""
    yield pid
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return
    for child in below.split():
        yield from _tree(int(child))


def _proportional(pid: int) -> int:
    """Bytes of a process, pages shared with others counted in part; 0 when it is gone."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    pss = next((line for line in text.splitlines() if line.startswith("Pss:")), "Pss: 0 kB")
    return int(pss.split()[1]) * 1_024
