"""The worker process: ``graphrisk up --only worker``."""

from __future__ import annotations

import logging
import os
import socket
import sys
from functools import partial
from typing import Final

from graphrisk.core.clock import SystemClock
from graphrisk.core.errors import ConfigError, GraphRiskError
from graphrisk.core.files import private_folder
from graphrisk.core.logs import log_to_stderr
from graphrisk.core.processes import bound
from graphrisk.core.stopping import Stopping
from graphrisk.settings import Settings
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.jobs import Job
from graphrisk.worker.child import Child
from graphrisk.worker.idle import is_idle
from graphrisk.worker.worker import Worker

_TURN_SECONDS: Final = 0.5
_MINUTE_MS: Final = 60_000
_RETENTION_EVERY_MS: Final = 60 * _MINUTE_MS
_LATENESS_EVERY_MS: Final = 10 * _MINUTE_MS
_JUDGEMENTS_EVERY_MS: Final = 5 * _MINUTE_MS
_WATCH_EVERY_MS: Final = _MINUTE_MS
_DEADLINES_EVERY_MS: Final = _MINUTE_MS
_RULES_EVERY_MS: Final = _MINUTE_MS // 2
_CASES_EVERY_MS: Final = 5 * _MINUTE_MS
_NOTICES_EVERY_MS: Final = _MINUTE_MS // 2
_WEBHOOKS_EVERY_MS: Final = _MINUTE_MS // 2
_AUDIT_EVERY_MS: Final = _MINUTE_MS // 2
_WITNESS_EVERY_MS: Final = 5 * _MINUTE_MS

_log = logging.getLogger("graphrisk.worker")


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT, then hand everything back; a fault of the database passes."""
    log_to_stderr(settings.log, logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    stopping = Stopping()
    stopping.listen()
    private_folder(settings.folder)
    database = Database(settings.operations_url)
    try:
        database.migrate()
        _work(worker_of(settings, database), stopping)
    finally:
        database.dispose()


def worker_of(settings: Settings, database: Database) -> Worker:
    """The worker of a deployment."""
    schedule = _schedule(settings)
    environment = settings.environment(os.environ)

    def start(job: Job) -> Child:
        command = [sys.executable, "-m", "graphrisk.worker.tasks", job.name]
        return Child(bound(command, "KILL"), environment)

    clock, name = SystemClock(), f"{socket.gethostname()}:{os.getpid()}"
    idle = partial(is_idle, settings, database, clock)
    return Worker(database, clock, name, schedule, start, idle)


def _schedule(settings: Settings) -> dict[str, int]:
    """All jobs, feeds as they are described now; one that is at fault keeps no other from work."""
    schedule = {
        "audit": _AUDIT_EVERY_MS,
        "retention": _RETENTION_EVERY_MS,
        "lateness": _LATENESS_EVERY_MS,
        "judgements": _JUDGEMENTS_EVERY_MS,
        "watch": _WATCH_EVERY_MS,
        "deadlines": _DEADLINES_EVERY_MS,
        "cases": _CASES_EVERY_MS,
        "rules": _RULES_EVERY_MS,
        "notices": _NOTICES_EVERY_MS,
        "webhooks": _WEBHOOKS_EVERY_MS,
    }
    if settings.audit_witnesses:
        schedule["witness"] = _WITNESS_EVERY_MS
    if settings.detect_every_minutes is not None:
        schedule["detect"] = settings.detect_every_minutes * _MINUTE_MS
    if not settings.feed_files:
        return schedule
    from graphrisk.ingest.feeds.config import read_feed  # a worker without feeds starts sooner

    for file in settings.feed_files:
        try:
            feed = read_feed(file)
        except ConfigError as error:
            _log.error("%s: %s", error.code, error)
        else:
            schedule[f"pull:{feed.name}"] = feed.every_ms
    return schedule


def _work(worker: Worker, stopping: Stopping) -> None:
    told = ""
    while not stopping.is_set:
        try:
            worker.turn()
            told = ""
        except GraphRiskError as error:
            if str(error) != told:  # once, not twice a second
                told = str(error)
                _log.error("%s: %s", error.code, told)
        stopping.wait(_TURN_SECONDS)
    try:
        worker.stop()
    except GraphRiskError as error:  # what was held runs out by itself
        _log.error("%s: %s", error.code, error)
