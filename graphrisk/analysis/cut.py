"""Findings cut to what a principal sees: members, evidence, reasons, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from graphrisk.analysis.model import Finding, FindingPage, Lineage, NodeScore, Place, Reason
from graphrisk.analysis.service import Findings
from graphrisk.core.errors import BadInput
from graphrisk.store.contract import Reader

#: In place of reasons that count what lies outside: they would tell of it.
WITHHELD = "withheld"
_PAGE = 500


def cut(findings: Sequence[Finding], reader: Reader) -> list[Finding]:
    """The findings with a member in the reader's scope, each with what lies within.

    One that lies within as a whole stays as it is. Of another the members outside, the edges
    between them, the community and the reasons, which count them, are left out. Cost: two reads.
    """
    outside = reader.outside(_numbers(one.nid for item in findings for one in item.members))
    if not outside:
        return list(findings)
    partial = [item for item in findings if any(one.nid in outside for one in item.members)]
    told = reader.get_edges(_numbers(eid for item in partial for eid in item.evidence))
    seen = {eid for rows in told.values() for eid in rows["eid"].to_numpy().tolist()}
    cuts = (_cut(item, outside, seen) for item in findings)
    return [item for item in cuts if item.members]


def _cut(item: Finding, outside: Mapping[int, str], seen: set[int]) -> Finding:
    members = tuple(one for one in item.members if one.nid not in outside)
    if len(members) == len(item.members):
        return item
    return replace(
        item,
        members=members,
        reasons=(withheld(item.score),),
        evidence=tuple(eid for eid in item.evidence if eid in seen),
        community=None,
        redacted=True,
    )


def withheld(contribution: float) -> Reason:
    """Stands for reasons that would tell of what lies outside."""
    return Reason(WITHHELD, contribution, {})


def cut_score(score: NodeScore, findings: Sequence[Finding]) -> NodeScore:
    """A node's score; its reasons only if all findings it comes from lie within the scope."""
    if not any(item.redacted for item in findings) or not score.reasons:
        return score
    return replace(score, reasons=(withheld(score.score),))


def cut_lineage(told: Iterable[Lineage], seen: set[str]) -> dict[str, Lineage]:
    """By finding, of those that are seen; another finding is named only if it is seen as well."""
    return {
        item.finding_id: item if item.other_id in seen else replace(item, other_id=None)
        for item in told
        if item.finding_id in seen
    }


def cut_page(
    findings: Findings, reader: Reader, after: Place | None, limit: int, kind: str | None
) -> FindingPage:
    """A page of what is left of the findings; ``total`` counts these. Cost: a pass over the run."""
    if limit < 1:
        raise BadInput(f"limit must be at least 1, not {limit}")
    behind = _every(findings, reader, after, kind)
    before = behind if after is None else _every(findings, reader, None, kind)
    page = findings.page(after, 1, kind)
    return FindingPage(tuple(behind[:limit]), len(behind) > limit, len(before), page.run)


def _every(
    findings: Findings, reader: Reader, after: Place | None, kind: str | None
) -> list[Finding]:
    found: list[Finding] = []
    while True:
        page = findings.page(after, _PAGE, kind)
        found += cut(page.items, reader)
        if not page.has_next:
            return found
        after = page.place(page.items[-1])


def _numbers(found: Iterable[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.unique(np.fromiter(found, np.int64))
