"""Operations: identity.

Written by ``make docs``.
"""

from __future__ import annotations

from datetime import datetime

from graphrisk.client.calls import Call, Model, Paged, maybe, one
from graphrisk.client.operations.common import Page, Words
from graphrisk.client.operations.entities import ScoredEntity
from graphrisk.client.operations.inputs import JudgeIdentityInput
from graphrisk.client.operations.kinds import IdentityVerdict


class IdentityJudgementClues(Model):
    """What one field says for or against two records being one person."""

    field: str
    label: Words
    bits: float


class IdentityJudgement(Model):
    """A judgement on two records.

    It stands while `until` is null.
    """

    verdict: IdentityVerdict
    by_person: bool
    judge: str
    reason: str | None
    probability: float | None
    clues: list[IdentityJudgementClues]
    judged_at: datetime | None
    until: datetime | None
    one: ScoredEntity | None
    other: ScoredEntity | None


class IdentityQueueEdges(Model):
    """A pair in a page of the queue."""

    cursor: str
    node: IdentityJudgement


class IdentityQueue(Model):
    """Pairs that the machine leaves to a person and nobody has judged, the most probable
    first.
    """

    total: int
    edges: list[IdentityQueueEdges]
    page_info: Page


class JudgementsJudgementsEdges(Model):
    """A judgement in a page of judgements."""

    cursor: str
    node: IdentityJudgement


class JudgementsJudgements(Model):
    """A page of judgements, oldest first:.

    later ones come behind.
    """

    total: int
    edges: list[JudgementsJudgementsEdges]
    page_info: Page


class Judgements(Model):
    """A person, a number, an account, a firm, a document, a place."""

    judgements: JudgementsJudgements


class JudgeIdentity(Model):
    """What stands on the two records now."""

    changed: bool
    judgement: IdentityJudgement


def identity_queue(
    *, first: int = 20, after: str | None = None
) -> Paged[IdentityQueue | None, IdentityJudgement]:
    """Pairs of records that may be one person:.

    what the machine leaves to a person and nobody has judged, the most probable first.
    """
    return Paged(
        "IdentityQueue",
        "identityQueue",
        {"first": first, "after": after},
        maybe(one(IdentityQueue)),
        lambda found: found,
    )


def judgements(
    *, id: str, first: int = 20, after: str | None = None
) -> Paged[Judgements | None, IdentityJudgement]:
    """All that was ever judged of this record, oldest first."""
    return Paged(
        "Judgements",
        "entity",
        {"id": id, "first": first, "after": after},
        maybe(one(Judgements)),
        lambda found: None if found is None else found.judgements,
    )


def judge_identity(*, input: JudgeIdentityInput) -> Call[JudgeIdentity]:
    """Judge whether two records of persons speak of one person.

    A later judgement supersedes, none is forgotten; it counts from the next detection on.
    The same judgement of the same caller once more changes nothing.
    """
    return Call("JudgeIdentity", "judgeIdentity", {"input": input}, one(JudgeIdentity))
