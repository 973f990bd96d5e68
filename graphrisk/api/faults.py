"""Faults: what nobody foresaw is hidden from the outside and written down for the operator."""

from __future__ import annotations

import logging
import traceback

_LOGGER = logging.getLogger("graphrisk.api")
HIDDEN = "a fault of this service; it was written down"


def write_down(error: BaseException, where: str = "") -> None:
    """Log where something unforeseen happened: type and places, never a value."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
    _LOGGER.error("%s %s at %s", type(error).__name__, where, places)
