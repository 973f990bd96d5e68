"""``GET /v1/scores/{id}``: a score from the file the last run published, with its reasons."""

from __future__ import annotations

import hashlib
from typing import Annotated

import orjson
from fastapi import APIRouter, Header, Path, Request, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from graphrisk.access.model import AuditPort
from graphrisk.access.purposes import CASE_PATTERN, PURPOSE_PATTERN
from graphrisk.access.sign_on import SignOn
from graphrisk.analysis import model
from graphrisk.analysis.entities import Looks
from graphrisk.analysis.explain import sentence
from graphrisk.analysis.publish import ScoreBoard
from graphrisk.api.ids import ENTITY_PATTERN, PublicIds
from graphrisk.api.problems import responses
from graphrisk.api.times import time_text
from graphrisk.api.viewers import viewer_of
from graphrisk.core.errors import Forbidden

#: How long an application may act on a score without asking again.
_FRESH_SECONDS = 60
_ID = "account_0123456789abc"


class Sentence(BaseModel):
    """The reason in words."""

    zh: str
    en: str


class ScoreReason(BaseModel):
    """Why, with its share of the score."""

    code: str = Field(examples=["member_of"])
    contribution: float = Field(ge=0, le=1, examples=[0.97])
    sentence: Sentence


class ScoreDocument(BaseModel):
    """Risk of an entity in the last run; 0 without reasons where nothing speaks against it."""

    id: str = Field(examples=[_ID])
    score: float = Field(ge=0, le=1, examples=[0.97])
    reasons: list[ScoreReason]
    model: str = Field(examples=["spine-1"])
    snapshot: str = Field(description="STORE@CHANGE: the state of the graph the run saw")
    run: str
    computed_at: str | None = Field(examples=["2026-03-01T00:00:00.000Z"])


def score_router(
    board: ScoreBoard, ids: PublicIds, audit: AuditPort, sign_on: SignOn, looks: Looks
) -> APIRouter:
    """The look-up on one board."""
    router = APIRouter(tags=["scores"])

    @router.get(
        "/v1/scores/{entity_id}",
        summary="Risk of one entity",
        response_model=ScoreDocument,
        responses={
            304: {"description": "Not Modified"},
            **responses(400, 401, 403, 404, 405, 500, 503),
        },
    )
    async def score(
        request: Request,
        entity_id: Annotated[
            str, Path(description="Opaque id of an entity", pattern=ENTITY_PATTERN, examples=[_ID])
        ],
        if_none_match: Annotated[str, Header()] = "",
        x_purpose: Annotated[  # noqa: ARG001 - read with all headers
            str, Header(description="Code of the purpose", pattern=PURPOSE_PATTERN)
        ] = "",
        x_case: Annotated[  # noqa: ARG001
            str, Header(description="Number of the case", pattern=CASE_PATTERN)
        ] = "",
    ) -> Response:
        """Look up the score that the last detection gave to an entity."""
        viewer = await viewer_of(sign_on, request.headers, looks)
        if not viewer.principal.scope.is_everything:
            raise Forbidden("looked-up scores are not cut to areas: ask over GraphQL")
        kind, nid = ids.read_entity(entity_id)
        viewer.demand_case([kind])
        published = board.present()
        found = published.of_node(nid)
        # In a thread: those who ask at once share one write to the disk.
        await run_in_threadpool(
            audit.record, viewer.principal, "scores", viewer.purpose, 1, entity_id
        )
        body = orjson.dumps(_document(entity_id, published.run, found).model_dump())
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = {
            "etag": tag,
            "cache-control": f"private, max-age={_FRESH_SECONDS}",
            "vary": "authorization, x-purpose, x-case",
        }
        if _matches(if_none_match, tag):
            return Response(status_code=304, headers=headers)
        return Response(body, 200, headers, media_type="application/json")

    return router


def _document(entity_id: str, run: model.Run, found: model.NodeScore) -> ScoreDocument:
    return ScoreDocument(
        id=entity_id,
        score=found.score,
        reasons=[
            ScoreReason(
                code=reason.code,
                contribution=reason.contribution,
                sentence=Sentence(zh=sentence(reason, "zh"), en=sentence(reason, "en")),
            )
            for reason in found.reasons
        ],
        model=run.model,
        snapshot=f"{run.store_id}@{run.snapshot_version}",
        run=run.run_id,
        computed_at=time_text(run.started_at),
    )


def _matches(if_none_match: str, tag: str) -> bool:
    """Weak comparison, as RFC 9110 asks of this header."""
    asked = [one.strip() for one in if_none_match.split(",")]
    return "*" in asked or any(one.removeprefix("W/") == tag for one in asked)
