"""Gathers what the rows of a list need into one read each, so that a list costs constant reads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import ParamSpec, TypeVar

from strawberry.dataloader import DataLoader

from graphrisk.analysis.entities import Edge, Entity
from graphrisk.analysis.identity import IdentityInquiry
from graphrisk.analysis.inquiry import Inquiry, Origin
from graphrisk.analysis.model import Finding, Lineage, NodeScore, Run
from graphrisk.core.errors import StoreUnavailable
from graphrisk.ingest.resolve.model import Judgement
from graphrisk.store.contract import AsOf

K = TypeVar("K")
V = TypeVar("V")
P = ParamSpec("P")


class Threads:
    """Runs blocking reads beside the event loop, on few threads that keep their connections.

    ``patience`` in seconds: a server that hangs says nothing, and its driver waits for ever.
    """

    def __init__(self, executor: Executor, patience: float = 30.0) -> None:
        self._executor = executor
        self._patience = patience

    async def run(self, read: Callable[P, V], *args: P.args, **kwargs: P.kwargs) -> V:
        """The result of ``read``; ``StoreUnavailable`` when it takes too long."""
        loop = asyncio.get_running_loop()
        waiting = loop.run_in_executor(self._executor, partial(read, *args, **kwargs))
        try:
            async with asyncio.timeout(self._patience):
                return await waiting
        except TimeoutError as error:
            raise StoreUnavailable(f"a store did not answer within {self._patience:g} s") from error


class Batches:
    """The loaders of one request; each remembers what it read until the request ends."""

    def __init__(self, inquiry: Inquiry, identity: IdentityInquiry, threads: Threads) -> None:
        self._inquiry = inquiry
        self._threads = threads
        self.entity: DataLoader[tuple[int, AsOf], Entity | None] = self._timed(inquiry.entities)
        self.edge: DataLoader[tuple[int, AsOf], Edge | None] = self._timed(inquiry.edges)
        self.origin: DataLoader[int, Origin | None] = self._plain(inquiry.origins)
        self.findings: DataLoader[int, list[Finding] | None] = self._plain(inquiry.findings_of)
        self.run: DataLoader[str, Run | None] = self._plain(inquiry.runs_of)
        self.lineage: DataLoader[str, Lineage | None] = self._plain(self._lineage)
        self.score: DataLoader[int, tuple[Run, NodeScore] | None] = self._plain(self._scores)
        self.records: DataLoader[int, list[int] | None] = self._plain(identity.records_of)
        self.judgements: DataLoader[int, list[Judgement] | None]
        self.judgements = self._plain(identity.judgements_of)

    def _lineage(self, _finding_ids: Sequence[str]) -> Mapping[str, Lineage]:
        return self._inquiry.lineage()

    def _scores(self, nids: Sequence[int]) -> Mapping[int, tuple[Run, NodeScore]]:
        scored = self._inquiry.scored(nids)
        if scored is None:
            return {}
        return {nid: (scored.run, scored.of_node(nid)) for nid in scored.nids}

    def _plain(self, read: Callable[[Sequence[K]], Mapping[K, V]]) -> DataLoader[K, V | None]:
        async def load(keys: list[K]) -> list[V | None]:
            found = await self._threads.run(read, keys)
            return [found.get(key) for key in keys]

        return DataLoader(load_fn=load)

    def _timed(
        self, read: Callable[[Sequence[int], AsOf], Mapping[int, V]]
    ) -> DataLoader[tuple[int, AsOf], V | None]:
        """One read for each moment that is asked for; a request rarely has two."""

        async def load(keys: list[tuple[int, AsOf]]) -> list[V | None]:
            found: dict[tuple[int, AsOf], V] = {}
            for as_of in dict.fromkeys(moment for _, moment in keys):
                numbers = [number for number, moment in keys if moment == as_of]
                rows = await self._threads.run(read, numbers, as_of)
                found |= {(number, as_of): row for number, row in rows.items()}
            return [found.get(key) for key in keys]

        return DataLoader(load_fn=load)
