"""A history on every engine."""

from __future__ import annotations

import pytest

from graphrisk.store.contract import Store
from tests.contract.histories import History


@pytest.fixture
def history(store: Store, seed: int) -> History:
    """A random history that has not begun."""
    return History(store, seed)
