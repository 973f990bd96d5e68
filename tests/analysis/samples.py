"""Runs and findings to put into an operations database."""

from __future__ import annotations

from dataclasses import dataclass

from graphrisk.analysis.findings import node_scores
from graphrisk.analysis.model import Community, Finding, Lineage, Member, Reason, Run
from graphrisk.analysis.records import SavedRun


@dataclass(frozen=True)
class Graph:
    """A graph that has the history that the runs of its store say they saw; ``None``: any store."""

    store_id: str | None = "store"

    def passed(self, store_id: str, version: int, stamp: int) -> bool:  # noqa: ARG002
        return self.store_id in (None, store_id)


def finding(
    name: str,
    score: float = 0.5,
    kind: str = "scam_cell",
    nids: tuple[int, ...] = (1, 2),
    evidence: tuple[int, ...] = (7, 9),
) -> Finding:
    values = {"passed": 3, "transfers": 4, "amount": 5_000_000, "usual": 0.02}
    reason = Reason("passes_on", score, values)
    return Finding(
        finding_id=name,
        kind=kind,
        score=score,
        members=tuple(Member(nid, "Account", "mule") for nid in nids),
        reasons=(reason,),
        evidence=evidence,
        first_run="run-1",
        community=Community("community_1", 40, 2, 0.81, 9.5, is_reliable=True),
    )


def saved_run(
    name: str, *findings: Finding, store_id: str = "store", version: int = 3, stamp: int = 0
) -> SavedRun:
    run = Run(
        run_id=name,
        started_at=1_000,
        store_id=store_id,
        snapshot_version=version,
        model="spine-1",
        parameters_digest="d",
        snapshot_stamp=stamp,
    )
    told = [Lineage(one.finding_id, "born", None, 0.0) for one in findings]
    return SavedRun(
        run=run,
        finished_at=2_000,
        parameters={"fan_in": {"window": 3}},
        findings=findings,
        lineage=told,
        scores=node_scores(findings),
    )
