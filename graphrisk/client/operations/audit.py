"""Operations: audit.

Written by ``make docs``.
"""

from __future__ import annotations

from datetime import datetime

from graphrisk.client.calls import Call, Model, Paged, maybe, one
from graphrisk.client.operations.common import Page
from graphrisk.client.operations.inputs import AuditFilterInput


class AuditRecord(Model):
    """Who read or decided what.

    Of an erased record time and count stay.
    """

    index: int
    at: datetime
    principal: str | None
    action: str
    purpose: str | None
    case: str | None
    count: int
    what: str | None
    erased_at: datetime | None


class AuditTrailEdges(Model):
    """A record in a page of records."""

    cursor: str
    node: AuditRecord


class AuditTrail(Model):
    """A page of records, the latest first."""

    edges: list[AuditTrailEdges]
    page_info: Page


class AuditProof(Model):
    """What shows to anybody that a record stands in the log as it is; docs/audit.md says how."""

    index: int
    entry: str
    proof: str
    keys: str
    record: str | None


def audit_trail(
    *, first: int = 20, after: str | None = None, filter: AuditFilterInput | None = None
) -> Paged[AuditTrail | None, AuditRecord]:
    """Who read or decided what, the latest first; for auditors of the whole city.

    What was recorded in the last half minute may be missing.
    """
    return Paged(
        "AuditTrail",
        "auditTrail",
        {"first": first, "after": after, "filter": filter},
        maybe(one(AuditTrail)),
        lambda found: found,
    )


def audit_proof(*, index: int) -> Call[AuditProof | None]:
    """What shows that a record stands in the log as it is."""
    return Call("AuditProof", "auditProof", {"index": index}, maybe(one(AuditProof)))
