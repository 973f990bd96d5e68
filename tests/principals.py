"""Headers of test principals: ``headers(settings, roles=["investigator"], areas=["350206"])``."""

from __future__ import annotations

from collections.abc import Sequence

from graphrisk.access.issuer import DevelopmentIssuer
from graphrisk.core.clock import Clock, ManualClock
from graphrisk.settings import Settings
from tests.api.serving import NOW


def headers(
    settings: Settings,
    *,
    roles: Sequence[str],
    areas: Sequence[str] = ("",),
    name: str = "tester",
    purpose: str = "investigation",
    case: str | None = None,
    clock: Clock | None = None,
) -> dict[str, str]:
    """Of a request to the api of a deployment without issuer, whose clock stands at the door's."""
    issuer = DevelopmentIssuer(settings.folder, clock or ManualClock(NOW))
    token = issuer.token(name, roles, areas)
    asked = {"authorization": f"Bearer {token}", "x-purpose": purpose}
    return asked if case is None else {**asked, "x-case": case}
