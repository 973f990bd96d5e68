"""Reasons, runs and scores: a score never travels without why and whence."""

from __future__ import annotations

import strawberry

from graphrisk.analysis import model
from graphrisk.analysis.explain import sentence
from graphrisk.api.types.scalars import DateTime, Long, Scalar
from graphrisk.api.types.vocabulary import Words


@strawberry.type(description="One number or word that a reason was filled with.")
class ReasonValue:
    """Never personal data."""

    name: str
    value: Scalar


@strawberry.type(description="Why: a code, its share of the score, and the sentence.")
class Reason:
    """A reason of a finding or of a score."""

    code: str
    contribution: float = strawberry.field(description="Share of the score, 0 to 1.")
    sentence: Words
    values: list[ReasonValue]


@strawberry.type(description="One detection: what it saw and with which parameters.")
class Run:
    """A detection run."""

    id: strawberry.ID
    started_at: DateTime
    model: str
    parameters_digest: str
    snapshot: str = strawberry.field(description="STORE@CHANGE: the state of the graph it saw.")
    snapshot_change: Long = strawberry.field(description="The store's last change it saw.")


@strawberry.type(description="Risk of an entity in the latest run.")
class Score:
    """0 with no reasons where nothing speaks against the entity."""

    value: float = strawberry.field(description="0 to 1: the chance that one of the rings holds.")
    reasons: list[Reason]
    run: Run


def run_of(run: model.Run) -> Run:
    """A run as GraphQL says it."""
    return Run(
        id=strawberry.ID(run.run_id),
        started_at=DateTime(run.started_at),
        model=run.model,
        parameters_digest=run.parameters_digest,
        snapshot=f"{run.store_id}@{run.snapshot_version}",
        snapshot_change=Long(run.snapshot_version),
    )


def reasons_of(reasons: tuple[model.Reason, ...]) -> list[Reason]:
    """Reasons with their sentences, strongest first."""
    return [
        Reason(
            code=reason.code,
            contribution=reason.contribution,
            sentence=Words(zh=sentence(reason, "zh"), en=sentence(reason, "en")),
            values=[
                ReasonValue(name=name, value=Scalar(value)) for name, value in reason.values.items()
            ],
        )
        for reason in reasons
    ]


def score_of(run: model.Run, score: model.NodeScore) -> Score:
    """A score as GraphQL says it."""
    return Score(value=score.score, reasons=reasons_of(score.reasons), run=run_of(run))
