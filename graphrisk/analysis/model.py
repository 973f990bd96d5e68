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
class Finding:
    """A ring, break or warning with its evidence. ``finding_id`` is stable between runs."""

    finding_id: str
    kind: str  # scam_cell, mule_ladder, laundering_cycle, identity_ring, …
    score: float  # 0–1
    members: tuple[Member, ...]  # in (kind, nid) order
    reasons: tuple[Reason, ...]  # strongest first
    evidence: tuple[int, ...]  # eids that carried it, ascending
    first_run: str  # run that first found it


@dataclass(frozen=True, slots=True)
class Run:
    """One detection run: what it saw and with which parameters."""

    run_id: str
    started_at: int  # epoch ms UTC
    store_id: str
    snapshot_version: int
    model: str  # model version, e.g. "spine-1"
    parameters_digest: str


@dataclass(frozen=True, slots=True)
class NodeScore:
    """A node's risk score in a run, with reasons."""

    nid: int
    score: float  # 0–1
    reasons: tuple[Reason, ...]
