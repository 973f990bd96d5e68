"""Operations: rules.

Written by ``make docs``.
"""

from __future__ import annotations

from datetime import datetime

from graphrisk.client.calls import Call, Model, Paged, many, maybe, one
from graphrisk.client.operations.common import EntityBrief, Page, Words
from graphrisk.client.operations.inputs import (
    DecideRuleInput,
    RehearseRuleInput,
    SetRuleShadowInput,
    SubmitRuleInput,
)
from graphrisk.client.operations.kinds import EdgeKind


class RuleSteps(Model):
    """A step in the life of a version:.

    who took it, when and why.
    """

    step: str
    author: str
    reason: str
    at: datetime


class Rule(Model):
    """A version of a rule.

    Of each rule one version is live.
    """

    id: str
    version: str
    title: Words
    category: str | None
    event: str
    about: str
    alert: int
    action: int | None
    rung: str | None
    state: str
    shadow: bool
    maker: str
    document: str
    steps: list[RuleSteps]


class RuleRehearsalDays(Model):
    """A day of a rehearsal, by China's calendar."""

    begin: datetime
    warnings: int
    actions: int
    capped: int


class RuleRehearsal(Model):
    """A rehearsal of a version on the events that are loaded."""

    id: str
    rule: str
    version: str
    since: datetime
    until: datetime
    asked_by: str
    done: int
    total: int
    finished_at: datetime | None
    events: int | None
    hits: int | None
    days: list[RuleRehearsalDays]
    grids: list[RehearsedLoad]
    officers: list[RehearsedLoad]


class RehearsedLoad(Model):
    """How many hits fall to a grid cell or an officer."""

    hits: int
    most_aday: int
    who: EntityBrief | None


class RuleHitsEdgesNodeReasons(Model):
    """A reason of a hit:.

    what was measured, and the points it gave.
    """

    text: Words
    value: float
    points: int


class RuleHitsEdgesNodeEvidence(Model):
    """One fact that joins two entities."""

    id: str
    kind: EdgeKind
    valid_from: datetime | None


class RuleHitsEdgesNode(Model):
    """What a version said of an event; of each event once."""

    rule: str
    version: str
    title: Words
    event: str
    at: datetime
    points: int
    level: str
    outcome: str
    rung: str | None
    reasons: list[RuleHitsEdgesNodeReasons]
    about: EntityBrief | None
    evidence: list[RuleHitsEdgesNodeEvidence | None]


class RuleHitsEdges(Model):
    """A hit in a page of hits."""

    cursor: str
    node: RuleHitsEdgesNode


class RuleHits(Model):
    """A page of hits, latest kept first."""

    edges: list[RuleHitsEdges]
    page_info: Page


class RuleDifference(Model):
    """What a shadow said otherwise than the live version."""

    both: int
    live_only: int
    shadow_only: int
    louder: int
    quieter: int


def rules(*, rule: str | None = None, state: str | None = None) -> Call[list[Rule] | None]:
    """Versions of rules, oldest first:.

    all, those of one rule, or those in one state. A deployment has few; all are listed.
    """
    return Call("Rules", "rules", {"rule": rule, "state": state}, maybe(many(one(Rule))))


def rule(*, id: str, version: str) -> Call[Rule | None]:
    """One version of a rule."""
    return Call("Rule", "rule", {"id": id, "version": version}, maybe(one(Rule)))


def rule_hits(
    *, first: int = 20, after: str | None = None, rule: str | None = None
) -> Paged[RuleHits | None, RuleHitsEdgesNode]:
    """What rules said of events, latest kept first, shadows among them; of all rules or one.

    Within the caller's areas: about whom he sees.
    """
    return Paged(
        "RuleHits",
        "ruleHits",
        {"first": first, "after": after, "rule": rule},
        maybe(one(RuleHits)),
        lambda found: found,
    )


def rule_difference(*, rule: str, version: str, since: datetime) -> Call[RuleDifference | None]:
    """What a shadow said otherwise than the live version of its rule, over events since a
    moment.
    """
    return Call(
        "RuleDifference",
        "ruleDifference",
        {"rule": rule, "version": version, "since": since},
        maybe(one(RuleDifference)),
    )


def rule_rehearsal(*, id: str) -> Call[RuleRehearsal | None]:
    """A rehearsal:.

    how far it is, and what it gave.
    """
    return Call("RuleRehearsal", "ruleRehearsal", {"id": id}, maybe(one(RuleRehearsal)))


def submit_rule(*, input: SubmitRuleInput) -> Call[Rule]:
    """Put a version of a rule in for approval.

    Approving takes another person.
    """
    return Call("SubmitRule", "submitRule", {"input": input}, one(Rule))


def draft_rule(*, text: str) -> Call[Rule]:
    """Keep a version that is not ready yet; submitting it later takes the same text."""
    return Call("DraftRule", "draftRule", {"text": text}, one(Rule))


def approve_rule(*, input: DecideRuleInput) -> Call[Rule]:
    """Put a submitted version live in place of the one before."""
    return Call("ApproveRule", "approveRule", {"input": input}, one(Rule))


def refuse_rule(*, input: DecideRuleInput) -> Call[Rule]:
    """Send a submitted version back; it may be submitted again."""
    return Call("RefuseRule", "refuseRule", {"input": input}, one(Rule))


def retire_rule(*, input: DecideRuleInput) -> Call[Rule]:
    """End a version; it judges no more."""
    return Call("RetireRule", "retireRule", {"input": input}, one(Rule))


def set_rule_shadow(*, input: SetRuleShadowInput) -> Call[Rule]:
    """Have a submitted version judge beside the live one, or no longer:.

    its hits are kept, nothing is done and nobody is told.
    """
    return Call("SetRuleShadow", "setRuleShadow", {"input": input}, one(Rule))


def rehearse_rule(*, input: RehearseRuleInput) -> Call[RuleRehearsal]:
    """Have the worker judge the events of a period by a version:.

    warnings and actions a day, by grid cell and by officer. Nothing is kept as a hit.
    """
    return Call("RehearseRule", "rehearseRule", {"input": input}, one(RuleRehearsal))
