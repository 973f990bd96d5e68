"""What a resolver may use: the inquiry of whoever asks, ids, threads, batches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from strawberry.types.info import Info

from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.model import AuditPort
from graphrisk.access.purposes import purpose_of
from graphrisk.analysis.entities import Viewer
from graphrisk.analysis.inquiry import Inquiry
from graphrisk.analysis.service import Findings
from graphrisk.api.batching import Batches, Threads
from graphrisk.api.ids import PublicIds
from graphrisk.store.contract import Store

V = TypeVar("V")
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Desk:
    """What all requests share."""

    store: Store
    findings: Findings
    ids: PublicIds
    audit: AuditPort
    threads: Threads


class Context:
    """One request's."""

    def __init__(self, desk: Desk, viewer: Viewer) -> None:
        self.ids = desk.ids
        self.inquiry = Inquiry(desk.store, desk.findings, viewer, desk.audit)
        self.batches = Batches(self.inquiry, desk.threads)
        self._threads = desk.threads

    async def ask(self, read: Callable[P, V], *args: P.args, **kwargs: P.kwargs) -> V:
        """The result of a blocking read."""
        return await self._threads.run(read, *args, **kwargs)


Asked = Info[Context, None]


def viewer_of(headers: Mapping[str, str]) -> Viewer:
    """Who asks and for what (``X-Purpose``, ``X-Case``); ``BadInput`` when that is no purpose."""
    return Viewer(DEVELOPMENT, purpose_of(headers.get("x-purpose"), headers.get("x-case")))
