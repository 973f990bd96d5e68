"""Notices and the background work over GraphQL."""

from __future__ import annotations

import strawberry

from graphrisk.api.context import Asked
from graphrisk.api.types.pages import PageInfo, page_info
from graphrisk.api.types.scalars import DateTime, Long, time_of
from graphrisk.api.types.vocabulary import Words
from graphrisk.centre.notices import model
from graphrisk.centre.notices.rules import rendered
from graphrisk.centre.workers import WorkerStatus as Status

strawberry.enum(model.NoticeState, name="NoticeState", description="Where a notice is.")


@strawberry.type(description="What a receiver said of a notice.")
class NoticeReceipt:
    """Each word once."""

    state: model.NoticeState
    at: DateTime


@strawberry.type(description="What somebody is told.")
class Notice:
    """As it stands."""

    id: strawberry.ID
    template: str
    recipient: str
    area: str
    subject: Words
    body: Words
    state: model.NoticeState
    attempts: int
    next_at: DateTime | None = strawberry.field(description="While it waits: when it is tried.")
    error: str | None = strawberry.field(description="Of the last attempt.")
    created_at: DateTime
    receipts: list[NoticeReceipt]


@strawberry.type(description="A notice in a page of notices.")
class NoticeEdge:
    """A row of a page."""

    cursor: str
    node: Notice


@strawberry.type(description="A page of notices, oldest first.")
class NoticeConnection:
    """A cursor stays good."""

    edges: list[NoticeEdge]
    page_info: PageInfo


@strawberry.type(description="A background process, and what it last said of itself.")
class Process:
    """Heard of within a day."""

    name: str
    state: str
    detail: str
    started_at: DateTime
    beat_at: DateTime


@strawberry.type(description="Work with a due time.")
class Job:
    """As its row stands."""

    name: str
    state: str
    due_at: DateTime
    every_ms: Long | None
    attempts: int = strawberry.field(description="Since it last succeeded.")
    error: str | None = strawberry.field(description="Of the last failure.")
    done_at: DateTime | None = strawberry.field(description="When it last succeeded.")


@strawberry.type(description="What only one process may do, and which one has it.")
class Lease:
    """As its row stands."""

    name: str
    owner: str
    expires_at: DateTime = strawberry.field(description="In the past: nobody has it.")


@strawberry.type(description="What works in the background, as of one moment.")
class WorkerStatus:
    """Processes, jobs, leases, and what waits."""

    processes: list[Process]
    jobs: list[Job]
    leases: list[Lease]
    unplaced: int = strawberry.field(description="Events that happened and were told to nobody.")
    oldest_unplaced_at: DateTime | None
    audit_files: int = strawberry.field(
        description="Files of records that are not in the log of the audit yet."
    )


def notice_of(one: model.Notice) -> Notice:
    """A notice as GraphQL says it."""
    said = {language: rendered(one.template, language, one.values) for language in ("zh", "en")}
    waits = one.state is model.NoticeState.WAITING
    return Notice(
        id=strawberry.ID(one.notice_id),
        template=one.template.name,
        recipient=one.recipient,
        area=one.area,
        subject=Words(**{language: words.subject for language, words in said.items()}),
        body=Words(**{language: words.body for language, words in said.items()}),
        state=one.state,
        attempts=one.attempts,
        next_at=time_of(one.next_at) if waits else None,
        error=one.error,
        created_at=DateTime(one.created_at),
        receipts=[NoticeReceipt(state=state, at=DateTime(at)) for state, at in one.receipts],
    )


def notices_page(info: Asked, page: model.NoticePage, after: str | None) -> NoticeConnection:
    """A page of notices as GraphQL says it."""
    ids = info.context.ids
    rows = [
        NoticeEdge(cursor=ids.cursor("notices", one.number), node=notice_of(one))
        for one in page.items
    ]
    return NoticeConnection(
        edges=rows, page_info=page_info([row.cursor for row in rows], page.has_next, after)
    )


def status_of(found: Status) -> WorkerStatus:
    """The background work as GraphQL says it."""
    return WorkerStatus(
        processes=[
            Process(
                name=one.process,
                state=one.state,
                detail=one.detail,
                started_at=DateTime(one.started_at),
                beat_at=DateTime(one.beat_at),
            )
            for one in found.processes
        ],
        jobs=[
            Job(
                name=one.name,
                state=one.state,
                due_at=DateTime(one.due_at),
                every_ms=None if one.every_ms is None else Long(one.every_ms),
                attempts=one.attempts,
                error=one.error,
                done_at=time_of(one.done_at),
            )
            for one in found.jobs
        ],
        leases=[
            Lease(name=one.name, owner=one.owner, expires_at=DateTime(one.expires_at))
            for one in found.leases
        ],
        unplaced=found.unplaced,
        oldest_unplaced_at=time_of(found.oldest_unplaced_at),
        audit_files=found.audit_files,
    )
