"""Follows what happens: one look at the outbox for all who follow, whatever their number.

Nobody has a queue of his own. The latest events are held once, each follower has a place in them
and goes on when he has sent what he had; who is so slow that his place is no longer among them
reads on from the database. So a slow client costs nothing but his own lateness.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import ParamSpec, TypeVar

from graphrisk.analysis.events import Events
from graphrisk.core.errors import Conflict, GraphRiskError
from graphrisk.store.operations.outbox import Event

V = TypeVar("V")
P = ParamSpec("P")

#: Events held for all.
_HELD = 4096
#: Events that a late follower reads at once.
_PAGE = 500
#: How long one look waits for something to happen: so long the last follower's thread goes on.
_LOOK_SECONDS = 1.0
#: One thread waits, the others read for those who are late.
_THREADS = 3


class Following:
    """The followers of one process, on its event loop."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._executor = ThreadPoolExecutor(_THREADS, thread_name_prefix="follow")
        self._held: deque[Event] = deque(maxlen=_HELD)
        self._last = 0
        self._news = asyncio.Event()
        self._followers = 0
        self._looking: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()

    async def behind(self, place: int | None) -> AsyncGenerator[list[Event], None]:
        """What happens behind a place, or from now on, in order; some events at a time.

        Raises:
            Conflict: Events behind the place were forgotten.
        """
        self._followers += 1
        try:
            await self._look()
            if place is None:
                place = await self._run(self._events.last)
            while True:
                news = self._news  # before the look: what comes in between sets this one
                found = self._among_held(place)
                if found is None:
                    found = await self._run(self._events.behind, place, _PAGE)
                if found:
                    place = found[-1].position
                    yield found
                elif place >= self._last:
                    await news.wait()
        finally:
            self._followers -= 1

    @property
    def number(self) -> int:
        """How many follow at this moment."""
        return self._followers

    def close(self) -> None:
        """Let go of the threads."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _among_held(self, place: int) -> list[Event] | None:
        """Events behind the place; ``None`` where those that are held do not tell."""
        if place == self._last:
            return []
        if not self._held or not self._held[0].position <= place + 1 <= self._last:
            return None
        return list(islice(self._held, place + 1 - self._held[0].position, None))

    async def _look(self) -> None:
        """Begin to look, unless somebody follows already."""
        async with self._starting:
            if self._looking is None or self._looking.done():
                self._held.clear()
                self._last = await self._run(self._events.last)
                self._looking = asyncio.get_running_loop().create_task(self._keep_looking())

    async def _keep_looking(self) -> None:
        while self._followers:
            try:
                if not await self._run(self._events.wait, self._last, _LOOK_SECONDS):
                    continue
                await self._read_on()
            except GraphRiskError:  # the database is away for a while; nobody misses anything
                await asyncio.sleep(_LOOK_SECONDS)

    async def _read_on(self) -> None:
        try:
            found = await self._run(self._events.behind, self._last, _HELD)
            self._held.extend(found)
            self._last = found[-1].position if found else self._last
        except Conflict:  # forgotten meanwhile: each follower is told when he reads on himself
            self._held.clear()
            self._last = await self._run(self._events.last)
        self._news, news = asyncio.Event(), self._news
        news.set()

    async def _run(self, read: Callable[P, V], *args: P.args, **kwargs: P.kwargs) -> V:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, lambda: read(*args, **kwargs))
