"""Operations: watching.

Written by ``make docs``.
"""

from __future__ import annotations

from datetime import datetime

from graphrisk.client.calls import Call, Model, Paged, many, maybe, one
from graphrisk.client.operations.common import EntityBrief, Page, Words
from graphrisk.client.operations.inputs import BeginWatchListInput, SaveQueryInput, WatchInput
from graphrisk.client.operations.kinds import NodeKind, QueryChange, SavedSubject


class WatchListItems(Model):
    """Something on a watch list, as its owner wrote it."""

    kind: str
    key: str
    added_at: datetime


class WatchList(Model):
    """A watch list.

    Nobody but its owner sees it.
    """

    id: str
    name: str
    purpose: str
    case: str | None
    created_at: datetime
    expires_at: datetime
    closed_at: datetime | None
    items: list[WatchListItems]


class SavedQuery(Model):
    """A saved query.

    Nobody but its owner sees it.
    """

    id: str
    name: str
    subject: SavedSubject
    text: str | None
    kinds: list[NodeKind]
    kind: str | None
    purpose: str
    case: str | None
    created_at: datetime
    paused_at: datetime | None
    looked_at: datetime | None
    answers: int
    refused: str | None


class WatchHitsEdgesNode(Model):
    """Something on a list appeared or changed."""

    changed: list[str]
    at: datetime
    entity: EntityBrief | None


class WatchHitsEdges(Model):
    """A hit in a page of a list's hits."""

    cursor: str
    node: WatchHitsEdgesNode


class WatchHits(Model):
    """A page of what a list told, latest first."""

    edges: list[WatchHitsEdges]
    page_info: Page


class QueryNewsEdgesNodeFinding(Model):
    """A suspected ring, with reasons, roles and evidence."""

    id: str
    kind: str
    label: Words
    score: float


class QueryNewsEdgesNodeEvent(Model):
    """Something that happened.

    It names no person.
    """

    kind: str
    label: Words
    subject: str
    at: datetime
    area: str | None


class QueryNewsEdgesNode(Model):
    """Something that was new of a saved query."""

    change: QueryChange
    at: datetime
    entity: EntityBrief | None
    finding: QueryNewsEdgesNodeFinding | None
    event: QueryNewsEdgesNodeEvent | None


class QueryNewsEdges(Model):
    """News in a page of news."""

    cursor: str
    node: QueryNewsEdgesNode


class QueryNews(Model):
    """A page of what was new of a query, latest first."""

    edges: list[QueryNewsEdges]
    page_info: Page


def watch_lists() -> Call[list[WatchList] | None]:
    """The caller's own watch lists, oldest first."""
    return Call("WatchLists", "watchLists", {}, maybe(many(one(WatchList))))


def watch_hits(
    *, watch_list: str, first: int = 20, after: str | None = None
) -> Paged[WatchHits | None, WatchHitsEdgesNode]:
    """What one of the caller's lists told, latest first."""
    return Paged(
        "WatchHits",
        "watchHits",
        {"watchList": watch_list, "first": first, "after": after},
        maybe(one(WatchHits)),
        lambda found: found,
    )


def begin_watch_list(*, input: BeginWatchListInput) -> Call[WatchList]:
    """Begin a watch list."""
    return Call("BeginWatchList", "beginWatchList", {"input": input}, one(WatchList))


def watch(*, input: WatchInput) -> Call[WatchList]:
    """Put things on one of the caller's lists."""
    return Call("Watch", "watch", {"input": input}, one(WatchList))


def close_watch_list(*, watch_list: str) -> Call[WatchList]:
    """Close a list:.

    it tells nothing more, what it told stays.
    """
    return Call("CloseWatchList", "closeWatchList", {"watchList": watch_list}, one(WatchList))


def saved_queries() -> Call[list[SavedQuery] | None]:
    """The caller's own saved queries, oldest first."""
    return Call("SavedQueries", "savedQueries", {}, maybe(many(one(SavedQuery))))


def query_news(
    *, saved_query: str, first: int = 20, after: str | None = None
) -> Paged[QueryNews | None, QueryNewsEdgesNode]:
    """What was new of one of the caller's queries, latest first."""
    return Paged(
        "QueryNews",
        "queryNews",
        {"savedQuery": saved_query, "first": first, "after": after},
        maybe(one(QueryNews)),
        lambda found: found,
    )


def save_query(*, input: SaveQueryInput) -> Call[SavedQuery]:
    """Keep a query:.

    from now on the caller is told what is new of its answers.
    """
    return Call("SaveQuery", "saveQuery", {"input": input}, one(SavedQuery))


def rename_saved_query(*, saved_query: str, name: str) -> Call[SavedQuery]:
    """Give one of the caller's queries another name."""
    return Call(
        "RenameSavedQuery",
        "renameSavedQuery",
        {"savedQuery": saved_query, "name": name},
        one(SavedQuery),
    )


def pause_saved_query(*, saved_query: str) -> Call[SavedQuery]:
    """Have one of the caller's queries asked no more for a while."""
    return Call("PauseSavedQuery", "pauseSavedQuery", {"savedQuery": saved_query}, one(SavedQuery))


def resume_saved_query(*, saved_query: str) -> Call[SavedQuery]:
    """Have it asked again:.

    what is new since then is told.
    """
    return Call(
        "ResumeSavedQuery", "resumeSavedQuery", {"savedQuery": saved_query}, one(SavedQuery)
    )


def delete_saved_query(*, saved_query: str) -> Call[SavedQuery]:
    """Forget one of the caller's queries with all that it told."""
    return Call(
        "DeleteSavedQuery", "deleteSavedQuery", {"savedQuery": saved_query}, one(SavedQuery)
    )
