"""What a newcomer waits for: the help and the demo."""

from __future__ import annotations

import os
import subprocess
import sys

from benchmarks.performance.memory import watched
from benchmarks.performance.work import Work, stopwatch


def measure(work: Work) -> None:
    """Help and demo in turns."""
    for number in range(work.rounds):
        with stopwatch() as seconds:
            _run(work, "--help")
        work.add("help", seconds())
        home = work.folder / f"home-{number}"
        with stopwatch() as seconds:
            most = _run(work, "demo", "--check", "--json", "--folder", str(home))
        work.add("demo", seconds())
        work.add("memory", most)


def _run(work: Work, *words: str) -> float:
    """Run a command; the most megabytes that it took with all it started."""
    command = [sys.executable, "-m", "graphrisk.cli", *words]
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("GRAPHRISK_")}
    with (
        subprocess.Popen(
            command,
            cwd=work.folder,
            env=inherited,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as process,
        watched(process) as most,
    ):
        _, said = process.communicate()
    assert process.returncode == 0, said[-2_000:]
    return most()
