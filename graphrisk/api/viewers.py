"""Who asks, and for what: read from the headers of a request."""

from __future__ import annotations

from collections.abc import Mapping

from graphrisk.access.purposes import purpose_of
from graphrisk.access.sign_on import SignOn
from graphrisk.analysis.entities import Viewer


def viewer_of(sign_on: SignOn, headers: Mapping[str, str]) -> Viewer:
    """The viewer (``Authorization``, ``X-Purpose``, ``X-Case``).

    ``Unauthenticated`` when nobody known asks, ``BadInput`` for a purpose or case that is none.
    """
    principal = sign_on.principal(headers.get("authorization"))
    return Viewer(principal, purpose_of(headers.get("x-purpose"), headers.get("x-case")))
