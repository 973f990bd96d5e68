"""The worker process as a deployment runs it: started, stopped, killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import pytest

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.analysis.deployment import opened_with
from graphrisk.analysis.service import Findings
from graphrisk.core.clock import ManualClock
from graphrisk.ingest.load import load
from graphrisk.ingest.service import Sources
from graphrisk.settings import Settings
from graphrisk.store.operations import outbox
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.heartbeats import Heartbeat, beat, heartbeats
from graphrisk.store.operations.tables import JobRow
from graphrisk.worker.tasks import detect_changes, forget_old, tell_lateness
from graphrisk_algorithms.evidence.identities import JUDGED
from tests.analysis.samples import Graph
from tests.ingest.factory import PERSONS, START, TRANSFERS, csv, identity_number, transfers
from tests.ingest.feeds.service import Tags, describe, serving, tag

T = TypeVar("T")
DAY = 86_400_000


@contextmanager
def _worker(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "graphrisk.cli", "up", "--only", "worker"]
    process = subprocess.Popen(
        command, env=settings.environment(os.environ), stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """A deployment that detects, its operations database once on each engine."""
    return Settings(
        store=f"sqlite:///{tmp_path / 'graph.db'}",
        operations=database_url,
        detect_every_minutes=60,
    )


@pytest.fixture
def operations(settings: Settings) -> Iterator[Database]:
    database = Database(settings.operations_url)
    database.migrate()
    yield database
    database.dispose()


def _states(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(beat.state for beat in heartbeats(session))


def _detection(database: Database) -> JobRow | None:
    with database.reading() as session:
        return session.get(JobRow, "detect")


def _job(database: Database, name: str) -> JobRow:
    with database.reading() as session:
        row = session.get(JobRow, name)
        assert row is not None
        return row


def _doing(pid: int, job: str) -> list[int]:
    """Processes of a worker that do a job; another one may end meanwhile."""
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        with suppress(FileNotFoundError, ProcessLookupError):
            if Path(f"/proc/{child}/cmdline").read_text().rstrip("\0").endswith(f"\0{job}"):
                found.append(int(child))
    return found


def _await(look: Callable[[], T], seconds: float = 40) -> T:
    deadline = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.05)
    return seen


def _is_running(database: Database, fence: int) -> bool:
    job = _detection(database)
    return job is not None and job.state == "running" and job.fence == fence


def test_it_detects_stops_on_sigterm_and_hands_its_lease_on(
    settings: Settings, operations: Database
) -> None:
    with _worker(settings) as worker:
        _await(lambda: Findings(operations, Graph(None)).latest_run())
        _await(lambda: not _is_running(operations, 1))
        began = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=10) == 0
        assert time.monotonic() - began < 10
    assert _states(operations) == ["stopped"]
    with _worker(settings):
        _await(lambda: "working" in _states(operations), seconds=10)


def test_a_killed_worker_takes_its_detection_along_and_another_repeats_it(
    settings: Settings, operations: Database
) -> None:
    with _worker(settings) as first:
        _await(lambda: _is_running(operations, fence=1))
        (child,) = _await(lambda: _doing(first.pid, "detect"))
        _await(lambda: "setpriv" not in Path(f"/proc/{child}/cmdline").read_text())  # bound by now
        os.kill(child, signal.SIGSTOP)  # else it may be done before the second is there
        with _worker(settings) as second:
            _await(lambda: _states(operations) == ["standby", "working"])
            first.send_signal(signal.SIGKILL)
            _await(lambda: not Path(f"/proc/{child}").exists(), seconds=5)
            assert Findings(operations, Graph(None)).latest_run() is None
            _await(lambda: Findings(operations, Graph(None)).latest_run())
            job = _detection(operations)
            assert job is not None
            assert job.fence == 2
            assert job.owner is None or job.owner.endswith(f":{second.pid}")


@pytest.mark.usefixtures("operations")
def test_a_second_look_at_an_unchanged_graph_runs_nothing(
    tmp_path: Path, settings: Settings
) -> None:
    clock = ManualClock(1)
    assert "0 findings" in detect_changes(settings, clock)
    assert detect_changes(settings, clock) == "nothing changed since version 0"
    other = {"store": f"sqlite:///{tmp_path / 'other.db'}", "operations": settings.operations_url}
    assert "0 findings" in detect_changes(settings.model_copy(update=other), clock)


def test_a_detection_by_itself_sees_first_who_is_who(
    settings: Settings, operations: Database, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    twice = [(f"P{n}", "欧阳若冰", 1980, identity_number(7), "") for n in range(2)]
    (inbox / "persons.csv").write_text(csv(PERSONS, twice), encoding="gb18030")
    with opened_with(settings) as deployment:
        load(
            deployment.store,
            settings.folder,
            inbox,
            clock=ManualClock(START),
            sources=Sources(operations, ManualClock(START)),
            progress=lambda *_: None,
        )
    assert "0 findings" in detect_changes(settings, ManualClock(START))
    with opened_with(settings) as deployment:
        reader = deployment.store.reader(EVERYTHING, Purpose("operation"))
        assert reader.counts()[JUDGED] == 1
    assert detect_changes(settings, ManualClock(START)).startswith("nothing changed")


def test_the_worker_tells_which_sources_are_late(
    settings: Settings, operations: Database, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "transfers.csv").write_text(csv(TRANSFERS, transfers(1)))
    clock = ManualClock(START)
    with opened_with(settings) as deployment:
        load(
            deployment.store,
            settings.folder,
            inbox,
            clock=clock,
            sources=Sources(operations, clock),
            progress=lambda *_: None,
        )
    assert tell_lateness(settings, clock) == "nothing new"
    with _worker(settings):  # by its clock the promise of a day is long broken

        def told() -> list[str]:
            with operations.reading() as session:
                return [event.kind for event in outbox.read_after(session, 0)]

        _await(lambda: "source.late" in told())
        assert told().count("source.late") == 1


def test_the_worker_pulls_feeds_and_one_at_fault_keeps_none_from_it(
    settings: Settings, operations: Database
) -> None:
    settings.feeds_folder.mkdir(parents=True)
    (settings.feeds_folder / "broken.yaml").write_text("name: broken\nkind: ftp\n")
    with serving(Tags([tag(1), tag(2)])) as tags:
        describe(settings.feeds_folder, tags)
        with _worker(settings):
            register = Sources(operations, ManualClock(START))
            _await(lambda: any(one.name == "tags" for one in register.listing()))
            _await(lambda: _job(operations, "pull:tags").state == "waiting")
    job = _job(operations, "pull:tags")
    assert (job.kind, job.every_ms, job.error) == ("pull", 15 * 60_000, None)
    (found,) = [one for one in register.listing() if one.name == "tags"]
    assert found.last is not None
    assert (found.last.rows, found.last.loaded) == (2, 2)


def test_retention_forgets_what_is_old_and_keeps_the_rest(
    settings: Settings, operations: Database
) -> None:
    with operations.session() as session:
        for day in (0, 1, 31):
            outbox.emit(session, "detection.finished", f"day {day}", {}, day * DAY)
        outbox.relay(session)
        for day in (0, 31):
            beat(session, Heartbeat(f"worker {day}", "", "working", "", 0, day * DAY))
    told = forget_old(settings, ManualClock(31 * DAY + 1))
    assert told.startswith("2 events, 0 notices and 1 processes forgotten, 0 records")
    with operations.reading() as session:
        assert [event.subject for event in outbox.read_after(session, 0)] == ["day 31"]
        assert [one.process for one in heartbeats(session)] == ["worker 31"]
