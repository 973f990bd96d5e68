"""The worker's jobs of the audit: what was recorded comes into the log, and fails by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.model import Purpose
from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import StoreError
from graphrisk.settings import Settings
from graphrisk.store.audit.spool import AuditSpool
from graphrisk.store.operations.database import Database
from graphrisk.worker.run import worker_of
from graphrisk.worker.tasks import TASKS
from graphrisk.worker.worker import BESIDE


def test_the_job_collects_and_names_a_file_that_holds_no_records(tmp_path: Path) -> None:
    settings = Settings(store=f"sqlite:///{tmp_path / 'graph.db'}")
    clock = ManualClock(1_700_000_000_000)
    spool = AuditSpool(settings.audit_folder, clock)
    database = Database(settings.operations_url)
    database.migrate()
    assert TASKS["audit"](settings, clock) == "nothing was recorded since"
    spool.record(DEVELOPMENT, "search", Purpose("screening"), 1)
    assert TASKS["audit"](settings, clock) == "1 records brought into the log, which has 1"
    (settings.audit_folder / "spool" / "strange").write_bytes(b"nonsense")
    spool.record(DEVELOPMENT, "search", Purpose("screening"), 1)
    with pytest.raises(StoreError, match=r"strange\.taken"):
        TASKS["audit"](settings, clock)
    database.dispose()


def test_the_worker_asks_witnesses_where_some_are_named(tmp_path: Path) -> None:
    plain = Settings(store=f"sqlite:///{tmp_path / 'graph.db'}")
    named = plain.model_copy(update={"audit_witnesses": "https://w.test KEY"})
    database = Database(plain.operations_url)
    planned = [worker_of(settings, database)._schedule for settings in (plain, named)]
    assert [("audit" in one, "witness" in one) for one in planned] == [(True, False), (True, True)]
    assert {"audit", "witness"} <= BESIDE, "neither waits for a detection"
    database.dispose()
