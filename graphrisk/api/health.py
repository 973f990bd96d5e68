"""``/livez`` and ``/readyz``: is the process there, and can it answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from graphrisk.analysis.publish import ScoreBoard
from graphrisk.core.errors import GraphRiskError

_PATIENCE_SECONDS = 3.0
Look = Callable[[], "Readiness"]


class Alive(BaseModel):
    """The process answers."""

    status: str = Field(examples=["alive"])


class Readiness(BaseModel):
    """Whether requests can be served, and what they would see."""

    ready: bool
    complaints: list[str] = Field(description="Why not; empty when ready")
    facts: dict[str, str | int | None] = Field(description="Engine, versions, last run, its age")


def health_router(look: Look) -> APIRouter:
    """Both checks. ``look`` may block and raise; either counts as not ready."""
    router = APIRouter(tags=["health"])

    @router.get("/livez", summary="Is the process there?")
    async def livez() -> Alive:
        """Answers as long as the process does."""
        return Alive(status="alive")

    @router.get(
        "/readyz",
        summary="Can it answer?",
        response_model=Readiness,
        responses={503: {"model": Readiness, "description": "Not ready, with reasons"}},
    )
    async def readyz() -> Response:
        """Store reachable, operations database migrated; age of what the last run saw."""
        try:
            found = await asyncio.wait_for(asyncio.to_thread(_seen, look), _PATIENCE_SECONDS)
        except TimeoutError:
            found = not_ready(f"a store did not answer within {_PATIENCE_SECONDS:g} s")
        return JSONResponse(found.model_dump(), 200 if found.ready else 503)

    return router


def not_ready(*complaints: str) -> Readiness:
    """Not ready, for these reasons."""
    return Readiness(ready=False, complaints=list(complaints), facts={})


def board_look(board: ScoreBoard) -> Look:
    """Looks whether scores are published."""

    def look() -> Readiness:
        run = board.present().run
        return Readiness(ready=True, complaints=[], facts={"last_run": run.run_id})

    return look


def _seen(look: Look) -> Readiness:
    try:
        return look()
    except GraphRiskError as error:
        return not_ready(f"{error.code}: {error}")
