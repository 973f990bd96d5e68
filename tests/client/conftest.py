"""A town behind an api of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graphrisk.settings import Settings
from tests.api.serving import Door, opened_door
from tests.api.town import build


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """On SQLite; events may be added."""
    folder = tmp_path_factory.mktemp("town")
    town = build(Settings(store=f"sqlite:///{folder / 'graph.db'}"), folder)
    with opened_door(town) as opened:
        yield opened
