"""The audit as GraphQL says it."""

from __future__ import annotations

from collections.abc import Sequence

import strawberry

from graphrisk.api.context import Asked
from graphrisk.api.inputs import text_of
from graphrisk.api.types.pages import PageInfo, page_info
from graphrisk.api.types.scalars import DateTime, Long, time_of
from graphrisk.store.audit.records import AuditFilter, AuditLine
from graphrisk.store.audit.service import Proved


@strawberry.input(description="Which records; what is left out asks for nothing.")
class AuditFilterInput:
    """All that is given must fit."""

    principal: str | None = None
    action: str | None = None
    case: str | None = None
    what: strawberry.ID | None = None
    since: DateTime | None = None
    until: DateTime | None = strawberry.field(default=None, description="Exclusive.")


@strawberry.type(description="Who read or decided what. Of an erased record time and count stay.")
class AuditRecord:
    """A record of the audit."""

    index: Long = strawberry.field(description="Of its entry in the log.")
    at: DateTime
    principal: str | None
    action: str
    purpose: str | None
    case: str | None
    count: Long = strawberry.field(description="Of what was read or decided on.")
    what: strawberry.ID | None = strawberry.field(
        description="Opaque id of the one thing that was decided on or read."
    )
    erased_at: DateTime | None


@strawberry.type(description="A record in a page of records.")
class AuditEdge:
    """A row of the page."""

    cursor: str
    node: AuditRecord


@strawberry.type(description="A page of records, the latest first.")
class AuditConnection:
    """A cursor stays good: later records come before it."""

    edges: list[AuditEdge]
    page_info: PageInfo


@strawberry.type(
    description="What shows to anybody that a record stands in the log as it is; docs/audit.md "
    "says how."
)
class AuditProof:
    """Checked without this service."""

    index: Long
    entry: str = strawberry.field(description="The log's entry, byte for byte.")
    proof: str = strawberry.field(description="A C2SP tlog-proof file.")
    keys: str = strawberry.field(description="The log's public keys, signed by the newest.")
    record: str | None = strawberry.field(
        description="What the entry commits to, with its salt; null where it was erased."
    )


def filter_of(given: AuditFilterInput | None) -> AuditFilter:
    """What to look for."""
    if given is None:
        return AuditFilter()
    texts = {
        name: None if value is None else text_of(value, name)
        for name in ("principal", "action", "case", "what")
        for value in (getattr(given, name),)
    }
    return AuditFilter(**texts, since=given.since, until=given.until)


def audit_page(
    info: Asked, lines: Sequence[AuditLine], has_next: bool, after: str | None
) -> AuditConnection:
    """A page of records as GraphQL says it."""
    ids = info.context.ids
    rows = [
        AuditEdge(cursor=ids.cursor("audit", line.number), node=_record(line)) for line in lines
    ]
    return AuditConnection(
        edges=rows, page_info=page_info([row.cursor for row in rows], has_next, after)
    )


def proof_of(found: Proved) -> AuditProof:
    """A proof as GraphQL says it."""
    return AuditProof(
        index=Long(found.number),
        entry=found.entry,
        proof=found.proof,
        keys=found.keys,
        record=found.record,
    )


def _record(line: AuditLine) -> AuditRecord:
    return AuditRecord(
        index=Long(line.number),
        at=DateTime(line.at),
        principal=line.principal,
        action=line.action,
        purpose=line.purpose,
        case=line.case,
        count=Long(line.count),
        what=strawberry.ID(line.what) if line.what else None,
        erased_at=time_of(line.erased_at),
    )
