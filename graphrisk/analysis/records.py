"""Runs in the operations database: saved whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from graphrisk.analysis.findings import Earlier
from graphrisk.analysis.lessons import LOTS, Lots
from graphrisk.analysis.lineage import Group
from graphrisk.analysis.model import Finding, Lineage, NodeScore, Run
from graphrisk.analysis.rows import finding_values, is_of, member_values, reasons_json
from graphrisk.analysis.tables import (
    FindingRow,
    LineageRow,
    MemberRow,
    NodeScoreRow,
    RecordRow,
    RunRow,
)
from graphrisk.store.contract import History
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.outbox import emit


@dataclass(frozen=True, slots=True)
class SavedRun:
    """All that a run leaves behind."""

    run: Run
    finished_at: int  # epoch ms UTC
    parameters: Mapping[str, Mapping[str, int | float]]
    findings: Sequence[Finding]
    lineage: Sequence[Lineage]
    scores: Sequence[NodeScore]
    #: Other records of persons that are members, and which member each is.
    records: Mapping[int, int] = field(default_factory=dict)


class Records:
    """Writes runs, and reads what the next run has to continue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def earlier(self, graph: History) -> dict[str, Earlier]:
        """The findings of the latest run by id; none when that run saw another graph."""
        with self._database.reading() as session:
            latest = select(RunRow).order_by(RunRow.number.desc()).limit(1)
            run = session.execute(latest).scalar_one_or_none()
            if run is None or not is_of(graph, run):
                return {}
            parts = select(MemberRow.finding_id, MemberRow.nid).where(MemberRow.run == run.number)
            nids: dict[str, set[int]] = {}
            for finding_id, nid in session.execute(parts):
                nids.setdefault(finding_id, set()).add(nid)
            rows = session.execute(select(FindingRow).where(FindingRow.run == run.number)).scalars()
            return {
                row.finding_id: Earlier(
                    Group(row.kind, frozenset(nids[row.finding_id])), row.first_run
                )
                for row in rows
            }

    def is_current(self, graph: History, version: int, parameters_digest: str) -> bool:
        """True when the latest run saw this version with these parameters and is in the graph."""
        with self._database.reading() as session:
            latest = select(RunRow).order_by(RunRow.number.desc()).limit(1)
            run = session.execute(latest).scalar_one_or_none()
            seen = (version, parameters_digest)
            return (
                run is not None
                and run.scores_written_at is not None
                and (run.snapshot_version, run.parameters_digest) == seen
                and is_of(graph, run)
            )

    def save(self, saved: SavedRun) -> int:
        """Write the run with its event in one transaction; the number it was given."""
        with self._database.session() as session:
            row = _run_row(saved)
            session.add(row)
            session.flush()
            number = row.number
            for table, values in (
                (FindingRow, [finding_values(number, item) for item in saved.findings]),
                (MemberRow, [v for item in saved.findings for v in member_values(number, item)]),
                (LineageRow, [_lineage_values(number, item) for item in saved.lineage]),
                (NodeScoreRow, [_score_values(number, item) for item in saved.scores]),
                (RecordRow, [_record_values(number, *item) for item in saved.records.items()]),
            ):
                if values:
                    session.execute(insert(table), values)
            payload = {"findings": len(saved.findings), "model": saved.run.model}
            emit(session, "detection.finished", saved.run.run_id, payload, saved.finished_at)
            return number

    def mark_written(self, number: int, now_ms: int) -> None:
        """Note that the scores of a run have reached the graph."""
        with self._database.session() as session:
            ours = update(RunRow).where(RunRow.number == number)
            session.execute(ours.values(scores_written_at=now_ms))


def lots_of(session: Session) -> Lots:
    """Whom the lots of all runs drew."""
    query = select(RunRow.finished_at, RunRow.parameters)
    rows = session.execute(query.order_by(RunRow.finished_at, RunRow.number)).all()
    return Lots(
        tuple(row.finished_at for row in rows),
        tuple(cast("Mapping[str, float]", row.parameters.get(LOTS, {})) for row in rows),
    )


def _run_row(saved: SavedRun) -> RunRow:
    run = saved.run
    return RunRow(
        run_id=run.run_id,
        started_at=run.started_at,
        finished_at=saved.finished_at,
        store_id=run.store_id,
        snapshot_version=run.snapshot_version,
        model=run.model,
        parameters_digest=run.parameters_digest,
        snapshot_stamp=run.snapshot_stamp,
        parameters={finder: dict(values) for finder, values in saved.parameters.items()},
        scores_written_at=None,
    )


def _lineage_values(number: int, item: Lineage) -> dict[str, object]:
    return {
        "run": number,
        "finding_id": item.finding_id,
        "event": item.event,
        "other_id": item.other_id,
        "overlap": item.overlap,
    }


def _record_values(number: int, nid: int, member: int) -> dict[str, object]:
    return {"run": number, "nid": nid, "stands_for": member}


def _score_values(number: int, item: NodeScore) -> dict[str, object]:
    return {
        "run": number,
        "nid": item.nid,
        "score": item.score,
        "reasons": reasons_json(item.reasons),
    }
