"""The mutations: each checks its input, has the service decide and translates what stands then."""

from __future__ import annotations

import strawberry

from graphrisk.api.context import Asked
from graphrisk.api.ids import PublicIds
from graphrisk.api.inputs import text_of
from graphrisk.api.mutations.cases import CaseMutations
from graphrisk.api.mutations.keys import KeyMutations
from graphrisk.api.mutations.openings import OpeningMutations
from graphrisk.api.mutations.principals import PrincipalMutations
from graphrisk.api.mutations.rules import RuleMutations
from graphrisk.api.mutations.saved import SavedQueryMutations
from graphrisk.api.mutations.watch import WatchMutations
from graphrisk.api.mutations.webhooks import WebhookMutations
from graphrisk.api.mutations.work import WorkMutations
from graphrisk.api.types.identity import (
    JudgeIdentityInput,
    JudgeIdentityPayload,
    payload_of,
)
from graphrisk.core.errors import NotFound
from graphrisk.ingest.resolve.service import LONGEST_REASON


@strawberry.type(description="All decisions. Who decides is the caller; each is recorded.")
class Mutation(
    CaseMutations,
    KeyMutations,
    OpeningMutations,
    PrincipalMutations,
    RuleMutations,
    SavedQueryMutations,
    WatchMutations,
    WebhookMutations,
    WorkMutations,
):
    """One method a decision."""

    @strawberry.field(
        description="Judge whether two records of persons speak of one person. A later judgement "
        "supersedes, none is forgotten; it counts from the next detection on. The same judgement "
        "of the same caller once more changes nothing."
    )
    async def judge_identity(self, info: Asked, input: JudgeIdentityInput) -> JudgeIdentityPayload:
        """What a person says of two records."""
        context = info.context
        one, other = (_person(context.ids, public_id) for public_id in (input.one, input.other))
        reason = text_of(input.reason, "reason", LONGEST_REASON)
        judge = context.identity.judge
        return payload_of(await context.ask(judge, one, other, input.verdict, reason))


def _person(ids: PublicIds, public_id: str) -> int:
    kind, nid = ids.read_entity(public_id)
    if kind != "Person":
        raise NotFound("no such person")
    return nid
