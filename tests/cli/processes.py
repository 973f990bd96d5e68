"""Starts the command line as a process that goes on, and looks at its children."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def started(*words: str | Path, env: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """``graphrisk WORDS``; killed at the end if it still runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "graphrisk.cli", *map(str, words)],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def said(process: subprocess.Popen[str]) -> dict[str, Any]:
    """The JSON object on the next line of stdout."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.communicate()[1][-2000:]
    return dict(json.loads(line))


def children(pid: int) -> dict[str, int]:
    """Processes of ``graphrisk up`` by name."""
    found = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        words = Path(f"/proc/{child}/cmdline").read_text().split("\0")
        if "--only" in words:
            found[words[words.index("--only") + 1]] = int(child)
    return found


def are_gone(pids: Iterator[int] | list[int], seconds: float = 5) -> bool:
    """Whether all processes have ended within ``seconds``."""
    deadline = time.monotonic() + seconds
    alive = [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    while alive and time.monotonic() < deadline:
        time.sleep(0.05)
        alive = [pid for pid in alive if Path(f"/proc/{pid}").exists()]
    return not alive


def free_ports() -> dict[str, str]:
    """Two ports nobody listens on, as settings."""
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as other,
    ):
        ports = [str(server.getsockname()[1]) for server in (one, other)]
    return dict(zip(("GRAPHRISK_PORT", "GRAPHRISK_SCORES_PORT"), ports, strict=True))


def plain_environment() -> dict[str, str]:
    """The environment without settings of this service."""
    return {k: v for k, v in os.environ.items() if not k.startswith("GRAPHRISK_")}
