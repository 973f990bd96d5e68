"""What a resolver may use: the inquiry of whoever asks, ids, threads, batches."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from strawberry.types.info import Info

from graphrisk.access.keys.service import ApiKeys
from graphrisk.access.principals.service import Principals
from graphrisk.access.rates import Rates
from graphrisk.access.sign_on import SignOn
from graphrisk.analysis.coverage import Coverages
from graphrisk.analysis.entities import Entity, Viewer
from graphrisk.analysis.events import Events
from graphrisk.analysis.identity import IdentityInquiry
from graphrisk.analysis.inquiry import Inquiry
from graphrisk.analysis.rules.service import RuleBook
from graphrisk.analysis.saved.service import SavedQueries
from graphrisk.analysis.service import Findings
from graphrisk.analysis.watch.service import WatchLists
from graphrisk.api.batching import Batches, Threads
from graphrisk.api.following import Following
from graphrisk.api.ids import PublicIds
from graphrisk.centre.desk import CaseDesk, Centre
from graphrisk.centre.files.desk import FileDesk
from graphrisk.centre.files.service import Files
from graphrisk.centre.openings.desk import OpeningDesk
from graphrisk.centre.openings.sight import Sights
from graphrisk.centre.webhooks.service import Webhooks
from graphrisk.centre.work import Work
from graphrisk.ingest.resolve.service import Identities
from graphrisk.ingest.service import Sources
from graphrisk.store.audit.held import HeldAudit
from graphrisk.store.audit.service import AuditTrail
from graphrisk.store.audit.spool import AuditSpool
from graphrisk.store.contract import Store

#: For how long it is taken for granted who follows.
_SIGNED_SECONDS = 1.0

V = TypeVar("V")
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Desk:
    """What all requests share."""

    store: Store
    findings: Findings
    ids: PublicIds
    audit: AuditSpool
    sources: Sources
    identities: Identities
    events: Events
    threads: Threads
    sign_on: SignOn
    rules: RuleBook
    watch: WatchLists
    saved: SavedQueries
    centre: Centre
    work: Work
    keys: ApiKeys
    principals: Principals
    sights: Sights
    trail: AuditTrail
    following: Following
    files: Files
    lookups: Rates
    scores: Rates
    webhooks: Webhooks
    coverages: Coverages = field(default_factory=Coverages)


class Context:
    """One request's.

    A subscription goes on for hours: it asks now and then ``again`` who it is for, and sees only
    what that viewer may see by then. ``resumed`` is the place where its client broke off.
    """

    def __init__(
        self,
        desk: Desk,
        viewer: Viewer,
        again: Callable[[], Awaitable[Viewer]] | None = None,
        resumed: str | None = None,
    ) -> None:
        self.ids = desk.ids
        self.following = desk.following
        self.resumed = resumed
        self._desk = desk
        self._again = again
        self._threads = desk.threads
        self._signed_at = time.monotonic()
        self._held = HeldAudit(desk.audit)
        self._see_as(viewer)

    def _see_as(self, viewer: Viewer) -> None:
        desk = self._desk
        self.viewer = viewer
        self.work = desk.work
        self.keys = desk.keys
        self.trail = desk.trail
        self.principals = desk.principals
        self.sources = desk.sources
        self.events = desk.events
        self.rules = desk.rules
        self.watch = desk.watch
        self.saved = desk.saved
        self.asker = (viewer.principal, viewer.purpose)
        self.coverages = desk.coverages
        self.inquiry = Inquiry(desk.store, desk.findings, viewer, self._held, desk.ids.entity)
        self.identity = IdentityInquiry(
            desk.identities, desk.store, viewer, desk.audit, desk.ids.entity
        )
        self.cases = CaseDesk(desk.centre, desk.store, self.inquiry, viewer, desk.audit)
        self.openings = OpeningDesk(desk.centre.openings, desk.store, viewer, desk.audit)
        self.lookups = desk.lookups
        self.webhooks = desk.webhooks
        self.files = FileDesk(desk.files, self.cases, desk.work.lists, viewer, desk.audit)
        self.batches = Batches(self.inquiry, self.identity, desk.threads)

    async def renew(self) -> None:
        """As at the beginning of a request: nothing read before is remembered.

        Who asks is asked again at most once a second. Raises as signing on does: rights that were
        taken away end what goes on.
        """
        viewer = self.viewer
        if self._again is not None and time.monotonic() - self._signed_at > _SIGNED_SECONDS:
            viewer, self._signed_at = await self._again(), time.monotonic()
        self._see_as(viewer)

    def entity_id(self, entity: Entity) -> str:
        """Public id of an entity; of a stub one that the viewer alone has."""
        if entity.redacted:
            return self.ids.stub(self.viewer.principal.name, entity.nid)
        return self.ids.entity(entity.kind, entity.nid)

    def hold(self) -> None:
        """Reads of the graph are recorded together, by ``settle``, and not each by itself."""
        self._held.hold()

    async def settle(self) -> None:
        """What was read is on record; before that nothing of it is answered.

        ``StoreUnavailable`` when it cannot be recorded.
        """
        if not self._held.is_settled:
            await self._threads.run(self._held.settle)

    async def ask(self, read: Callable[P, V], *args: P.args, **kwargs: P.kwargs) -> V:
        """The result of a blocking read."""
        return await self._threads.run(read, *args, **kwargs)


Asked = Info[Context, None]
