"""``/v1/cases/…/files/…`` and ``/v1/tasks/…/files/…``: files, streamed in and out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from graphrisk.api.context import Context
from graphrisk.api.problems import responses
from graphrisk.api.times import time_text
from graphrisk.centre.files.model import Holder, Upload
from graphrisk.centre.files.rules import LONGEST_NAME
from graphrisk.centre.files.service import Incoming

#: How much is gathered before it is written.
_GATHERED = 262_144
_FAULTS = responses(400, 401, 403, 404, 409, 429, 500, 503)
_ID = "0191e9a0-0000-7000-8000-000000000001"
Subject = Annotated[str, Path(description="Id of the case or task", examples=[_ID])]
Hash = Annotated[str, Path(description="SHA-256 of what the file holds", pattern="^[0-9a-f]{64}$")]
Name = Annotated[str, Query(description="What people call it", max_length=LONGEST_NAME)]


class KeptFile(BaseModel):
    """A file as it is kept; once more the same file answers as the first time."""

    sha256: str
    name: str
    media_type: str = Field(description="As its first bytes say", examples=["image/jpeg"])
    size: int = Field(description="Bytes", examples=[102_400])
    added_by: str
    added_at: str | None


def file_router(context_of: Callable[[Mapping[str, str]], Awaitable[Context]]) -> APIRouter:
    """Uploads and downloads, each with the rights of who asks."""
    router = APIRouter(tags=["files"])

    @router.put(
        "/v1/cases/{subject}/files/{sha256}", summary="Add a file to a case", responses=_FAULTS
    )
    async def to_case(request: Request, subject: Subject, sha256: Hash, name: Name) -> KeptFile:
        """The body is the file. In the case's timeline; needs the right to note in the case."""
        return await _added(
            await context_of(request.headers), request, Holder.CASE, subject, sha256, name
        )

    @router.put(
        "/v1/tasks/{subject}/files/{sha256}", summary="Add a file to a task", responses=_FAULTS
    )
    async def to_task(request: Request, subject: Subject, sha256: Hash, name: Name) -> KeptFile:
        """The body is the file. For the task's doer; a proof may then name it."""
        return await _added(
            await context_of(request.headers), request, Holder.TASK, subject, sha256, name
        )

    @router.get(
        "/v1/cases/{subject}/files/{sha256}",
        summary="A file of a case",
        responses=_FAULTS,
        response_class=Response,
    )
    async def of_case(request: Request, subject: Subject, sha256: Hash) -> Response:
        """For who reads the case and names it in X-Case."""
        return await _sent(await context_of(request.headers), Holder.CASE, subject, sha256)

    @router.get(
        "/v1/tasks/{subject}/files/{sha256}",
        summary="A file of a task",
        responses=_FAULTS,
        response_class=Response,
    )
    async def of_task(request: Request, subject: Subject, sha256: Hash) -> Response:
        """For who reads the task."""
        return await _sent(await context_of(request.headers), Holder.TASK, subject, sha256)

    return router


async def _added(
    context: Context, request: Request, holder: Holder, subject: str, sha256: str, name: str
) -> KeptFile:
    desk = context.files
    incoming = await context.ask(desk.receive, holder, subject)
    try:
        await _take(request.stream(), incoming)
        kept = await context.ask(desk.add, holder, subject, sha256, name, incoming)
    finally:
        await run_in_threadpool(incoming.drop)
    return _document(kept)


async def _take(stream: AsyncIterator[bytes], incoming: Incoming) -> None:
    gathered = bytearray()
    async for part in stream:
        gathered += part
        if len(gathered) >= _GATHERED:
            await run_in_threadpool(incoming.write, bytes(gathered))
            gathered.clear()
    if gathered:
        await run_in_threadpool(incoming.write, bytes(gathered))


async def _sent(context: Context, holder: Holder, subject: str, sha256: str) -> Response:
    found, content = await context.ask(context.files.content, holder, subject, sha256)
    first = await run_in_threadpool(next, content)  # what is wrong with the file is told as such
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}",
        "content-length": str(found.size),
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
    }
    return StreamingResponse(_rest(first, content), 200, headers, media_type=found.media_type)


def _rest(first: bytes, content: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from content


def _document(one: Upload) -> KeptFile:
    return KeptFile(
        sha256=one.sha256,
        name=one.name,
        media_type=one.media_type,
        size=one.size,
        added_by=one.added_by,
        added_at=time_text(one.added_at),
    )
