"""What a job does, in a process of its own: ``python -m graphrisk.worker.tasks KIND``.

A detection holds the interpreter for long and needs much memory; beside it the worker goes on
renewing its lease, and whatever happens to the process is a failed job, not a dead worker.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Final

from graphrisk.core.clock import Clock, SystemClock
from graphrisk.core.errors import GraphRiskError, system_faults
from graphrisk.settings import Settings

_DAY_MS: Final = 86_400_000


def detect_changes(settings: Settings, clock: Clock) -> str:
    """Run a detection unless the latest one saw the graph as it is."""
    from graphrisk.access.model import EVERYTHING
    from graphrisk.analysis.records import Records
    from graphrisk.analysis.run import PURPOSE, detect
    from graphrisk.store.open import open_store
    from graphrisk.store.operations.database import Database
    from graphrisk_algorithms.parameters import shipped_parameters

    store, database = open_store(settings), Database(settings.operations_url)
    try:
        version = store.reader(EVERYTHING, PURPOSE).version()
        digest = shipped_parameters().digest()
        if Records(database).is_current(store, version, digest):
            return f"nothing changed since version {version}"
        report = detect(store, settings.snapshot_folder, database, clock, progress=_quiet)
        return f"run {report.run.run_id}: {sum(report.findings.values())} findings"
    finally:
        database.dispose()
        store.close()


def forget_old(settings: Settings, clock: Clock) -> str:
    """Forget events older than ``keep_events_days`` and processes that fell silent a day ago."""
    from graphrisk.store.operations.database import Database
    from graphrisk.store.operations.heartbeats import forget_silent
    from graphrisk.store.operations.outbox import forget_before

    database, now = Database(settings.operations_url), clock.now_ms()
    try:
        with database.session() as session:
            events = forget_before(session, now - settings.keep_events_days * _DAY_MS)
            processes = forget_silent(session, now - _DAY_MS)
        return f"{events} events and {processes} processes forgotten"
    finally:
        database.dispose()


def tell_lateness(settings: Settings, clock: Clock) -> str:
    """Tell which sources have become late, and which are no longer."""
    from graphrisk.ingest.service import Sources
    from graphrisk.store.operations.database import Database

    database = Database(settings.operations_url)
    try:
        told = Sources(database, clock).note_lateness()
        return ", ".join(told) or "nothing new"
    finally:
        database.dispose()


TASKS: Final[dict[str, Callable[[Settings, Clock], str]]] = {
    "detect": detect_changes,
    "lateness": tell_lateness,
    "retention": forget_old,
}


def main(kind: str) -> int:
    """Do the task; the last line on stderr says how it went."""
    try:
        with system_faults():
            told = TASKS[kind](Settings(), SystemClock())
    except GraphRiskError as error:
        sys.stderr.write(f"{error.code}: {error}\n")
        return 1
    sys.stderr.write(f"{told}\n")
    return 0


def _quiet(_label: str, _done: int, _total: int) -> None:
    """Nobody watches."""


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
