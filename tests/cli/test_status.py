"""What works in the background, for who looks after a deployment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from graphrisk.cli.app import app
from graphrisk.core.clock import ManualClock
from graphrisk.settings import Settings
from graphrisk.store.operations import jobs, leases, outbox
from graphrisk.store.operations.database import Database
from tests.recorded import recorded

DAY = 86_400_000


def test_status_tells_runs_failures_leases_and_what_waits(tmp_path: Path) -> None:
    settings = Settings(store=f"sqlite:///{tmp_path / 'graph.db'}")
    settings.folder.mkdir(parents=True)
    database, clock = Database(settings.operations_url), ManualClock(20_000 * DAY)
    database.migrate()
    now = clock.now_ms()
    with database.session() as session:
        jobs.repeat(session, "notices", "notices", 30_000, now)
        done = jobs.claim(session, "w", now, 15_000)
        assert done is not None
        jobs.finish(session, done, now)
        leases.take(session, "worker", "host:1", now, 15_000)
        outbox.emit(session, "task.changed", "t", {}, now)
    told = _ask(settings, 0)
    (job,) = told["jobs"]
    assert (job["name"], job["done_at"], job["due_at"]) == ("notices", now, now + 30_000)
    assert (told["unplaced"], told["oldest_unplaced_at"]) == (1, now)
    assert [one["owner"] for one in told["leases"]] == ["host:1"]
    with database.session() as session:
        tried = jobs.claim(session, "w", now + 30_000, 15_000)
        assert tried is not None
        jobs.fail(session, tried, "no answer", now + 30_000)
        outbox.relay(session)
    told = _ask(settings, 1)
    assert (told["jobs"][0]["error"], told["jobs"][0]["done_at"]) == ("no answer", now)
    assert (told["unplaced"], told["audit_files"]) == (0, 1), "who asked is on record, too"
    shown = CliRunner().invoke(app, ["status", "--store", settings.store])
    assert (shown.exit_code, "no answer" in shown.output) == (1, True)
    assert {one["action"] for one in recorded(settings.audit_folder)} == {"worker.read"}
    database.dispose()


def _ask(settings: Settings, code: int) -> dict[str, Any]:
    done = CliRunner().invoke(app, ["status", "--json", "--store", settings.store])
    assert done.exit_code == code, done.output
    told: dict[str, Any] = json.loads(done.output)
    return told
