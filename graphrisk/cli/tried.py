"""``graphrisk explain --counterfactual``: what was tried out, as text and as a document."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from graphrisk.analysis.counterfactual import Counterfactual
    from graphrisk.analysis.deployment import Deployment
    from graphrisk.analysis.inquiry import Inquiry
    from graphrisk.analysis.model import Finding
    from graphrisk.analysis.proof import Proof


class TriedDocument(TypedDict):
    """The least evidence without which the score falls; ``None`` where nothing brought it down."""

    below: float
    evidence: list[int] | None
    score: float | None


@dataclass(frozen=True, slots=True)
class Tried:
    """A finding with its counterfactual, if one held when it was applied."""

    finding: Finding
    below: float
    found: Counterfactual | None
    removed: list[Proof]

    def told(self, language: str) -> str:
        """For a person."""
        from graphrisk.analysis.explain import otherwise

        return otherwise(self.finding, self.found, self.removed, self.below, language)

    def document(self) -> TriedDocument:
        """For ``--json``."""
        if self.found is None:
            return {"below": self.below, "evidence": None, "score": None}
        evidence = list(self.found.evidence)
        return {"below": self.below, "evidence": evidence, "score": self.found.score}


def tried(deployment: Deployment, inquiry: Inquiry, finding: Finding, below: float) -> Tried:
    """Try it out on the columns of the latest run; ``Conflict`` where these have moved on."""
    from graphrisk.analysis.service import Findings
    from graphrisk.analysis.trial import otherwise

    deployment.record("counterfactual", "investigation", len(finding.evidence), finding.finding_id)
    findings = Findings(deployment.database, deployment.store)
    found = otherwise(finding, deployment.store, findings, deployment.snapshot_folder, below)
    removed = [] if found is None else inquiry.proofs(replace(finding, evidence=found.evidence))
    return Tried(finding, below, found, removed)
