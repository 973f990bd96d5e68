"""An office a test, once on each engine of the operations database."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphrisk.store.operations.database import Database
from tests.store.audit.office import Office


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    """Nothing is recorded yet."""
    return Office(tmp_path, database)
