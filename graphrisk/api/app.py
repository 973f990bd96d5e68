"""The two applications: ``api`` with all doors, ``scores`` with the look-up alone."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import FastAPI

from graphrisk.access.model import AuditPort
from graphrisk.access.rates import Rates
from graphrisk.access.sign_on import SignOn
from graphrisk.analysis.entities import Looks, Viewer
from graphrisk.analysis.publish import ScoreBoard
from graphrisk.api.health import Look, health_router
from graphrisk.api.idempotency import Repeats
from graphrisk.api.ids import PublicIds
from graphrisk.api.metrics import Meter, MeteredHttp, metrics_router
from graphrisk.api.problems import add_handlers
from graphrisk.api.scores import ScoreDesk, score_router
from graphrisk.core.clock import SystemClock
from graphrisk.settings import USUAL_SCORES


def scores_app(
    board: ScoreBoard,
    ids: PublicIds,
    audit: AuditPort,
    look: Look,
    sign_on: SignOn,
    looks: Looks = Viewer,
    rates: Rates | None = None,
    meter: Meter | None = None,
) -> FastAPI:
    """Score look-up and health: no database but for who sends a key, nothing that takes long.

    Without ``rates`` everybody has the usual allowance, without ``meter`` there are no gauges.
    """
    clock = SystemClock()
    rates = rates or Rates(clock, USUAL_SCORES, "scores")
    meter = meter or Meter()
    desk = ScoreDesk(board, ids, audit, sign_on, looks, rates, Repeats(clock))
    app = FastAPI(
        title="graphrisk",
        summary="Graph-based risk intelligence for a city. The main door is GraphQL, at /graphql.",
        version=version("graphrisk"),
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
    )
    add_handlers(app)
    app.include_router(score_router(desk))
    app.include_router(health_router(look))
    app.include_router(metrics_router(meter))
    app.add_middleware(MeteredHttp, meter=meter)
    return app
