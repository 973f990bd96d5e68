"""What mutations and filters are given; what is left out is not sent.

Written by ``make docs``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from graphrisk.client.calls import Model
from graphrisk.client.operations.kinds import (
    IdentityVerdict,
    NodeKind,
    SavedSubject,
    VerdictOutcome,
)


class AddPrincipalInput(Model):
    """Somebody who is to be known here."""

    name: str
    title: str = ""
    area: str


class AuditFilterInput(Model):
    """Which records; what is left out asks for nothing."""

    principal: str | None = None
    action: str | None = None
    case: str | None = None
    what: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class BeginWatchListInput(Model):
    """A new list; purpose and case are those of the request."""

    name: str
    expires_at: datetime


class BreakGlassInput(Model):
    """Areas that the caller opens to himself at once."""

    id: str
    case: str
    reason: str
    areas: Sequence[str]
    minutes: int


class CaseOrderInput(Model):
    """What the caller orders for a case."""

    case_id: str
    reason: str = ""
    step_id: str | None = None


class DecideRuleInput(Model):
    """A decision on a version of a rule."""

    rule: str
    version: str
    reason: str


class EndPrincipalInput(Model):
    """A principal who is to sign on no more, and why."""

    name: str
    reason: str


class GrantInput(Model):
    """A decision on a grant, and why."""

    grant: str
    reason: str


class GrantRightsInput(Model):
    """Rights for a principal:.

    no more than the policy lets the caller.
    """

    principal: str
    roles: Sequence[str]
    areas: Sequence[str]
    until: datetime
    reason: str


class IssueKeyInput(Model):
    """What a new key is good for:.

    no more than the caller holds.
    """

    name: str
    roles: Sequence[str] = ("application",)
    areas: Sequence[str]
    purposes: Sequence[str]
    expires_at: datetime


class JudgeIdentityInput(Model):
    """What the caller judges of two records of persons."""

    one: str
    other: str
    verdict: IdentityVerdict
    reason: str


class MeasureOrderInput(Model):
    """What the caller orders for a measure."""

    measure_id: str
    reason: str = ""
    step_id: str | None = None


class NewTaskInput(Model):
    """A task to be made.

    Its id, a UUID, is made by who asks for it.
    """

    id: str
    kind: str
    title: str
    area: str
    instructions: str = ""
    offered_to: str | None = None
    assignee: str | None = None
    case_id: str | None = None
    due_at: datetime | None = None
    expires_at: datetime | None = None


class OpenCaseInput(Model):
    """A new case; it begins with findings or with a matter."""

    id: str
    title: str
    area: str
    finding_ids: Sequence[str] = ()
    matter: str | None = None


class OpeningOrderInput(Model):
    """What the caller orders for a request or an emergency, and why."""

    id: str
    reason: str
    step_id: str | None = None


class ProofFileInput(Model):
    """A file, by what it holds."""

    sha256: str
    media_type: str
    size: int


class ProposeMeasureInput(Model):
    """A severe measure that the caller proposes in a case he holds."""

    id: str
    case_id: str
    kind: str
    target: str
    reason: str


class RegisterWebhookInput(Model):
    """What is to be posted, and where to."""

    url: str
    kinds: Sequence[str] = ()
    area: str = ""
    expires_at: datetime


class RehearseRuleInput(Model):
    """A version and the period whose events it is to judge."""

    rule: str
    version: str
    since: datetime
    until: datetime


class RequestAccessInput(Model):
    """What the caller asks to see, and in which case."""

    id: str
    stub: str
    case: str
    reason: str


class RotateKeyInput(Model):
    """Another secret for a key."""

    key: str
    overlap_hours: int = 24


class RotateWebhookInput(Model):
    """Another secret for a webhook."""

    webhook: str
    overlap_hours: int = 24


class SaveQueryInput(Model):
    """A query to be asked again; purpose and case are those of the request."""

    name: str
    subject: SavedSubject
    text: str | None = None
    kinds: Sequence[NodeKind] | None = None
    kind: str | None = None


class SetRuleShadowInput(Model):
    """Whether a submitted version judges beside the live one."""

    rule: str
    version: str
    on: bool
    reason: str


class SubmitProofInput(Model):
    """What proves that a task is done, as its kind asks."""

    task: str
    step: str
    text: str = ""
    files: Sequence[ProofFileInput] = ()
    longitude: float | None = None
    latitude: float | None = None
    taken_at: datetime | None = None


class SubmitRuleInput(Model):
    """A rule file that holds one rule, with its counters and lists."""

    text: str
    reason: str


class VerdictPartInput(Model):
    """What a verdict says of a finding, a role, or a role in a finding."""

    outcome: VerdictOutcome
    finding_id: str | None = None
    role: str | None = None


class WatchInput(Model):
    """Things of one kind to be watched, by key."""

    watch_list: str
    kind: NodeKind
    keys: Sequence[str]
