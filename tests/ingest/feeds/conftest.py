"""A place where feeds bring their deliveries, its operations database once on each engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from graphrisk.core.clock import ManualClock
from graphrisk.ingest.feeds.config import find_feed
from graphrisk.ingest.feeds.run import Place, Turn, take_turn
from graphrisk.ingest.model import SourceState
from graphrisk.ingest.service import Sources
from graphrisk.store.operations.database import Database
from tests.ingest.factory import Desk
from tests.ingest.feeds.service import Tags, serving


@dataclass
class Inlet:
    """A desk with feeds."""

    desk: Desk
    place: Place
    feeds: Path

    @property
    def clock(self) -> ManualClock:
        """Moved by hand."""
        return self.desk.clock

    def pull(self, name: str) -> Turn:
        """One turn of a feed, an hour after the last."""
        self.clock.advance(3_600_000)
        turn = take_turn(find_feed(sorted(self.feeds.glob("*.yaml")), name), self.place)
        for file in turn.files:
            assert file.rows == file.loaded + file.unchanged + file.rejected, file
        return turn

    def source(self, name: str) -> SourceState:
        """What is known of a source."""
        listed = Sources(self.place.database, self.clock).listing()
        return next(one for one in listed if one.name == name)

    def category(self, number: int) -> str | None:
        """What the tag of that number says now."""
        node = self.desk.node("Phone", f"{13_900_000_000 + number}")
        return None if node is None else node["scam_category"]


@pytest.fixture
def inlet(desk: Desk, database: Database) -> Inlet:
    """On an SQLite graph."""
    folder = desk.folder
    place = Place(desk.store, database, folder, folder / "keys.json", desk.clock)
    return Inlet(desk, place, folder / "feeds")


@pytest.fixture
def tags() -> Iterator[Tags]:
    """A service that knows nothing yet."""
    with serving(Tags()) as served:
        yield served
