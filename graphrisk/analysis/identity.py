"""Who is who, for one viewer: what he sees of it, and what he judges, recorded in his name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from graphrisk.access.model import AuditPort
from graphrisk.access.rights import require
from graphrisk.analysis.entities import Viewer
from graphrisk.core.errors import NotFound
from graphrisk.ingest.resolve.known import DoubtPage, Known
from graphrisk.ingest.resolve.model import Judgement, Verdict
from graphrisk.ingest.resolve.service import Identities
from graphrisk.store.contract import Reader, Store
from graphrisk_schema.model import Sensitivity

#: The fields that the machine compares, in words.
FIELDS: Mapping[str, Mapping[str, str]] = {
    "name": {"zh": "姓名", "en": "Name"},
    "birth_year": {"zh": "出生年", "en": "Year of birth"},
    "identity": {"zh": "证件号码", "en": "Identity number"},
    "phones": {"zh": "电话", "en": "Telephones"},
    "accounts": {"zh": "账户", "en": "Accounts"},
    "devices": {"zh": "终端", "en": "Handsets"},
    "cells": {"zh": "网格", "en": "Grid cells"},
    "devices within cells": {"zh": "终端（同一网格）", "en": "Handsets, in one grid cell"},
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands after somebody judged; not ``changed``: it stood already."""

    judgement: Judgement
    changed: bool


class IdentityInquiry:
    """Reads of judgements and one decision. Records themselves are read as all entities are."""

    def __init__(
        self,
        identities: Identities,
        store: Store,
        viewer: Viewer,
        audit: AuditPort,
        id_of: Callable[[str, int], str],
    ) -> None:
        """``id_of`` gives the opaque id of a kind's node, as the audit names it."""
        self._all = identities
        self._within_sight = store.reader(viewer.sight, viewer.purpose)
        self._sees_all = viewer.principal.scope.is_everything
        self._viewer = viewer
        self._audit = audit
        self._id_of = id_of

    @property
    def _reader(self) -> Reader:
        """Of what the viewer sees; ``Forbidden`` where his purpose lets him read nothing."""
        require(self._viewer.principal, "graph.read")
        return self._within_sight

    @property
    def _identities(self) -> Identities:
        require(self._viewer.principal, "graph.read")
        return self._all

    def queue(self, after: int | None, limit: int) -> DoubtPage:
        """Pairs that the machine leaves to a person, the most probable first."""
        known = self._identities.known()
        page = known.queue(after, limit) if self._sees_all else self._cut_queue(known, after, limit)
        self._told("identity_queue", len(page.items))
        return page

    def records_of(self, nids: Sequence[int]) -> dict[int, list[int]]:
        """For each record those that are judged to be one person with it, itself among them."""
        known = self._identities.known()
        found = {nid: self._within(known.records_of(nid)) for nid in self._within(nids)}
        self._told("identity_records", sum(map(len, found.values())))
        return found

    def judgements_of(self, nids: Sequence[int]) -> dict[int, list[Judgement]]:
        """All that was ever judged of each record, oldest first; reasons as the viewer sees them.

        What a person wrote may name people; what the machine wrote names fields.
        """
        known = self._identities.known()
        found = {
            nid: [self._seen(one) for one in self._cut(known.judgements_of(nid))]
            for nid in self._within(nids)
        }
        self._told("judgements", sum(map(len, found.values())))
        return found

    def judge(self, one: int, other: int, verdict: Verdict, why: str) -> Answer:
        """Judge two records in the viewer's name; it counts from the next detection on.

        Raises:
            Forbidden: The viewer's role gives him no say.
            NotFound: He sees no such person, or nothing stands that could be withdrawn.
            BadInput: The records are one, or there is no reason.
            Conflict: Somebody else judged the same records at the same moment.
        """
        require(self._viewer.principal, "identity.judge")
        keys = self._key(one), self._key(other)
        self._told("judge", 2, ",".join(self._id_of("Person", nid) for nid in (one, other)))
        said = self._identities.judge(keys, verdict, self._viewer.principal.name, why)
        decision = said.decision
        judgement = Judgement(
            pair=(min(one, other), max(one, other)),
            verdict=decision.verdict,
            by_person=True,
            judge=decision.judge,
            reason=decision.reason,
            probability=None,
            judged_at=decision.judged_at,
            until=decision.until,
        )
        return Answer(self._seen(judgement), said.changed)

    def _within(self, nids: Sequence[int]) -> list[int]:
        outside = self._reader.outside(np.array(nids, np.int64))
        return [nid for nid in nids if nid not in outside]

    def _cut(self, judgements: Sequence[Judgement]) -> list[Judgement]:
        """Those on two records that the viewer both sees."""
        pairs = np.array([one.pair for one in judgements], np.int64).reshape(-1)
        outside = self._reader.outside(pairs)
        return [one for one in judgements if not outside.keys() & set(one.pair)]

    def _cut_queue(self, known: Known, after: int | None, limit: int) -> DoubtPage:
        """The same list without pairs of which a record lies outside. Cost: a pass over it."""
        whole = known.queue(None, max(known.queue(None, 1).total, 1))
        outside = self._reader.outside(
            np.array([one.judgement.pair for one in whole.items], np.int64).reshape(-1)
        )
        seen = [one for one in whole.items if not outside.keys() & set(one.judgement.pair)]
        behind = known.queue(after, max(whole.total, 1)).items
        eids = {one.eid for one in behind}
        listed = [one for one in seen if one.eid in eids]
        return replace(
            whole,
            items=tuple(listed[:limit]),
            has_next=len(listed) > limit,
            total=len(seen),
        )

    def _key(self, nid: int) -> str:
        persons = self._reader.get_nodes(np.array([nid], np.int64)).get("Person")
        if persons is None or not len(persons):
            raise NotFound("no such person")
        return str(persons.column("key")[0].as_py())

    def _seen(self, one: Judgement) -> Judgement:
        if not one.by_person:
            return one
        return replace(one, reason=self._viewer.see_text(Sensitivity.PERSONAL, one.reason))

    def _told(self, action: str, count: int, what: str = "") -> None:
        self._audit.record(self._viewer.principal, action, self._viewer.purpose, count, what)
