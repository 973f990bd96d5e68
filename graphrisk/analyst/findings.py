"""Findings in a notebook: a table of them, and each as text and picture."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pyarrow as pa

from graphrisk.analysis.explain import explain, kind_name, role_name, sentence
from graphrisk.analysis.inquiry import Inquiry
from graphrisk.analysis.model import Finding
from graphrisk.analyst.picture import Picture
from graphrisk.core.ids import OpaqueIds

_LANGUAGES = ("zh", "en")


def finding_table(findings: Sequence[Finding]) -> pa.Table:
    """``id, kind, score, members, reason`` (the strongest one's sentence, in English)."""
    return pa.table(
        {
            "id": pa.array([one.finding_id for one in findings], pa.string()),
            "kind": pa.array([one.kind for one in findings], pa.string()),
            "score": pa.array([one.score for one in findings], pa.float64()),
            "members": pa.array([len(one.members) for one in findings], pa.int64()),
            "reason": pa.array([sentence(one.reasons[0], "en") for one in findings], pa.string()),
        }
    )


class FindingView:
    """A finding as its viewer sees it. In a notebook it shows itself: picture, reasons, doubts."""

    def __init__(self, inquiry: Inquiry, finding: Finding, ids: OpaqueIds) -> None:
        self._inquiry = inquiry
        self._ids = ids
        self.finding = finding
        seen = inquiry.entities([member.nid for member in finding.members])
        self._captions = {nid: entity.caption for nid, entity in seen.items()}

    def __repr__(self) -> str:
        one = self.finding
        return f"<{one.finding_id} {one.kind} {one.score:.2f}, {len(one.members)} members>"

    @property
    def nids(self) -> list[int]:
        """Node numbers of the members, as in ``Graph``."""
        return [member.nid for member in self.finding.members]

    @property
    def members(self) -> pa.Table:
        """``nid, id, kind, role, caption``."""
        members = self.finding.members
        return pa.table(
            {
                "nid": pa.array(self.nids, pa.int64()),
                "id": [self._ids.encode(one.kind.lower(), one.nid) for one in members],
                "kind": [one.kind for one in members],
                "role": [one.role for one in members],
                "caption": [self._captions.get(one.nid, "") for one in members],
            }
        )

    def explanation(self, language: str = "en") -> str:
        """Why, who, on which evidence and what to doubt, in ``zh`` or ``en``."""
        proofs = self._inquiry.proofs(self.finding)
        parts = self._inquiry.money_parts(self.finding)
        return explain(self.finding, self._captions, proofs, language, parts)

    def picture(self) -> Picture:
        """Members and evidence, to be moved and pointed at."""
        svg = self._inquiry.picture(self.finding, self._captions)
        title = " ".join(kind_name(self.finding.kind, language) for language in _LANGUAGES)
        return Picture(svg, title)

    def roles(self) -> dict[str, int]:
        """How many members have each role, by its English name."""
        found: dict[str, int] = {}
        for member in self.finding.members:
            name = role_name(member.role, "en")
            found[name] = found.get(name, 0) + 1
        return found

    def _repr_html_(self) -> str:
        told = "".join(
            f'<pre style="white-space:pre-wrap">{escape(self.explanation(language))}</pre>'
            for language in _LANGUAGES
        )
        return self.picture()._repr_html_() + told
