"""Sources: who delivers, how often they promised to, and what came last."""

from __future__ import annotations

from enum import Enum

import strawberry

from graphrisk.api.types.scalars import DateTime, Long
from graphrisk.api.types.vocabulary import Words
from graphrisk.ingest import model
from graphrisk_loaders.mapping import RELIABILITY


@strawberry.enum(description="Whether a source keeps its promise.")
class Freshness(Enum):
    """As ``graphrisk.ingest.model.Freshness``."""

    FRESH = "fresh"
    LATE = "late"
    UNPROMISED = "unpromised"
    NEVER = "never"


@strawberry.type(description="A delivered file: rows = loaded + unchanged + rejected.")
class Batch:
    """What came of a file."""

    delivery: str = strawberry.field(description="SHA-256 of its bytes.")
    file: str
    known_at: DateTime = strawberry.field(description="When it came last.")
    rows: Long
    loaded: Long
    unchanged: Long
    rejected: Long
    closed: Long = strawberry.field(description="States that a full delivery no longer named.")
    error: str | None = strawberry.field(description="Why it could not be read to its end.")


@strawberry.type(description="A source of data and the department that owns it.")
class Source:
    """A source."""

    name: str
    description: Words | None
    owner: Words | None
    mode: str = strawberry.field(description="full, delta or events.")
    reliability: str = strawberry.field(description="Letter of the Admiralty system, A to F.")
    reliability_label: Words
    every_seconds: Long | None = strawberry.field(description="Promised: at least so often.")
    freshness: Freshness
    delivered_at: DateTime | None = strawberry.field(
        description="The last file that could be read to its end."
    )
    due_at: DateTime | None = strawberry.field(description="From here on it is late.")
    age_seconds: Long | None
    rejected: Long = strawberry.field(description="Rows, in all deliveries.")
    last: Batch | None


def source_of(state: model.SourceState, now_ms: int) -> Source:
    """A source as GraphQL says it."""
    zh, en = RELIABILITY[state.reliability]
    delivered_at, due_at, every = state.delivered_at, state.due_at, state.every_ms
    return Source(
        name=state.name,
        description=Words(zh=state.doc_zh, en=state.doc_en) if state.doc_en else None,
        owner=Words(zh=state.owner_zh, en=state.owner_en) if state.owner_en else None,
        mode=state.mode,
        reliability=state.reliability,
        reliability_label=Words(zh=zh, en=en),
        every_seconds=None if every is None else Long(every // 1000),
        freshness=Freshness(state.freshness(now_ms).value),
        delivered_at=None if delivered_at is None else DateTime(delivered_at),
        due_at=None if due_at is None else DateTime(due_at),
        age_seconds=None if delivered_at is None else Long((now_ms - delivered_at) // 1000),
        rejected=Long(state.rejected),
        last=None if state.last is None else _batch_of(state.last),
    )


def _batch_of(batch: model.LastBatch) -> Batch:
    return Batch(
        delivery=batch.delivery,
        file=batch.file,
        known_at=DateTime(batch.known_at),
        rows=Long(batch.rows),
        loaded=Long(batch.loaded),
        unchanged=Long(batch.unchanged),
        rejected=Long(batch.rejected),
        closed=Long(batch.closed),
        error=batch.error,
    )
