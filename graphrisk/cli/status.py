"""``graphrisk status``: what works in the background, and what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrisk.cli.exits import Exit
from graphrisk.cli.operations import opened_operations
from graphrisk.cli.options import JsonOption, StoreOption
from graphrisk.cli.output import say_facts, say_json, say_table

if TYPE_CHECKING:
    from graphrisk.centre.workers import WorkerStatus

_JOBS = ("job", "state", "last done", "next", "attempts", "error")


def status(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Show background processes, jobs with their last and next time, leases, and what waits.

    It needs the operations database and no graph. Exit code 1 when a job fails.
    """
    from dataclasses import asdict

    import typer

    from graphrisk.centre.workers import Workers
    from graphrisk.store.audit.place import place_of

    with opened_operations(store) as held:
        workers = Workers(held.database, place_of(held.settings), held.audit)
        found, now = workers.status(*held.who), held.clock.now_ms()
    if as_json:
        say_json({"now": now} | asdict(found))
    else:
        _tell(found, now)
    if any(one.error for one in found.jobs):
        raise typer.Exit(Exit.CHECK_FAILED)


def _tell(found: WorkerStatus, now: int) -> None:
    processes = [
        (one.process, one.state, _time(one.beat_at), one.detail) for one in found.processes
    ]
    say_table("Processes", ("process", "state", "heard of", "does"), processes)
    jobs = [
        (one.name, one.state, _time(one.done_at), _time(one.due_at), one.attempts, one.error)
        for one in found.jobs
    ]
    say_table("Jobs", _JOBS, jobs)
    leases = [
        (one.name, one.owner if one.expires_at > now else "nobody", _time(one.expires_at))
        for one in found.leases
    ]
    say_table("Leases", ("lease", "has it", "until"), leases)
    waits = {
        "events that were told to nobody": found.unplaced,
        "the oldest of them": _time(found.oldest_unplaced_at),
        "files of records that are not in the audit": found.audit_files,
    }
    say_facts("Waiting", waits)


def _time(ms: int | None) -> str | None:
    from graphrisk.api.times import time_text

    return None if ms is None else time_text(ms)
