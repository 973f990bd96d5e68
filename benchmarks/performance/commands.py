"""The product's commands in processes of their own, with the memory that they take."""

from __future__ import annotations

import os
import subprocess
import sys

from benchmarks.performance.memory import watched
from benchmarks.performance.work import Work


def run(work: Work, *words: str) -> float:
    """Run a command without settings; the most megabytes that it took with all it started."""
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
