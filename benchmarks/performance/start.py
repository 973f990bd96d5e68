"""What a newcomer waits for: the help and the demo."""

from __future__ import annotations

import os
import resource
import subprocess
import sys

from benchmarks.performance.work import Work, stopwatch


def measure(work: Work) -> None:
    """Help and demo in turns."""
    for number in range(work.rounds):
        with stopwatch() as seconds:
            _run(work, "--help")
        work.add("help", seconds())
        home = work.folder / f"home-{number}"
        with stopwatch() as seconds:
            _run(work, "demo", "--check", "--json", "--folder", str(home))
        work.add("demo", seconds())
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        work.add("memory", peak / 1_000)


def _run(work: Work, *words: str) -> None:
    command = [sys.executable, "-m", "graphrisk.cli", *words]
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("GRAPHRISK_")}
    done = subprocess.run(
        command, cwd=work.folder, env=inherited, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2_000:]
