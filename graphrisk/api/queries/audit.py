"""Queries of the audit."""

from __future__ import annotations

import strawberry

from graphrisk.api.context import Asked
from graphrisk.api.inputs import page_size
from graphrisk.api.types.audit import (
    AuditConnection,
    AuditFilterInput,
    AuditProof,
    audit_page,
    filter_of,
    proof_of,
)


@strawberry.type
class AuditQueries:
    """One method a query."""

    @strawberry.field(
        description="Who read or decided what, the latest first; for auditors of the whole city. "
        "What was recorded in the last half minute may be missing."
    )
    async def audit_trail(
        self,
        info: Asked,
        first: int = 20,
        after: str | None = None,
        filter: AuditFilterInput | None = None,
    ) -> AuditConnection | None:
        """A keyset page of records."""
        context, limit = info.context, page_size(first)
        place = None if after is None else context.ids.read_cursor("audit", after)
        wanted = filter_of(filter)
        ask = context.trail.page
        found, more = await context.ask(ask, *context.asker, place, limit, wanted)
        return audit_page(info, found, more, after)

    @strawberry.field(description="What shows that a record stands in the log as it is.")
    async def audit_proof(self, info: Asked, index: int) -> AuditProof | None:
        """The proof of one record."""
        context = info.context
        return proof_of(await context.ask(context.trail.proof, *context.asker, index))
