"""Findings as documents for ``--json``: equal findings give equal bytes on every engine."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from graphrisk.analysis.entities import Entity
    from graphrisk.analysis.inquiry import Inquiry
    from graphrisk.analysis.model import Finding


class MemberDocument(TypedDict):
    """A member; ``nid`` joins with what ``graphrisk export`` writes."""

    nid: int
    kind: str
    role: str
    caption: str


class FindingDocument(TypedDict):
    """A finding; without the run that found it first, which differs between deployments."""

    id: str
    kind: str
    score: float
    members: list[MemberDocument]
    reasons: list[dict[str, object]]
    evidence: list[int]
    community: dict[str, object] | None


def finding_document(inquiry: Inquiry, finding: Finding) -> FindingDocument:
    """One finding with captions of its members as whoever asks may see them."""
    seen = inquiry.entities([member.nid for member in finding.members])
    return {
        "id": finding.finding_id,
        "kind": finding.kind,
        "score": finding.score,
        "members": [
            {"nid": m.nid, "kind": m.kind, "role": m.role, "caption": caption(seen.get(m.nid))}
            for m in finding.members
        ],
        "reasons": [asdict(reason) for reason in finding.reasons],
        "evidence": list(finding.evidence),
        "community": None if finding.community is None else asdict(finding.community),
    }


def caption(entity: Entity | None) -> str:
    """Empty for a node that was erased since."""
    return "" if entity is None else entity.caption
