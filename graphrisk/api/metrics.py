"""``/metrics``: what a process counts of itself, as text that Prometheus reads.

It names nobody: labels are templates of routes, kinds and outcomes, so their number is known.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Iterable, Sequence

from fastapi import APIRouter
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphrisk.api.problems import responses
from graphrisk.core.errors import Forbidden
from graphrisk.core.networks import Network

#: What is so at the moment it is asked; may block.
Gauges = Callable[[], Iterable[Metric]]
#: Headers of who comes through another machine: a proxy of this one is no door for others.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
#: Of what no route or operation was found for.
NONE = "none"

# A second series for each, of its first moment; the library gives this function no types.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Meter(Collector):
    """Counts what one process answers, in a registry of its own, and shows its gauges.

    Its figures are for this machine and for ``networks``.
    """

    def __init__(self, gauges: Gauges = list, networks: Sequence[Network] = ()) -> None:
        self._gauges = gauges
        self._networks = networks
        self._registry = CollectorRegistry()
        self._registry.register(self)
        self._requests = Histogram(
            "graphrisk_http_request_seconds",
            "From a request to the head of its answer, by template of the route and class",
            ("route", "status"),
            registry=self._registry,
        )
        self._operations = Histogram(
            "graphrisk_graphql_operation_seconds",
            "GraphQL operations that ended; a subscription's time is how long it was open",
            ("kind", "outcome"),
            registry=self._registry,
        )

    def collect(self) -> Iterable[Metric]:
        """The gauges as they are now."""
        return self._gauges()

    def text(self) -> bytes:
        """All figures. May block."""
        return generate_latest(self._registry)

    def request(self, route: str, status: int, seconds: float) -> None:
        """An answer was begun."""
        self._requests.labels(route, f"{status // 100}xx").observe(seconds)

    def operation(self, kind: str, outcome: str, seconds: float) -> None:
        """An operation ended."""
        self._operations.labels(kind, outcome).observe(seconds)

    def refuse_stranger(self, request: Request) -> None:
        """``Forbidden`` for who is neither on this machine nor in a network of the setting."""
        host = request.client.host if request.client else ""
        if any(name in request.headers for name in _FORWARDED) or not self._may(host):
            raise Forbidden("figures are for this machine and for GRAPHRISK_METRICS_NETWORKS")

    def _may(self, host: str) -> bool:
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return False
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return address.is_loopback or any(address in one for one in self._networks)


def metrics_router(meter: Meter) -> APIRouter:
    """The figures of a process at its own port."""
    router = APIRouter(tags=["health"])

    @router.get(
        "/metrics",
        summary="What does it count?",
        response_class=PlainTextResponse,
        responses=responses(403, 500),
    )
    def metrics(request: Request) -> Response:
        """Figures for Prometheus: to this machine and to networks that a setting names."""
        meter.refuse_stranger(request)
        return Response(meter.text(), headers={"content-type": CONTENT_TYPE_LATEST})

    return router


class MeteredHttp:
    """Counts the answers of an application."""

    def __init__(self, app: ASGIApp, meter: Meter) -> None:
        self._app, self._meter = app, meter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and look at the head of the answer; a fault is answered further out."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, is_told = time.perf_counter(), False

        def tell(status: int) -> None:
            nonlocal is_told
            is_told = True
            self._meter.request(_template(scope), status, time.perf_counter() - began)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                tell(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception:
            if not is_told:
                tell(500)
            raise


def _template(scope: Scope) -> str:
    """Of the route that was found: FastAPI names it, Starlette its endpoint alone."""
    found = getattr(scope.get("route"), "path", None)
    if isinstance(found, str):
        return found
    plain = (one for one in scope["app"].routes if isinstance(one, Route))
    named = (one.path for one in plain if one.endpoint == scope.get("endpoint"))
    return next(named, NONE)
