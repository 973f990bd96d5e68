"""One turn of a feed: what is there is fetched, noted, loaded, in this order.

A page is written, then taken: its number and the token behind it are one transaction. Only then
it is loaded, and thrown away once it is. A kill before the taking leaves a page that is fetched
again, a kill after it a page that is loaded again, which changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from graphrisk.core.clock import Clock
from graphrisk.core.errors import BadInput
from graphrisk.ingest.feeds.config import Feed, FolderFeed, HttpFeed, PostgresFeed
from graphrisk.ingest.feeds.folder import complete
from graphrisk.ingest.feeds.http import HttpPull
from graphrisk.ingest.feeds.postgres import PostgresPull
from graphrisk.ingest.feeds.spool import PageWriter, Spool
from graphrisk.ingest.load import load, load_as
from graphrisk.ingest.records import FeedRecords, Progress
from graphrisk.ingest.report import FileReport, quiet
from graphrisk.ingest.service import Sources
from graphrisk.store.contract import Store
from graphrisk.store.operations.database import Database

#: A service that never comes to an end is left alone until the next turn.
MOST_PAGES = 10_000


class Pull(Protocol):
    """Hands rows behind a token to a writer and returns the token behind them."""

    def fetch(self, token: str | None, add: Callable[[bytes], None]) -> str | None:
        """``None`` where nothing is named to go on from."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where feeds bring their deliveries."""

    store: Store
    database: Database
    folder: Path  # beside the store
    key_ring: Path
    clock: Clock


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn brought: files as loaded, and entries that could not be, with the reason."""

    files: list[FileReport]
    refused: dict[str, str]

    def check(self) -> None:
        """``BadInput`` that names the first entry that was refused or could not be read."""
        for name, reason in self.refused.items():
            raise BadInput(reason, file=name)
        for file in self.files:
            if file.error is not None:
                raise BadInput(file.error, file=file.file, line=file.error_line)


def take_turn(feed: Feed, place: Place) -> Turn:
    """Bring in what the feed has for us now.

    Raises:
        Conflict: another process is at this feed, or writes into the graph.
        GraphRiskError: as the feed's own class says.
    """
    spool = Spool(place.folder / "spool" / feed.name, feed.name)
    with spool.held():
        if isinstance(feed, FolderFeed):
            return _watch(feed, place)
        pull = HttpPull(feed) if isinstance(feed, HttpFeed) else PostgresPull(feed)
        return Turn(_pull(feed, pull, place, spool), {})


def _pull(
    feed: HttpFeed | PostgresFeed, pull: Pull, place: Place, spool: Spool
) -> list[FileReport]:
    Sources(place.database, place.clock).expect(feed.mapping)
    records = FeedRecords(place.database, feed.name)
    progress = records.progress(feed.asks)
    reports = _load_pages(feed, place, spool, progress.pages)
    for _ in range(MOST_PAGES):
        with PageWriter(spool, feed.mapping, progress.pages + 1) as writer:
            behind = pull.fetch(progress.token, writer.add)
        going_on = behind is not None and behind != progress.token
        if writer.last > progress.pages or going_on:
            progress = Progress(behind if going_on else progress.token, writer.last)
            records.advance(feed.asks, progress)
            reports += _load_pages(feed, place, spool, progress.pages)
        if not (going_on and writer.rows):
            break
    return reports


def _load_pages(
    feed: HttpFeed | PostgresFeed, place: Place, spool: Spool, pages: int
) -> list[FileReport]:
    sources = Sources(place.database, place.clock)
    reports = []
    for file in spool.taken(pages):
        report = load_as(
            place.store,
            place.folder,
            file,
            feed.mapping,
            clock=place.clock,
            key_ring=place.key_ring,
            sources=sources,
        )
        if report.error is not None:
            raise BadInput(report.error, file=str(file), line=report.error_line)
        file.unlink()
        reports.append(report)
    return reports


def _watch(feed: FolderFeed, place: Place) -> Turn:
    """Take what is complete and not known as it is; what is at fault does not stop the rest."""
    records = FeedRecords(place.database, feed.name)
    sources = Sources(place.database, place.clock)
    taken, turn = records.taken(), Turn([], {})
    for entry in complete(feed, place.clock.now_ms()):
        name = entry.path.name
        mark, digest = taken.get(name, ("", ""))
        if mark == entry.mark:
            continue
        try:
            deliveries = entry.deliveries()
        except OSError as error:
            unread = f"{entry.mark} {error.errno}"  # told once, and looked at again each turn
            if mark != unread:
                turn.refused[name] = f"{error.filename}: {error.strerror}"
                records.remember(name, unread, digest)
            continue
        found = ",".join(deliveries)
        if found == digest and sources.are_last(deliveries):
            sources.came_again(deliveries)
        else:
            _load_entry(feed, place, entry.path, sources, turn)
        records.remember(name, entry.mark, found)
    return turn


def _load_entry(feed: FolderFeed, place: Place, path: Path, sources: Sources, turn: Turn) -> None:
    try:
        report = load(
            place.store,
            place.folder,
            path,
            clock=place.clock,
            key_ring=place.key_ring,
            mapping=feed.mappings,
            sources=sources,
            progress=quiet,
        )
    except BadInput as error:
        turn.refused[path.name] = str(error)
    else:
        turn.files.extend(report.files)
