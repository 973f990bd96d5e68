"""Scores as JSON documents."""

from __future__ import annotations

from pydantic import BaseModel, Field

from graphrisk.analysis import model
from graphrisk.analysis.explain import sentence
from graphrisk.api.times import time_text

ID = "account_0123456789abc"


class Sentence(BaseModel):
    """The reason in words."""

    zh: str
    en: str


class ScoreReason(BaseModel):
    """Why, with its share of the score."""

    code: str = Field(examples=["member_of"])
    contribution: float = Field(ge=0, le=1, examples=[0.97])
    sentence: Sentence


class ScoreDocument(BaseModel):
    """Risk of an entity in the last run; 0 without reasons where nothing speaks against it."""

    id: str = Field(examples=[ID])
    score: float = Field(ge=0, le=1, examples=[0.97])
    reasons: list[ScoreReason]
    model: str = Field(examples=["spine-1"])
    snapshot: str = Field(description="STORE@CHANGE: the state of the graph the run saw")
    run: str
    computed_at: str | None = Field(examples=["2026-03-01T00:00:00.000Z"])


class ScoreItem(BaseModel):
    """One id's answer; `status` is what a request for it alone would be answered with."""

    id: str = Field(examples=[ID])
    status: int = Field(description="200, 400 (no id) or 404 (no such entity)", examples=[200])
    score: float | None = Field(ge=0, le=1, examples=[0.97])
    reasons: list[ScoreReason]


class ScoreBatch(BaseModel):
    """Scores of one run, in the order in which they were asked for."""

    items: list[ScoreItem]
    model: str = Field(examples=["spine-1"])
    snapshot: str = Field(description="STORE@CHANGE: the state of the graph the run saw")
    run: str
    computed_at: str | None = Field(examples=["2026-03-01T00:00:00.000Z"])


class ScoresAsked(BaseModel):
    """What a batch asks for."""

    ids: list[str] = Field(min_length=1, max_length=1_000, examples=[[ID]])


def score_document(entity_id: str, run: model.Run, found: model.NodeScore) -> ScoreDocument:
    """The score of one entity."""
    return ScoreDocument(
        id=entity_id,
        score=found.score,
        reasons=_reasons(found),
        model=run.model,
        snapshot=f"{run.store_id}@{run.snapshot_version}",
        run=run.run_id,
        computed_at=time_text(run.started_at),
    )


def score_batch(run: model.Run, found: list[tuple[str, int, model.NodeScore | None]]) -> ScoreBatch:
    """Scores of several: id, status, and what was found."""
    return ScoreBatch(
        items=[
            ScoreItem(
                id=entity_id,
                status=status,
                score=None if one is None else one.score,
                reasons=[] if one is None else _reasons(one),
            )
            for entity_id, status, one in found
        ],
        model=run.model,
        snapshot=f"{run.store_id}@{run.snapshot_version}",
        run=run.run_id,
        computed_at=time_text(run.started_at),
    )


def _reasons(found: model.NodeScore) -> list[ScoreReason]:
    return [
        ScoreReason(
            code=reason.code,
            contribution=reason.contribution,
            sentence=Sentence(zh=sentence(reason, "zh"), en=sentence(reason, "en")),
        )
        for reason in found.reasons
    ]
