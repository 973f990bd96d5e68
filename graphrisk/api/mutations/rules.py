"""Decisions on rules: put in, approve, refuse, retire, shadow, rehearse."""

from __future__ import annotations

import strawberry

from graphrisk.analysis.rules import model
from graphrisk.analysis.rules.form import read_rules
from graphrisk.analysis.rules.service import LONGEST_REASON
from graphrisk.api.context import Asked
from graphrisk.api.inputs import text_of
from graphrisk.api.types.rules import Rule, RuleRehearsal, rehearsal_of, rule_of
from graphrisk.api.types.scalars import DateTime
from graphrisk.core.errors import BadInput

_LONGEST_FILE = 200_000


@strawberry.input(description="A rule file that holds one rule, with its counters and lists.")
class SubmitRuleInput:
    """Who submits is the caller."""

    text: str = strawberry.field(description="YAML, or JSON, which is YAML.")
    reason: str


@strawberry.input(description="A decision on a version of a rule.")
class DecideRuleInput:
    """Who decides is the caller."""

    rule: str
    version: str
    reason: str


@strawberry.input(description="Whether a submitted version judges beside the live one.")
class SetRuleShadowInput:
    """Who decides is the caller."""

    rule: str
    version: str
    on: bool
    reason: str


@strawberry.input(description="A version and the period whose events it is to judge.")
class RehearseRuleInput:
    """Half-open, at most 366 days."""

    rule: str
    version: str
    since: DateTime
    until: DateTime


@strawberry.type
class RuleMutations:
    """One method a decision."""

    @strawberry.field(
        description="Put a version of a rule in for approval. Approving takes another person."
    )
    async def submit_rule(self, info: Asked, input: SubmitRuleInput) -> Rule:
        """A new version, or one that was refused or retired, once more."""
        context, reason = info.context, text_of(input.reason, "reason", LONGEST_REASON)
        rule = _one_rule(input.text)
        return rule_of(await context.ask(context.rules.submit, *context.asker, rule, reason))

    @strawberry.field(
        description="Keep a version that is not ready yet; submitting it later takes the same text."
    )
    async def draft_rule(self, info: Asked, text: str) -> Rule:
        """A draft."""
        context, rule = info.context, _one_rule(text)
        return rule_of(await context.ask(context.rules.draft, *context.asker, rule))

    @strawberry.field(description="Put a submitted version live in place of the one before.")
    async def approve_rule(self, info: Asked, input: DecideRuleInput) -> Rule:
        """Never by who drafted or submitted it."""
        context = info.context
        return rule_of(await context.ask(context.rules.approve, *context.asker, *_said(input)))

    @strawberry.field(description="Send a submitted version back; it may be submitted again.")
    async def refuse_rule(self, info: Asked, input: DecideRuleInput) -> Rule:
        """Never by who drafted or submitted it."""
        context = info.context
        return rule_of(await context.ask(context.rules.refuse, *context.asker, *_said(input)))

    @strawberry.field(description="End a version; it judges no more.")
    async def retire_rule(self, info: Asked, input: DecideRuleInput) -> Rule:
        """Whatever its state."""
        context = info.context
        return rule_of(await context.ask(context.rules.retire, *context.asker, *_said(input)))

    @strawberry.field(
        description="Have a submitted version judge beside the live one, or no longer: its hits "
        "are kept, nothing is done and nobody is told."
    )
    async def set_rule_shadow(self, info: Asked, input: SetRuleShadowInput) -> Rule:
        """Begin or cease to shadow."""
        context, set_shadow = info.context, info.context.rules.set_shadow
        said = _said(DecideRuleInput(rule=input.rule, version=input.version, reason=input.reason))
        return rule_of(await context.ask(set_shadow, *context.asker, *said, on=input.on))

    @strawberry.field(
        description="Have the worker judge the events of a period by a version: warnings and "
        "actions a day, by grid cell and by officer. Nothing is kept as a hit."
    )
    async def rehearse_rule(self, info: Asked, input: RehearseRuleInput) -> RuleRehearsal:
        """A job; `ruleRehearsal` tells how far it is."""
        context = info.context
        which = (text_of(input.rule, "rule"), text_of(input.version, "version"))
        ask = context.rules.ask_rehearsal
        period = (input.since, input.until)
        return rehearsal_of(await context.ask(ask, *context.asker, *which, period))


def _said(input: DecideRuleInput) -> tuple[str, str, str]:
    return (
        text_of(input.rule, "rule"),
        text_of(input.version, "version"),
        text_of(input.reason, "reason", LONGEST_REASON),
    )


def _one_rule(text: str) -> model.Rule:
    rules = read_rules(text_of(text, "text", _LONGEST_FILE), "text")
    if len(rules) != 1:
        raise BadInput(f"text holds one rule, not {len(rules)} (每次提交一条规则)")
    return rules[0]
