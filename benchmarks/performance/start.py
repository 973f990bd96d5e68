"""What a newcomer waits for: the help and the demo."""

from __future__ import annotations

from benchmarks.performance.commands import run
from benchmarks.performance.work import Work, stopwatch


def measure(work: Work) -> None:
    """Help and demo in turns."""
    for number in range(work.rounds):
        with stopwatch() as seconds:
            run(work, "--help")
        work.add("help", seconds())
        home = work.folder / f"home-{number}"
        with stopwatch() as seconds:
            most = run(work, "demo", "--check", "--json", "--folder", str(home))
        work.add("demo", seconds())
        work.add("memory", most)
