"""An office on each engine of the operations database."""

from __future__ import annotations

import pytest

from graphrisk.store.operations.database import Database
from tests.centre.tasks.office import Office


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)
