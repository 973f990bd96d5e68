"""Findings as a case keeps them: members by key, which outlive a graph's numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.analysis.model import Finding
from graphrisk.centre.cases.model import FoundRing, Seen
from graphrisk.store.contract import Store

_PURPOSE = Purpose("operation")


def kept_rings(store: Store, findings: Sequence[Finding]) -> list[FoundRing]:
    """The findings with their members' keys; members that were erased since are left out."""
    nids = sorted({member.nid for finding in findings for member in finding.members})
    reader = store.reader(EVERYTHING, _PURPOSE)
    keys: dict[int, str] = {}
    for table in reader.get_nodes(np.array(nids, np.int64)).values():
        found = table.select(["nid", "key"]).to_pydict()
        keys.update(zip(found["nid"], found["key"], strict=True))
    return [
        FoundRing(
            finding_id=one.finding_id,
            kind=one.kind,
            score=one.score,
            members=tuple(
                sorted(
                    (Seen(m.kind, keys[m.nid], m.role) for m in one.members if m.nid in keys),
                    key=lambda seen: (seen.kind, seen.key),
                )
            ),
        )
        for one in findings
    ]
