"""The gauges of the api at ``/metrics``: how old what is answered from is, and what waits."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client.metrics_core import Metric

from graphrisk.api.context import Desk
from graphrisk.api.gauges import age, by_kind, gauge
from graphrisk.api.metrics import Gauges
from graphrisk.centre.workers import Background, background
from graphrisk.core.clock import Clock
from graphrisk.core.errors import GraphRiskError
from graphrisk.store.audit.place import AuditPlace
from graphrisk.store.operations.database import Database


def deployment_gauges(desk: Desk, database: Database, place: AuditPlace, clock: Clock) -> Gauges:
    """Of the api, for the worker as well: it says what it does in the operations database.

    Where that cannot be read, its figures are missing and ``graphrisk_operations_up`` is 0.
    """

    def gauges() -> Iterable[Metric]:
        yield gauge("subscriptions_open", "Subscriptions that follow events", desk.following.number)
        try:
            run, found = desk.findings.latest_run(), background(database, place)
        except GraphRiskError:
            yield gauge("operations_up", "Whether the operations database can be read", 0)
            return
        yield gauge("operations_up", "Whether the operations database can be read", 1)
        started = None if run is None else run.started_at
        yield from age("snapshot", "What the last detection saw", started, clock)
        yield from _waiting(found, clock)
        yield from _jobs(found, clock)

    return gauges


def _waiting(found: Background, clock: Clock) -> Iterable[Metric]:
    yield from age("worker_heartbeat", "The last word of any worker", found.heard_at, clock)
    yield gauge("outbox_waiting", "Events that were told to nobody", found.unplaced)
    yield from age("outbox_oldest", "The oldest of these events", found.oldest_unplaced_at, clock)
    yield gauge("audit_files_waiting", "Files of records not in the audit yet", found.audit_files)


def _jobs(found: Background, clock: Clock) -> Iterable[Metric]:
    failing = {one.kind: one.failing for one in found.kinds}
    yield by_kind("jobs_failing", "Jobs whose last attempt failed", failing)
    now = clock.now_ms()
    ages = {one.kind: (now - one.done_at) / 1000 for one in found.kinds if one.done_at is not None}
    says = "Since the last success of a repeated job, of the kind's longest ago"
    yield by_kind("job_success_age_seconds", says, ages)
