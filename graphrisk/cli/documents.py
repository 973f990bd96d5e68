"""Findings as documents for ``--json``: equal findings give equal bytes on every engine."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, TypedDict

import numpy as np

from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.model import Purpose
from graphrisk.analysis.entities import Viewer, captions

if TYPE_CHECKING:
    from graphrisk.analysis.model import Finding
    from graphrisk.store.contract import Reader

#: Whoever works on the command line sees what the development principal sees without a case.
VIEWER = Viewer(DEVELOPMENT, Purpose("investigation"))


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


def finding_document(reader: Reader, finding: Finding) -> FindingDocument:
    """One finding with masked captions of its members."""
    nids = np.array([member.nid for member in finding.members], dtype=np.int64)
    names = captions(reader, nids, VIEWER)
    return {
        "id": finding.finding_id,
        "kind": finding.kind,
        "score": finding.score,
        "members": [
            {"nid": m.nid, "kind": m.kind, "role": m.role, "caption": names.get(m.nid, "")}
            for m in finding.members
        ],
        "reasons": [asdict(reason) for reason in finding.reasons],
        "evidence": list(finding.evidence),
    }
