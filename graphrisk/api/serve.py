"""Runs the processes ``api`` and ``scores`` until a signal ends them."""

from __future__ import annotations

import os
import signal
import socket
from types import FrameType

import uvicorn
from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from graphrisk.access.sign_on import SignOn, refuse_open_door
from graphrisk.core.clock import SystemClock
from graphrisk.core.errors import ConfigError
from graphrisk.core.files import private_folder
from graphrisk.core.logs import log_to_stderr
from graphrisk.settings import Settings

_STOP_SECONDS = 5
_MESSAGE_BYTES = 256 * 1024
_LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")


def run_api(settings: Settings) -> None:
    """Serve GraphQL, scores and health on ``host:port`` until SIGTERM or Ctrl-C.

    ``ConfigError`` beyond this machine without an issuer, here as for ``run_scores``.
    """
    from graphrisk.api.deployment import opened_api

    refuse_open_door(settings)
    with opened_api(settings, SystemClock()) as app:
        _serve(app, settings, settings.port)


def run_scores(settings: Settings) -> None:
    """Serve score look-ups on ``host:scores_port``: reads one published file.

    The operations database is asked about API keys, and about tokens only where rights are rows.
    """
    from graphrisk.access.demands import read_demand
    from graphrisk.access.keys.service import KeySignOn
    from graphrisk.access.principals.service import Standing
    from graphrisk.access.rates import Rates
    from graphrisk.analysis.publish import ScoreBoard
    from graphrisk.api.app import scores_app
    from graphrisk.api.gauges import board_gauges
    from graphrisk.api.health import board_look
    from graphrisk.api.ids import PublicIds
    from graphrisk.api.metrics import Meter
    from graphrisk.centre.openings.sight import Sights
    from graphrisk.core.networks import read_networks
    from graphrisk.store.audit.spool import AuditSpool
    from graphrisk.store.operations.api_keys import ApiKeyRows
    from graphrisk.store.operations.database import Database
    from graphrisk.store.operations.principals import StoredPrincipals

    refuse_open_door(settings)
    private_folder(settings.folder)
    board = ScoreBoard(settings.scores_folder)
    ids = PublicIds(settings.id_secret_bytes)
    clock, database = SystemClock(), Database(settings.operations_url)
    principals = StoredPrincipals(database)
    audit = AuditSpool(settings.audit_folder, clock)
    keys, standing = KeySignOn(ApiKeyRows(database), clock), Standing(principals, clock)
    sign_on = SignOn(settings, clock, keys, standing)
    sights = Sights(database, clock, read_demand(settings.case_demanded))
    rates = Rates(clock, settings.scores_per_minute, "scores")
    networks = read_networks(settings.metrics_networks, "GRAPHRISK_METRICS_NETWORKS")
    meter = Meter(board_gauges(board, clock), networks)
    app = scores_app(board, ids, audit, board_look(board), sign_on, sights.viewer, rates, meter)
    try:
        _serve(app, settings, settings.scores_port)
    finally:
        database.dispose()


def _serve(app: FastAPI, settings: Settings, port: int) -> None:
    """Until a signal comes; requests under way get a few seconds to end.

    There is no access log: an address may hold a query, and a query what somebody looks for. Of a
    fault, type and places are logged by ``graphrisk.api`` and nothing by the server.
    """
    log_to_stderr(settings.log)
    config = uvicorn.Config(
        TrustedHostMiddleware(app, allowed_hosts=_names(settings.host)),
        log_config=None,
        ws="websockets-sansio",
        ws_max_size=_MESSAGE_BYTES,
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_STOP_SECONDS,
    )
    server = uvicorn.Server(config)

    def stop(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    with _listening(settings.host, port) as listener:
        # Ours from before the server starts until after it stopped and raised the signal again, so
        # that what is opened is closed and the process ends as one that was asked to.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        server.run(sockets=[listener])


def _names(host: str) -> list[str]:
    """Names under which requests are answered: of the machine itself where it alone is listened to.

    Or a page from anywhere could have its own name lead here, and a browser would let it read.
    """
    return [*_LOOPBACK] if host in _LOOPBACK else ["*"]


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        # Of create_server's own words only the number is for people.
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise ConfigError(f"cannot listen on {host}:{port}: {reason}") from error
    # Connections inherit it; without, the second packet of an answer waits 40 ms for the first.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
