"""How much a test does: a tenth in ``make test``, all of it in ``make test-long``."""

from __future__ import annotations

import os

LONG = bool(os.environ.get("GRAPHRISK_LONG"))


def effort(short: int, long: int) -> int:
    """``short`` repetitions, or ``long`` ones with ``GRAPHRISK_LONG=1``."""
    return long if LONG else short
