"""Runs the processes ``api`` and ``scores`` until a signal ends them."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from graphrisk.analysis.publish import ScoreBoard
from graphrisk.analysis.service import Findings
from graphrisk.api.app import api_app, scores_app
from graphrisk.api.batching import Threads
from graphrisk.api.context import Desk
from graphrisk.api.health import Look, Readiness
from graphrisk.api.ids import PublicIds
from graphrisk.core.clock import Clock, SystemClock
from graphrisk.core.errors import ConfigError
from graphrisk.settings import Settings
from graphrisk.store.audit import AuditFile
from graphrisk.store.open import open_store
from graphrisk.store.operations.database import Database

_READERS = 8
_STOP_SECONDS = 5


def run_api(settings: Settings) -> None:
    """Serve GraphQL, scores and health on ``host:port`` until SIGTERM or Ctrl-C."""
    with opened_api(settings, SystemClock()) as app:
        _serve(app, settings.host, settings.port)


def run_scores(settings: Settings) -> None:
    """Serve score look-ups on ``host:scores_port``: reads one published file and no database."""
    settings.folder.mkdir(parents=True, exist_ok=True)
    board = ScoreBoard(settings.scores_folder)
    ids, audit = PublicIds(settings.id_secret_bytes), _audit(settings, SystemClock())
    _serve(scores_app(board, ids, audit, board_look(board)), settings.host, settings.scores_port)


@contextmanager
def opened_api(settings: Settings, clock: Clock) -> Iterator[FastAPI]:
    """The api application on an opened deployment; closed on leaving."""
    settings.folder.mkdir(parents=True, exist_ok=True)
    store = open_store(settings)
    database = Database(settings.operations_url)
    executor = ThreadPoolExecutor(_READERS, thread_name_prefix="read")
    try:
        desk = Desk(
            store=store,
            findings=Findings(database),
            ids=PublicIds(settings.id_secret_bytes),
            audit=_audit(settings, clock),
            threads=Threads(executor),
        )
        board = ScoreBoard(settings.scores_folder)
        yield api_app(desk, board, deployment_look(desk, database, clock))
    finally:
        executor.shutdown()
        database.dispose()
        store.close()


def deployment_look(desk: Desk, database: Database, clock: Clock) -> Look:
    """Looks at both stores and at the last run."""

    def look() -> Readiness:
        graph, operations = desk.store.health(), database.health()
        complaints = [*graph.notes, *operations.notes]
        if not operations.is_current:
            complaints.append("the operations database is not migrated: graphrisk doctor")
            run = None
        else:
            run = desk.findings.latest_run()
        return Readiness(
            ready=not complaints,
            complaints=complaints,
            facts={
                "graph": f"{graph.engine} {graph.engine_version}",
                "graph_version": graph.version,
                "operations": f"{operations.engine} {operations.engine_version}",
                "last_run": None if run is None else run.run_id,
                "snapshot_version": None if run is None else run.snapshot_version,
                "snapshot_behind": None if run is None else graph.version - run.snapshot_version,
                "snapshot_age_ms": None if run is None else clock.now_ms() - run.started_at,
            },
        )

    return look


def board_look(board: ScoreBoard) -> Look:
    """Looks whether scores are published."""

    def look() -> Readiness:
        run = board.present().run
        return Readiness(ready=True, complaints=[], facts={"last_run": run.run_id})

    return look


def _audit(settings: Settings, clock: Clock) -> AuditFile:
    return AuditFile(settings.folder / "audit.jsonl", clock)


def _serve(app: FastAPI, host: str, port: int) -> None:
    """Until a signal comes; requests under way get a few seconds to end.

    There is no access log: an address may hold a query, and a query what somebody looks for. Of a
    fault, type and places are logged by ``graphrisk.api`` and nothing by the server.
    """
    logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s %(message)s")
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_STOP_SECONDS,
    )
    with _listening(host, port) as listener:
        uvicorn.Server(config).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise ConfigError(f"cannot listen on {host}:{port}: {error.strerror}") from error
