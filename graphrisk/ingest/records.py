"""How far feeds have got, in the operations database."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from graphrisk.ingest.tables import FeedRow, TakenRow
from graphrisk.store.operations.database import Database


@dataclass(frozen=True, slots=True)
class Progress:
    """What a feed asks from next, and how many pages are its own."""

    token: str | None
    pages: int


class FeedRecords:
    """What one feed remembers."""

    def __init__(self, database: Database, feed: str) -> None:
        self._database = database
        self._feed = feed

    def progress(self, asks: str) -> Progress:
        """As the last page left it; a feed that asks something else begins anew."""
        with self._database.reading() as session:
            row = session.get(FeedRow, self._feed)
            if row is None:
                return Progress(None, 0)
            return Progress(row.token if row.asks == asks else None, row.pages)

    def advance(self, asks: str, progress: Progress) -> None:
        """Take pages, and with them, at once, the token behind them."""
        row = FeedRow(name=self._feed, asks=asks, token=progress.token, pages=progress.pages)
        with self._database.session() as session:
            session.merge(row)

    def taken(self) -> dict[str, tuple[str, str]]:
        """Entries taken so far → their marks and digests."""
        with self._database.reading() as session:
            rows = session.execute(select(TakenRow).where(TakenRow.feed == self._feed)).scalars()
            return {row.entry: (row.mark, row.digest) for row in rows}

    def remember(self, entry: str, mark: str, digest: str) -> None:
        """The entry was taken as it is now."""
        with self._database.session() as session:
            session.merge(TakenRow(feed=self._feed, entry=entry, mark=mark, digest=digest))
