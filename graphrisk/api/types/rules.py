"""Rules as GraphQL says them: versions with their life, hits with reasons, rehearsals."""

from __future__ import annotations

from typing import cast

import orjson
import strawberry

from graphrisk.analysis.rules import model, records
from graphrisk.analysis.rules.service import HitPage, KeptHit
from graphrisk.api.context import Asked
from graphrisk.api.types.entities import Entity, GraphEdge, load_edges, load_entity
from graphrisk.api.types.pages import PageInfo, page_info
from graphrisk.api.types.scalars import DateTime, Long
from graphrisk.api.types.vocabulary import Words
from graphrisk.store.contract import NOW


@strawberry.type(description="A step in the life of a version: who took it, when and why.")
class RuleStep:
    """As it was written; never changed."""

    step: str
    author: str
    reason: str
    at: DateTime


@strawberry.type(description="A version of a rule. Of each rule one version is live.")
class Rule:
    """Whole: with the counters and lists that it uses."""

    id: str
    version: str = strawberry.field(description="Digest of all that it says.")
    title: Words
    category: str | None
    event: str
    about: str = strawberry.field(description="The party whom a hit is about.")
    alert: int = strawberry.field(description="Points from which on it warns.")
    action: int | None = strawberry.field(description="Points from which on it acts.")
    rung: str | None = strawberry.field(description="The measure of the ladder that it asks for.")
    state: str = strawberry.field(description="draft, submitted, live, refused or retired.")
    shadow: bool = strawberry.field(description="Judges beside the live version, does nothing.")
    maker: str
    document: str = strawberry.field(description="What it says, as JSON that is a rule file's.")
    steps: list[RuleStep] = strawberry.field(description="Oldest first.")


@strawberry.type(description="A reason of a hit: what was measured, and the points it gave.")
class RuleReason:
    """In both languages."""

    text: Words
    value: float
    points: int


@strawberry.type(description="What a version said of an event; of each event once.")
class RuleHit:
    """With what became of it."""

    nid: strawberry.Private[int]
    eids: strawberry.Private[tuple[int, ...]]
    rule: str
    version: str
    title: Words
    event: str
    at: DateTime
    points: int
    level: str = strawberry.field(description="alert or action.")
    outcome: str = strawberry.field(description="warned, proposed, taken, capped or shadow.")
    rung: str | None
    reasons: list[RuleReason]

    @strawberry.field(description="Whom it is about; null when he is not in the graph.")
    async def about(self, info: Asked) -> Entity | None:
        """The party."""
        return None if self.nid < 0 else await load_entity(info, self.nid, NOW)

    @strawberry.field(description="The event in the graph; empty for a single call.")
    async def evidence(self, info: Asked) -> list[GraphEdge | None]:
        """Its edges."""
        return await load_edges(info, self.eids)


@strawberry.type(description="A hit in a page of hits.")
class RuleHitEdge:
    """A row of a page of hits."""

    cursor: str
    node: RuleHit


@strawberry.type(description="A page of hits, latest kept first.")
class RuleHitConnection:
    """A cursor stays good: later hits come before it."""

    edges: list[RuleHitEdge]
    page_info: PageInfo


@strawberry.type(description="What a shadow said otherwise than the live version.")
class RuleDifference:
    """Over events that either hit."""

    both: Long
    live_only: Long
    shadow_only: Long
    louder: Long = strawberry.field(description="Both hit, the shadow at the action threshold.")
    quieter: Long


@strawberry.type(description="A day of a rehearsal, by China's calendar.")
class RehearsedDay:
    """What the rule would have said."""

    begin: DateTime
    warnings: int
    actions: int
    capped: int = strawberry.field(description="Actions that the rule's cap would have stopped.")


@strawberry.type(description="How many hits fall to a grid cell or an officer.")
class RehearsedLoad:
    """Of a rehearsal."""

    nid: strawberry.Private[int]
    hits: int
    most_a_day: int

    @strawberry.field(description="Null for hits whose party has none.")
    async def who(self, info: Asked) -> Entity | None:
        """The cell or the officer."""
        return None if self.nid < 0 else await load_entity(info, self.nid, NOW)


