"""The gauges of ``/metrics`` that need no database: how old published scores are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from graphrisk.analysis.publish import ScoreBoard
from graphrisk.api.metrics import Gauges
from graphrisk.core.clock import Clock
from graphrisk.core.errors import GraphRiskError


def board_gauges(board: ScoreBoard, clock: Clock) -> Gauges:
    """Of the scores process; none before scores are published."""

    def gauges() -> Iterable[Metric]:
        try:
            run = board.present().run
        except GraphRiskError:
            return
        yield from age("snapshot", "What the scores were found in", run.started_at, clock)

    return gauges


def age(name: str, says: str, since: int | None, clock: Clock) -> Iterable[Metric]:
    """Seconds since a moment; nothing where there was none."""
    if since is not None:
        yield gauge(f"{name}_age_seconds", f"{says}: its age", (clock.now_ms() - since) / 1000)


def gauge(name: str, says: str, value: float) -> Metric:
    """One figure; ``name`` without what all begin with."""
    return GaugeMetricFamily(f"graphrisk_{name}", says, value=value)


def by_kind(name: str, says: str, values: Mapping[str, float]) -> Metric:
    """A figure for each kind."""
    family = GaugeMetricFamily(f"graphrisk_{name}", says, labels=["kind"])
    for kind, value in values.items():
        family.add_metric([kind], value)
    return family
