"""``graphrisk doctor``: is this deployment in order, and if not, what to do."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphrisk.cli.deployment import opened
from graphrisk.cli.exits import Exit
from graphrisk.cli.options import JsonOption, StoreOption
from graphrisk.cli.output import say, say_json, say_table
from graphrisk.core.errors import GraphRiskError, system_faults

if TYPE_CHECKING:
    from graphrisk.analysis.deployment import Deployment

_LOW_DISK_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; ``ok`` is ``None`` for what is only told."""

    name: str
    ok: bool | None
    told: str


def doctor(
    fetch_neo4j: Annotated[
        bool, typer.Option("--fetch-neo4j", help="Fetch the Neo4j jars and look no further.")
    ] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Look at engine, files, keys, snapshot and last run; exits 1 when something needs a hand."""
    checks = [_jars()] if fetch_neo4j else list(_examine(store))
    if as_json:
        say_json({"checks": [asdict(check) for check in checks]})
    else:
        marks = {True: "ok", False: "MEND", None: ""}
        say_table("Doctor", ["", "what", "found"], [[marks[c.ok], c.name, c.told] for c in checks])
    complaints = [check for check in checks if check.ok is False]
    if complaints:
        if not as_json:
            say(f"{len(complaints)} of {len(checks)} need a hand.")
        raise typer.Exit(Exit.CHECK_FAILED)


def _jars() -> Check:
    from graphrisk.store.neo4j.local import VERSION, fetch_jars, jars_folder

    return Check("Neo4j jars", True, f"{VERSION} in {fetch_jars(jars_folder())}")


def _examine(store: str | None) -> Iterator[Check]:
    yield Check("Python", sys.version_info >= (3, 11), sys.version.split()[0])
    for name in _strange_variables():
        yield Check("settings", False, f"{name} is no setting: see docs/settings.md")
    try:
        with opened(store) as deployment:
            for look in _LOOKS:
                yield from _guarded(look, deployment)
    except GraphRiskError as error:
        yield Check("deployment", False, f"{error.code}: {error}")


def _strange_variables() -> list[str]:
    """Variables that look like settings and are none: misspelt, they would do nothing."""
    from graphrisk.settings import FILE_VARIABLE, Settings

    known = {f"GRAPHRISK_{name.upper()}" for name in Settings.model_fields} | {FILE_VARIABLE}
    ours = [name for name in os.environ if name.startswith("GRAPHRISK_")]
    return sorted(n for n in ours if n not in known and not n.startswith("GRAPHRISK_TEST_"))


def _guarded(
    look: Callable[[Deployment], Iterator[Check]], deployment: Deployment
) -> Iterator[Check]:
    """One fault must not hide what the other checks would tell."""
    try:
        with system_faults():
            yield from look(deployment)
    except GraphRiskError as error:
        yield Check(look.__name__.strip("_").replace("_", " "), False, f"{error.code}: {error}")


def _store(deployment: Deployment) -> Iterator[Check]:
    health = deployment.store.health()
    told = f"{health.engine} {health.engine_version}, schema {health.schema_level}, "
    yield Check("graph store", True, told + f"version {health.version}")
    for note in health.notes:
        yield Check("graph store", False, note)


def _operations(deployment: Deployment) -> Iterator[Check]:
    health = deployment.database.health()
    told = f"{health.engine} {health.engine_version}, {deployment.settings.operations_shown}"
    yield Check("operations database", health.is_current, told)
    for note in health.notes:
        yield Check("operations database", False, note)


def _worker(deployment: Deployment) -> Iterator[Check]:
    from graphrisk.core.clock import SystemClock
    from graphrisk.store.operations.heartbeats import heartbeats
    from graphrisk.store.operations.jobs import failing_jobs

    with deployment.database.reading() as session:
        beats, failing = heartbeats(session), failing_jobs(session)
    if not beats:
        yield Check("worker", None, "never seen: graphrisk up")
    for beat in beats:
        seconds = (SystemClock().now_ms() - beat.beat_at) // 1000
        yield Check(beat.process, None, f"{beat.state} {seconds:,} s ago: {beat.detail}")
    for name, error in failing.items():
        yield Check(f"job {name}", False, error)


def _feeds(deployment: Deployment) -> Iterator[Check]:
    from graphrisk.core.errors import ConfigError
    from graphrisk.ingest.feeds.config import read_feed

    for file in deployment.settings.feed_files:
        try:
            feed = read_feed(file)
        except ConfigError as error:
            yield Check(f"feed {file.stem}", False, str(error))
        else:
            kind = type(feed).__name__.removesuffix("Feed").lower()
            yield Check(f"feed {file.stem}", None, f"{kind}, every {feed.every_ms // 1000} s")


def _keys(deployment: Deployment) -> Iterator[Check]:
    from graphrisk.core.keys import KeyRing

    file = deployment.settings.key_ring_file
    marks = deployment.store.health().key_marks
    if marks:
        KeyRing.open(file, marks)
    elif not file.exists():
        yield Check("key ring", None, f"{file}: made by the first load")
        return
    private = not stat.S_IMODE(file.stat().st_mode) & 0o077
    yield Check("key ring", private, str(file) if private else f"chmod 600 {file}: others may read")


def _disk(deployment: Deployment) -> Iterator[Check]:
    free = shutil.disk_usage(_existing(deployment.settings.folder)).free
    yield Check("free disk", free > _LOW_DISK_BYTES, f"{free / 1024**3:.1f} GiB")


def _snapshot(deployment: Deployment) -> Iterator[Check]:
    from graphrisk.store.snapshot.snapshot import Snapshot

    reader = deployment.reader("doctor", "operation")
    store_id = deployment.store.health().store_id
    version = Snapshot.open(deployment.snapshot_folder, reader, store_id).version
    behind = reader.version() - version
    yield Check("snapshot", None, f"version {version}, {behind} behind the store")


def _last_run(deployment: Deployment) -> Iterator[Check]:
    from graphrisk.analysis.service import Findings

    findings = Findings(deployment.database, deployment.store)
    if findings.is_of_another_graph():
        yield Check("last run", False, "it saw another graph than this one: graphrisk detect")
        return
    run = findings.latest_run()
    told = "none yet: graphrisk detect" if run is None else f"{run.run_id}, model {run.model}"
    yield Check("last run", None, told)


_LOOKS = (_store, _operations, _worker, _feeds, _keys, _disk, _snapshot, _last_run)


def _existing(folder: Path) -> Path:
    return folder if folder.exists() else _existing(folder.parent)