@strawberry.type(description="A rehearsal of a version on the events that are loaded.")
class RuleRehearsal:
    """Done by the worker; ask again until `finishedAt` is there."""

    id: str
    rule: str
    version: str
    since: DateTime
    until: DateTime
    asked_by: str
    done: Long = strawberry.field(description="Events judged so far, of `total`.")
    total: Long
    finished_at: DateTime | None
    events: Long | None = strawberry.field(description="Of the rule's kind within the period.")
    hits: Long | None
    days: list[RehearsedDay]
    grids: list[RehearsedLoad] = strawberry.field(description="The fifty with most hits.")
    officers: list[RehearsedLoad]


def rule_of(one: records.Version) -> Rule:
    """A version as GraphQL says it."""
    rule = one.rule
    return Rule(
        id=rule.rule_id,
        version=rule.version,
        title=_words(rule.title),
        category=rule.category,
        event=rule.on,
        about=rule.about,
        alert=rule.alert,
        action=rule.action,
        rung=None if rule.act is None else rule.act.rung,
        state=one.state,
        shadow=one.shadow,
        maker=one.maker,
        document=_document(rule),
        steps=[
            RuleStep(step=s.step, author=s.author, reason=s.reason, at=DateTime(s.at))
            for s in one.steps
        ],
    )


def hits_page(info: Asked, page: HitPage, after: str | None) -> RuleHitConnection:
    """A page of hits as GraphQL says it."""
    ids = info.context.ids
    rows = [
        RuleHitEdge(cursor=ids.cursor("rule_hits", one.number), node=_hit(one))
        for one in page.items
    ]
    return RuleHitConnection(
        edges=rows, page_info=page_info([row.cursor for row in rows], page.has_next, after)
    )


def difference_of(one: records.Difference) -> RuleDifference:
    """A difference as GraphQL says it."""
    return RuleDifference(
        both=Long(one.both),
        live_only=Long(one.live_only),
        shadow_only=Long(one.shadow_only),
        louder=Long(one.louder),
        quieter=Long(one.quieter),
    )


def rehearsal_of(one: records.Rehearsal) -> RuleRehearsal:
    """A rehearsal as GraphQL says it."""
    result = cast("dict[str, list[dict[str, int]]]", one.result or {})
    numbers = cast("dict[str, int]", one.result or {})
    return RuleRehearsal(
        id=one.rehearsal_id,
        rule=one.rule.rule_id,
        version=one.rule.version,
        since=DateTime(one.since),
        until=DateTime(one.until),
        asked_by=one.asked_by,
        done=Long(one.done),
        total=Long(one.total),
        finished_at=None if one.finished_at is None else DateTime(one.finished_at),
        events=Long(numbers["events"]) if one.result else None,
        hits=Long(numbers["hits"]) if one.result else None,
        days=[
            RehearsedDay(
                begin=DateTime(day["begin"]),
                warnings=day["warnings"],
                actions=day["actions"],
                capped=day["capped"],
            )
            for day in result.get("days", [])
        ],
        grids=[RehearsedLoad(**load) for load in result.get("grids", [])],
        officers=[RehearsedLoad(**load) for load in result.get("officers", [])],
    )


def _hit(one: KeptHit) -> RuleHit:
    return RuleHit(
        nid=one.about,
        eids=one.edges,
        rule=one.rule.rule_id,
        version=one.rule.version,
        title=_words(one.rule.title),
        event=one.rule.on,
        at=DateTime(one.at),
        points=one.points,
        level=one.level,
        outcome=one.outcome,
        rung=one.rung,
        reasons=[_reason(one.rule, *told) for told in one.told],
    )


def _reason(rule: model.Rule, term: int, value: float, points: int) -> RuleReason:
    said, shown = rule.terms[term].reason, f"{value:,.10g}"
    text = Words(zh=said.zh.replace("{value}", shown), en=said.en.replace("{value}", shown))
    return RuleReason(text=text, value=value, points=points)


def _document(rule: model.Rule) -> str:
    shared = ("counters", "lists")
    own = {key: value for key, value in rule.document.items() if key not in shared}
    whole = {"rules": [own], **{key: rule.document.get(key, {}) for key in shared}}
    return orjson.dumps(whole).decode()


def _words(said: model.Words) -> Words:
    return Words(zh=said.zh, en=said.en)
