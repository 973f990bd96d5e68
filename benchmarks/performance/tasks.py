"""Tasks grabbed by many at once, at the service, on both operations databases."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import psycopg

from benchmarks.performance.work import Work
from graphrisk.access.model import Principal, Purpose, Scope
from graphrisk.centre.deadlines.service import Deadlines
from graphrisk.centre.tasks.model import NewTask
from graphrisk.centre.tasks.service import Tasks
from graphrisk.centre.units import Units
from graphrisk.core.calendar import Calendar
from graphrisk.core.clock import SystemClock
from graphrisk.core.errors import Conflict
from graphrisk.store.audit.spool import AuditSpool
from graphrisk.store.operations.database import Database
from tests.postgres import own_server

_GRABBERS, _PACKAGE, _AREA = 64, 500, "350203001001"
_WORK = Purpose("operation")
_DISPATCHER = Principal("dispatcher", frozenset({"dispatcher"}), Scope(("350203",)))


def measure(work: Work) -> None:
    """64 threads take tasks, each in an order of its own; who hears that one is gone lets it be."""
    count = work.size("tasks", 1_000)
    work.sizes["grabbers"] = _GRABBERS
    with own_server("-c max_connections=80") as server:
        for turn in range(work.rounds):
            _race(work, "sqlite", f"sqlite:///{work.folder / f'{turn}.db'}", count)
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE race_{turn}")
            _race(work, "postgresql", server.replace("/postgres?", f"/race_{turn}?"), count)


def _race(work: Work, engine: str, url: str, count: int) -> None:
    database, clock = Database(url), SystemClock()
    database.migrate()
    audit = AuditSpool(Path(work.folder) / "audit", clock)
    tasks = Tasks(database, clock, Calendar(), audit, Deadlines(Calendar(), Units()))
    ids = [str(UUID(int=number + 1)) for number in range(count)]
    for package in (ids[at : at + _PACKAGE] for at in range(0, count, _PACKAGE)):
        orders = [NewTask(one, "visit", "核实", _AREA, offered_to="grid_worker") for one in package]
        tasks.create(_DISPATCHER, _WORK, orders, str(uuid4()))
    won: dict[str, float] = {}  # milliseconds of each grab that was won, by task
    begin = threading.Barrier(_GRABBERS + 1)
    threads = [
        threading.Thread(target=_grab, args=(tasks, number, ids, begin, won))
        for number in range(_GRABBERS)
    ]
    for thread in threads:
        thread.start()
    begin.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - begun
    database.dispose()
    assert len(won) == count
    work.add(f"grabs-{engine}", count / taken)
    work.add(f"grabs-{engine}-p99", float(np.percentile(list(won.values()), 99)))


def _grab(
    tasks: Tasks, number: int, ids: list[str], begin: threading.Barrier, won: dict[str, float]
) -> None:
    who = Principal(f"worker{number}", frozenset({"grid_worker"}), Scope((_AREA,)))
    chance = random.Random(number)
    mine = chance.sample(ids, len(ids))
    begin.wait()
    for task_id in mine:
        if task_id in won:
            continue
        started = time.perf_counter()
        try:
            tasks.grab(who, _WORK, task_id, str(UUID(int=chance.getrandbits(128))))
        except Conflict:
            continue
        won[task_id] = 1_000 * (time.perf_counter() - started)
