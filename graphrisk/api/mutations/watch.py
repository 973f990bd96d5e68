"""Watch lists: begin one, put things on it, close it."""

from __future__ import annotations

import strawberry

from graphrisk.api.context import Asked
from graphrisk.api.inputs import bounded, text_of
from graphrisk.api.types.scalars import DateTime
from graphrisk.api.types.vocabulary import NodeKind
from graphrisk.api.types.watch import WatchList, watch_list_of


@strawberry.input(description="A new list; purpose and case are those of the request.")
class BeginWatchListInput:
    """Its owner is the caller."""

    name: str
    expires_at: DateTime = strawberry.field(description="At most a year ahead.")


@strawberry.input(description="Things of one kind to be watched, by key.")
class WatchInput:
    """Known to the graph or not: the answer does not say which."""

    watch_list: str
    kind: NodeKind
    keys: list[str]


@strawberry.type
class WatchMutations:
    """One method a decision."""

    @strawberry.field(description="Begin a watch list.")
    async def begin_watch_list(self, info: Asked, input: BeginWatchListInput) -> WatchList:
        """An empty one."""
        context, begin = info.context, info.context.watch.begin
        said = (text_of(input.name, "name"), input.expires_at)
        return watch_list_of(await context.ask(begin, *context.asker, *said))

    @strawberry.field(description="Put things on one of the caller's lists.")
    async def watch(self, info: Asked, input: WatchInput) -> WatchList:
        """Those already there stay."""
        context, list_id = info.context, text_of(input.watch_list, "watchList")
        keys = [text_of(key, "keys") for key in bounded(input.keys, "keys")]
        add = context.watch.add
        kind = input.kind.value
        return watch_list_of(await context.ask(add, *context.asker, list_id, kind, keys))

    @strawberry.field(description="Close a list: it tells nothing more, what it told stays.")
    async def close_watch_list(self, info: Asked, watch_list: str) -> WatchList:
        """For good."""
        context, close = info.context, info.context.watch.close
        return watch_list_of(
            await context.ask(close, *context.asker, text_of(watch_list, "watchList"))
        )
