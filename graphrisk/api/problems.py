"""Errors over REST: ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from graphrisk.api.faults import HIDDEN, write_down
from graphrisk.core.errors import (
    BadInput,
    GraphRiskError,
    LimitExceeded,
    StoreUnavailable,
    Unauthenticated,
)

MEDIA = "application/problem+json"
_RETRY_SECONDS = "5"


class Problem(BaseModel):
    """What went wrong, for programs (`code`, `status`) and for people (`title`, `detail`)."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["the last run knew no such entity"])
    code: str = Field(examples=["NOT_FOUND"])


def problem(
    status: int, code: str, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    """A problem document."""
    title = HTTPStatus(status).phrase
    told = Problem(type="about:blank", title=title, status=status, detail=detail, code=code)
    return JSONResponse(told.model_dump(), status, headers, media_type=MEDIA)


def responses(*statuses: int) -> dict[int | str, dict[str, object]]:
    """What OpenAPI says of the problems a route answers with."""
    content = {MEDIA: {"schema": Problem.model_json_schema()}}
    told: dict[int | str, dict[str, object]] = {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in statuses
    }
    return {**told, "default": {"description": "Another problem", "content": content}}


def add_handlers(app: FastAPI) -> None:
    """Turn every error of a route into a problem document."""
    app.add_exception_handler(GraphRiskError, _on_own)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_fault)


def _on_own(_request: Request, error: Exception) -> Response:
    assert isinstance(error, GraphRiskError)
    headers = None
    if isinstance(error, StoreUnavailable):
        headers = {"retry-after": _RETRY_SECONDS}
    elif isinstance(error, LimitExceeded) and error.retry_after_seconds is not None:
        headers = {"retry-after": str(error.retry_after_seconds)}
    elif isinstance(error, Unauthenticated):
        headers = {"www-authenticate": "Bearer"}
    return problem(error.status, error.code, str(error), headers)


def _on_invalid(_request: Request, error: Exception) -> Response:
    """Says where, never what was sent."""
    assert isinstance(error, RequestValidationError)
    where = "; ".join(".".join(map(str, one["loc"])) + ": " + one["msg"] for one in error.errors())
    return problem(400, BadInput.code, where)


def _on_http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = HTTPStatus(error.status_code).name
    return problem(error.status_code, code, error.detail, error.headers)


def _on_fault(_request: Request, error: Exception) -> Response:
    write_down(error)
    return problem(500, GraphRiskError.code, HIDDEN)
