"""Jobs of the centre as the worker does them: a task that is late is told, in the end by a file."""

from __future__ import annotations

import json
from pathlib import Path

from graphrisk.core.clock import ManualClock
from graphrisk.settings import Settings
from graphrisk.store.operations import outbox
from graphrisk.store.operations.database import Database
from graphrisk.worker.run import worker_of
from graphrisk.worker.tasks import TASKS
from tests.centre.tasks.office import DISPATCHER, HOUR, WEDNESDAY, WORK, Office, order


def test_what_is_late_reaches_the_unit_and_what_lapsed_is_gone(tmp_path: Path) -> None:
    settings = Settings(store=f"sqlite:///{tmp_path / 'graph.db'}")
    database = Database(settings.operations_url)
    database.migrate()
    office, clock = Office(database), ManualClock(WEDNESDAY)
    late = office.offered(order("call_back"))
    lapsed = office.offered(order("patrol", expires_at=WEDNESDAY + HOUR))
    clock.advance(2 * HOUR)
    assert TASKS["deadlines"](settings, clock) == "1 levels told, 1 offers lapsed"
    assert office.lists.one(DISPATCHER, WORK, lapsed).state.value == "expired"
    with database.session() as session:
        outbox.relay(session)
    told = "1 notices written, 1 sent, 0 refused, 0 to be tried again, 0 given up"
    assert TASKS["notices"](settings, clock) == told
    (file,) = (settings.folder / "notices").iterdir()
    said = json.loads(file.read_text(encoding="utf-8"))
    assert (said["template"], said["recipient"]) == ("deadline_missed", "unit:350203001")
    assert late in said["body"]
    clock.advance(31 * 24 * HOUR)
    assert " 1 notices and " in TASKS["retention"](settings, clock)
    database.dispose()


def test_every_job_of_the_schedule_is_one_that_can_be_done(tmp_path: Path) -> None:
    settings = Settings(store=f"sqlite:///{tmp_path / 'graph.db'}")
    database = Database(settings.operations_url)
    assert worker_of(settings, database)._schedule.keys() <= TASKS.keys()
    database.dispose()
