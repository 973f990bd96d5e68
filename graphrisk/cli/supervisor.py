"""The three processes of a deployment, started and stopped together."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from graphrisk.access.sign_on import refuse_open_door
from graphrisk.core.errors import ConfigError, GraphRiskError
from graphrisk.core.ids import OpaqueIds
from graphrisk.core.processes import bound
from graphrisk.core.stopping import Stopping
from graphrisk.settings import Settings

_POLL_SECONDS = 0.1
_READY_SECONDS = 60
_STOP_SECONDS = 10


class Supervisor:
    """Starts processes with the same settings, waits, and stops all when one ends.

    Settings travel in the environment, secrets included, never on a command line where other
    users of the machine could read them.
    """

    def __init__(self, settings: Settings, names: Sequence[str]) -> None:
        self._settings = settings
        self._names = names
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._stopping = Stopping()

    @property
    def graphql_url(self) -> str:
        """Where the api answers."""
        return f"http://{_reached(self._settings.host)}:{self._settings.port}/graphql"

    @property
    def console_url(self) -> str:
        """Where the web console is."""
        return f"{self.graphql_url.removesuffix('graphql')}console/"

    @property
    def scores_url(self) -> str:
        """Where the scores process answers."""
        return f"http://{_reached(self._settings.host)}:{self._settings.scores_port}"

    def __enter__(self) -> Self:
        self._stopping.listen()
        environment = self._settings.environment(os.environ)
        for name in self._names:
            words = [sys.executable, "-m", "graphrisk.cli", "up", "--only", name]
            # A session of its own: Ctrl-C reaches us alone and the children stop in good order.
            self._processes[name] = subprocess.Popen(
                bound(words, "TERM"),
                env=environment,
                stdout=sys.stderr.fileno(),
                start_new_session=True,
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def wait_ready(self) -> None:
        """Wait until api and scores answer; ``GraphRiskError`` when one ends or is too slow."""
        base = self.graphql_url.removesuffix("/graphql")
        for address in (f"{base}/readyz", f"{self.scores_url}/livez"):
            deadline = time.monotonic() + _READY_SECONDS
            while not self._stopping.is_set and not _answers(address):
                self._fail_if_ended()
                if time.monotonic() > deadline:
                    raise GraphRiskError(f"{address} does not answer after {_READY_SECONDS} s")
                time.sleep(_POLL_SECONDS)

    def wait(self) -> None:
        """Wait for a signal; ``GraphRiskError`` when a process ends by itself."""
        while not self._stopping.wait(_POLL_SECONDS):
            self._fail_if_ended()

    def _fail_if_ended(self) -> None:
        for name, process in self._processes.items():
            if process.poll() is not None and not self._stopping.is_set:
                raise GraphRiskError(f"the {name} process ended with code {process.returncode}")

    def _stop(self) -> None:
        for process in self._processes.values():
            if process.poll() is None:
                process.terminate()
        for process in self._processes.values():
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def prepare(settings: Settings) -> None:
    """Look at what the processes need before they start: better now than later.

    ``ConfigError`` when a port is taken, also by the other process, or the secret of ids, which is
    drawn here if need be, is unusable, or others would be served without an issuer.
    """
    refuse_open_door(settings)
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with ExitStack() as both:
        for name, port in (("PORT", settings.port), ("SCORES_PORT", settings.scores_port)):
            try:
                both.enter_context(socket.create_server((settings.host, port), family=family))
            except OSError as error:
                told = f"{settings.host}:{port} cannot be used: {error.strerror}"
                raise ConfigError(f"{told}; choose another GRAPHRISK_{name}") from error
    OpaqueIds(settings.id_secret_bytes)


def _reached(host: str) -> str:
    """How a listening address is written to be asked: all interfaces include the loopback."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"[{host}]" if ":" in host else host


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
