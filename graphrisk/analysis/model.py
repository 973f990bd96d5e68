"""What a detection run says: findings with members, roles, reasons and evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """A node's part in a finding."""

    nid: int
    kind: str
    role: str  # organiser, caller, mule, victim, account, device, …


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a code of the reason vocabulary with its weight and the values it was filled with.

    ``values`` are numbers or short texts, never personal data; ``contribution`` is this reason's
    share of the score. The readable sentence (zh, en) is made from the code's template.
    """

    code: str
    contribution: float
    values: Mapping[str, int | float | str]


@dataclass(frozen=True, slots=True)
class Community:
    """The community that holds most members of a finding, as the run saw it."""

    community_id: str  # goes on from run to run with most of its nodes
    size: int  # nodes, of whatever kind
    members: int  # of the finding, among them
    stability: float  # 0–1: how exactly other seeds give it again
    surprise: float  # -log10 of the chance that some group of the size is as close
    is_reliable: bool  # stable, and beyond chance


@dataclass(frozen=True, slots=True)
class Finding:
    """A ring, break or warning with its evidence. ``finding_id`` is stable between runs."""

    finding_id: str
    kind: str  # scam_cell, laundering_cycle, laundering_flow, identity_ring, …
    score: float  # 0–1
    members: tuple[Member, ...]  # in (kind, nid) order
    reasons: tuple[Reason, ...]  # strongest first
    evidence: tuple[int, ...]  # eids that carried it, ascending
    first_run: str  # run that first found it
    community: Community | None = None  # None: most members are tied to nobody
    redacted: bool = False  # what lies outside the principal's scope is cut off


@dataclass(frozen=True, slots=True)
class Run:
    """One detection run: what it saw and with which parameters."""

    run_id: str
    started_at: int  # epoch ms UTC
    store_id: str
    snapshot_version: int
    model: str  # model version, e.g. "spine-1"
    parameters_digest: str
    snapshot_stamp: int = 0  # of that version in the store's history (``Reader.stamp``)


@dataclass(frozen=True, slots=True)
class NodeScore:
    """A node's risk score in a run, with reasons."""

    nid: int
    score: float  # 0–1
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Behind a finding in the list of the run that was latest when the list was begun."""

    run: int  # its number
    finding_id: str


@dataclass(frozen=True, slots=True)
class FindingPage:
    """One keyset page of findings in (score descending, finding_id) order."""

    items: tuple[Finding, ...]
    has_next: bool
    total: int  # of all findings that match, not of this page
    run: int  # number of the run that is listed; -1: there is none

    def place(self, item: Finding) -> Place:
        """Where the list goes on behind ``item``."""
        return Place(self.run, item.finding_id)


@dataclass(frozen=True, slots=True)
class Lineage:
    """What became of a finding from the run before to this one."""

    finding_id: str
    event: str  # born, kept, grown, shrunk, changed, split, merged, dissolved
    other_id: str | None  # the finding it split from or was merged into
    overlap: float  # Jaccard of its members with those of the run before


@dataclass(frozen=True, slots=True)
class FrameReport:
    """How the communities of a run were found."""

    began: str  # afresh, continued (from the run before) or kept (nothing changed)
    changed: float  # share of the pairs since the run before; 1 where there is none to compare
    runs: int  # of the consensus
    resolutions: tuple[float, ...]
    pairs: int
    components: int  # of two nodes or more, as communities are
    communities: int
    reliable: int  # of them


@dataclass(frozen=True, slots=True)
class DetectionReport:
    """What ``detect`` did, for the command line."""

    run: Run
    nodes: int
    edges: int
    rows_read: int  # by the snapshot's refresh
    findings: Mapping[str, int]  # number per kind
    lineage: Mapping[str, int]  # number per event
    scored_nodes: int
    scores_written: int  # rows of the graph that changed
    frame: FrameReport
    shifts: Mapping[str, float]  # what verdicts taught, by the facts that evidence counts
    seconds: Mapping[str, float]  # of each stage, in order
