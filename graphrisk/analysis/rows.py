"""Between the types of ``model`` and the rows of ``tables``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, cast

from graphrisk.analysis.model import Community, Finding, Member, NodeScore, Reason, Run
from graphrisk.analysis.tables import FindingRow, MemberRow, NodeScoreRow, RunRow
from graphrisk.store.contract import History


def run_of(row: RunRow) -> Run:
    """The run of a row."""
    return Run(
        run_id=row.run_id,
        started_at=row.started_at,
        store_id=row.store_id,
        snapshot_version=row.snapshot_version,
        model=row.model,
        parameters_digest=row.parameters_digest,
        snapshot_stamp=row.snapshot_stamp,
    )


def is_of(graph: History, row: RunRow) -> bool:
    """Whether the run saw this graph: this store, and a version that lies in its history."""
    return graph.passed(row.store_id, row.snapshot_version, row.snapshot_stamp)


def finding_of(row: FindingRow, members: Iterable[MemberRow]) -> Finding:
    """The finding of a row and its members' rows (in any order)."""
    parts = [Member(nid=part.nid, kind=part.kind, role=part.role) for part in members]
    return Finding(
        finding_id=row.finding_id,
        kind=row.kind,
        score=row.score,
        members=tuple(sorted(parts, key=lambda part: (part.kind, part.nid))),
        reasons=_reasons_of(row.reasons),
        evidence=tuple(row.evidence),
        first_run=row.first_run,
        community=None if row.community is None else Community(**cast("Any", row.community)),
    )


def node_score_of(row: NodeScoreRow) -> NodeScore:
    """The node score of a row."""
    return NodeScore(nid=row.nid, score=row.score, reasons=_reasons_of(row.reasons))


def finding_values(run: int, finding: Finding) -> dict[str, object]:
    """Insert values of a finding in the run of that number, without its members."""
    return {
        "run": run,
        "finding_id": finding.finding_id,
        "kind": finding.kind,
        "score": finding.score,
        "reasons": reasons_json(finding.reasons),
        "evidence": list(finding.evidence),
        "first_run": finding.first_run,
        "community": None if finding.community is None else asdict(finding.community),
    }


def member_values(run: int, finding: Finding) -> list[dict[str, object]]:
    """Insert values of a finding's members."""
    return [
        {
            "run": run,
            "finding_id": finding.finding_id,
            "nid": member.nid,
            "kind": member.kind,
            "role": member.role,
        }
        for member in finding.members
    ]


def reasons_json(reasons: Sequence[Reason]) -> list[dict[str, object]]:
    """Reasons as JSON."""
    return [
        {
            "code": reason.code,
            "contribution": reason.contribution,
            "values": dict(reason.values),
        }
        for reason in reasons
    ]


def _reasons_of(documents: Sequence[Mapping[str, object]]) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            code=cast("str", document["code"]),
            contribution=cast("float", document["contribution"]),
            values=cast("Mapping[str, int | float | str]", document["values"]),
        )
        for document in documents
    )
