"""Who asks, and for what: read from the headers of a request."""

from __future__ import annotations

from collections.abc import Mapping

from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.purposes import purpose_of
from graphrisk.analysis.entities import Viewer


def viewer_of(headers: Mapping[str, str]) -> Viewer:
    """The viewer (``X-Purpose``, ``X-Case``); ``BadInput`` when they are none."""
    return Viewer(DEVELOPMENT, purpose_of(headers.get("x-purpose"), headers.get("x-case")))
