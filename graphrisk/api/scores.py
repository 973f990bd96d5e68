"""Scores from the file the last run published: one by ``GET``, up to a thousand by ``POST``."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Header, Path, Request, Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from graphrisk.access.model import WHAT_SEPARATOR, AuditPort
from graphrisk.access.purposes import CASE_PATTERN, PURPOSE_PATTERN
from graphrisk.access.rates import Left, Rates
from graphrisk.access.rights import require
from graphrisk.access.sign_on import SignOn
from graphrisk.analysis.entities import Looks, Viewer
from graphrisk.analysis.model import NodeScore
from graphrisk.analysis.publish import PublishedScores, ScoreBoard
from graphrisk.api.bodies import json_body
from graphrisk.api.idempotency import KEY_PATTERN, Repeats
from graphrisk.api.ids import ENTITY_PATTERN, PublicIds
from graphrisk.api.problems import responses
from graphrisk.api.score_documents import (
    ID,
    ScoreBatch,
    ScoreDocument,
    ScoresAsked,
    score_batch,
    score_document,
)
from graphrisk.api.viewers import viewer_of
from graphrisk.core.errors import BadInput, Forbidden, NotFound

#: How long an application may act on a score without asking again.
_FRESH_SECONDS = 60
_MOST_BODY_BYTES = 64 * 1024
#: Ids that one record of the audit names at most.
_NAMED = 32
_LIMITS = {
    name: {"description": said, "schema": {"type": "string"}}
    for name, said in (
        ("RateLimit-Policy", "The allowance: scores (q) in seconds (w)"),
        ("RateLimit", "What is left of it (r), and seconds until it is whole again (t)"),
    )
}
_TAG = {"ETag": {"description": "Of this answer, strong", "schema": {"type": "string"}}}
#: FastAPI keeps what OpenAPI says as dictionaries of anything.
_Told = dict[int | str, dict[str, Any]]
Purpose = Annotated[str, Header(description="Code of the purpose", pattern=PURPOSE_PATTERN)]
Case = Annotated[str, Header(description="Number of the case", pattern=CASE_PATTERN)]


@dataclass(frozen=True, slots=True)
class ScoreDesk:
    """What look-ups share."""

    board: ScoreBoard
    ids: PublicIds
    audit: AuditPort
    sign_on: SignOn
    looks: Looks
    rates: Rates
    repeats: Repeats

    async def viewer(self, headers: Mapping[str, str]) -> Viewer:
        """Who asks; ``Forbidden`` for whom looked-up scores would have to be cut."""
        viewer = await viewer_of(self.sign_on, headers, self.looks)
        require(viewer.principal, "score.read")
        if not viewer.principal.scope.is_everything:
            raise Forbidden("looked-up scores are not cut to areas: ask over GraphQL")
        return viewer

    async def record(self, viewer: Viewer, ids: Sequence[str]) -> None:
        """On record before it is answered, by name; who ask at once share one write to the disk."""
        who, purpose = viewer.principal, viewer.purpose
        parts = [ids[start : start + _NAMED] for start in range(0, len(ids), _NAMED)]
        told = (
            run_in_threadpool(self.audit.record, who, "scores", purpose, *_named(p)) for p in parts
        )
        await asyncio.gather(*told)


def score_router(desk: ScoreDesk) -> APIRouter:
    """The look-ups on one board."""
    router = APIRouter(tags=["scores"])
    router.add_api_route(
        "/v1/scores/{entity_id}",
        _one(desk),
        summary="Risk of one entity",
        response_model=ScoreDocument,
        responses=_answers(400, 401, 403, 404, 405, 429, 500, 503)
        | {304: {"description": "Not Modified", "headers": _TAG}},
    )
    router.add_api_route(
        "/v1/scores:batch",
        _many(desk),
        methods=["POST"],
        summary="Risk of up to 1,000 entities",
        response_model=ScoreBatch,
        responses=_answers(400, 401, 403, 405, 409, 413, 415, 422, 429, 500, 503),
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": ScoresAsked.model_json_schema()}},
            }
        },
    )
    return router


def _named(ids: Sequence[str]) -> tuple[int, str]:
    """How many, and those of them that are ids: nothing else is written down."""
    whole = (one for one in ids if re.fullmatch(ENTITY_PATTERN, one))
    return len(ids), WHAT_SEPARATOR.join(whole)


def _one(desk: ScoreDesk) -> Callable[..., Any]:
    async def score(
        request: Request,
        entity_id: Annotated[
            str, Path(description="Opaque id of an entity", pattern=ENTITY_PATTERN, examples=[ID])
        ],
        if_none_match: Annotated[str, Header()] = "",
        x_purpose: Purpose = "",  # noqa: ARG001 - read with all headers
        x_case: Case = "",  # noqa: ARG001
    ) -> Response:
        """Look up the score that the last detection gave to an entity."""
        viewer = await desk.viewer(request.headers)
        kind, nid = desk.ids.read_entity(entity_id)
        viewer.demand_case([kind])
        left = desk.rates.take(viewer.principal.name, 1)
        published = desk.board.present()
        found = published.of_node(nid)
        await desk.record(viewer, [entity_id])
        body = orjson.dumps(score_document(entity_id, published.run, found).model_dump())
        answer = _answer(body, left)
        if _matches(if_none_match, answer.headers["etag"]):
            return Response(status_code=304, headers=_kept(answer))
        return answer

    return score


def _many(desk: ScoreDesk) -> Callable[..., Any]:
    async def scores(
        request: Request,
        idempotency_key: Annotated[
            str | None,
            Header(
                description="The same key and body again within ten minutes: the same answer",
                pattern=KEY_PATTERN,
            ),
        ] = None,
        x_purpose: Purpose = "",  # noqa: ARG001 - read with all headers
        x_case: Case = "",  # noqa: ARG001
    ) -> Response:
        """Look up many scores of one run; each id has a status of its own."""
        viewer = await desk.viewer(request.headers)
        body, given = await json_body(request, _MOST_BODY_BYTES)
        ids = _asked(given)
        left = desk.rates.take(viewer.principal.name, len(ids))
        if idempotency_key is None:
            return await _batch(desk, viewer, ids, left)
        who = f"{viewer.principal.name} {viewer.purpose.code} {viewer.purpose.case}"
        answer = desk.repeats.begin(who, idempotency_key, body)
        if answer is not None:
            await desk.record(viewer, ids)
            answer.headers.update(_rate_headers(left))
            return answer
        try:
            answer = await _batch(desk, viewer, ids, left)
        finally:
            desk.repeats.end(who, idempotency_key, answer)
        return answer

    return scores


async def _batch(desk: ScoreDesk, viewer: Viewer, ids: Sequence[str], left: Left) -> Response:
    published = desk.board.present()
    found = [_look_up(desk, viewer, published, one) for one in ids]
    await desk.record(viewer, ids)
    return _answer(orjson.dumps(score_batch(published.run, found).model_dump()), left)


def _look_up(
    desk: ScoreDesk, viewer: Viewer, published: PublishedScores, entity_id: str
) -> tuple[str, int, NodeScore | None]:
    try:
        kind, nid = desk.ids.read_entity(entity_id)
        viewer.demand_case([kind])
        return entity_id, 200, published.of_node(nid)
    except (BadInput, NotFound) as error:
        return entity_id, error.status, None


def _asked(given: object) -> list[str]:
    try:
        return ScoresAsked.model_validate(given, strict=True).ids
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the body"
        raise BadInput(f"{where}: {first['msg']}") from error


def _answer(body: bytes, left: Left) -> Response:
    headers = {
        "etag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        "cache-control": f"private, max-age={_FRESH_SECONDS}",
        "vary": "authorization, x-purpose, x-case",
    }
    return Response(body, 200, headers | _rate_headers(left), media_type="application/json")


def _rate_headers(left: Left) -> dict[str, str]:
    """As draft-ietf-httpapi-ratelimit-headers has them."""
    return {
        "ratelimit-policy": f'"scores";q={left.limit};w=60',
        "ratelimit": f'"scores";r={left.remaining};t={left.reset_seconds}',
    }


def _kept(answer: Response) -> dict[str, str]:
    """Headers that an answer without a body has as well."""
    dropped = {"content-type", "content-length"}
    return {name: text for name, text in answer.headers.items() if name not in dropped}


def _answers(*statuses: int) -> _Told:
    """What OpenAPI says of the answers; a refused rate tells when to come again."""
    told: _Told = {**responses(*statuses), 200: {"headers": {**_LIMITS, **_TAG}}}
    again = {"description": "Seconds, where the same may succeed", "schema": {"type": "integer"}}
    told[429] = {**told[429], "headers": {"Retry-After": again}}
    return told


def _matches(if_none_match: str, tag: str) -> bool:
    """Weak comparison, as RFC 9110 asks of this header."""
    asked = [one.strip() for one in if_none_match.split(",")]
    return "*" in asked or any(one.removeprefix("W/") == tag for one in asked)
