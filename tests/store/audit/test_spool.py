"""Recording: durable and whole from many writers, private, failing closed."""

from __future__ import annotations

import os
import resource
import stat
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.model import Purpose
from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import StoreUnavailable
from graphrisk.store.audit.entry import read_entry
from graphrisk.store.audit.spool import AuditSpool
from tests.recorded import recorded, spooled

SCREENING = Purpose("screening", "A-7")
WRITER = """
import sys
from pathlib import Path
from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.model import Purpose
from graphrisk.core.clock import ManualClock
from graphrisk.store.audit.spool import AuditSpool
audit = AuditSpool(Path(sys.argv[1]), ManualClock(1))
for _ in range(50):
    audit.record(DEVELOPMENT, sys.argv[2], Purpose("screening", "A" * 100), 1)
"""


def test_a_record_says_who_did_what_for_which_purpose_and_how_much(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "audit"
    AuditSpool(folder, ManualClock(7)).record(DEVELOPMENT, "case.take", SCREENING, 3, "c-1")
    assert recorded(folder) == [
        {
            "at": 7,
            "principal": "development",
            "action": "case.take",
            "purpose": "screening",
            "case": "A-7",
            "count": 3,
            "what": "c-1",
        }
    ]
    (file,) = (folder / "spool").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_entry_of_a_record_names_nobody_and_commits_to_all_of_it(tmp_path: Path) -> None:
    audit = AuditSpool(tmp_path, ManualClock(7))
    audit.record(DEVELOPMENT, "search", SCREENING, 3, "c-1")
    audit.record(DEVELOPMENT, "search", SCREENING, 3, "c-1")
    first, second = spooled(tmp_path)
    for said in ("development", "screening", "A-7", "c-1"):
        assert said.encode() not in first.content
    entry = read_entry(first.content)
    assert (entry.at, entry.action, entry.count) == (7, "search", 3)
    assert first.commitment != second.commitment, "equal records must not show that they are"


def test_records_of_many_threads_and_processes_do_not_mix(tmp_path: Path) -> None:
    audit = AuditSpool(tmp_path, ManualClock(1))
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    others = [subprocess.Popen([*command, name]) for name in ("first", "second")]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(100):
            pool.submit(audit.record, DEVELOPMENT, "here", Purpose("screening"), 1)
    assert [process.wait() for process in others] == [0, 0]
    told = spooled(tmp_path)
    assert Counter(one.action for one in told) == {"first": 50, "second": 50, "here": 100}
    assert len({(one.writer, one.sequence) for one in told}) == 200


def test_callers_that_wait_share_a_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writes, sync, begun, go_on = [], os.fdatasync, threading.Event(), threading.Event()

    def slow(descriptor: int) -> None:
        writes.append(descriptor)
        begun.set()
        go_on.wait()
        sync(descriptor)

    monkeypatch.setattr(os, "fdatasync", slow)
    audit = AuditSpool(tmp_path, ManualClock(1))
    with ThreadPoolExecutor(8) as pool:
        record = partial(audit.record, DEVELOPMENT, "here", Purpose("screening"), 1)
        waiting = [pool.submit(record)]
        assert begun.wait(10), "it reached the disk"
        waiting += [pool.submit(record) for _ in range(7)]
        while len(audit._writes._queue) < 7:
            time.sleep(0.001)
        go_on.set()
    for one in waiting:
        one.result()
    assert len(spooled(tmp_path)) == 8
    assert len(writes) == 2, "one by the first, one by all who came meanwhile"


def test_a_folder_that_cannot_be_opened_or_written_refuses_the_read(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable):
        AuditSpool(tmp_path / "file", ManualClock(1))
    audit = AuditSpool(tmp_path, ManualClock(1))
    audit.record(DEVELOPMENT, "before", SCREENING, 1)
    (file,) = (tmp_path / "spool").iterdir()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size + 20, limits[1]))
    try:
        with pytest.raises(StoreUnavailable):
            audit.record(DEVELOPMENT, "meanwhile", SCREENING, 1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    audit.record(DEVELOPMENT, "after", SCREENING, 1)
    told = spooled(tmp_path)
    assert sorted(one.action for one in told) == ["after", "before"]
    assert len({one.writer for one in told}) == 2, "no number is given out twice"


def test_a_fork_counts_for_itself(tmp_path: Path) -> None:
    audit = AuditSpool(tmp_path, ManualClock(1))
    audit.record(DEVELOPMENT, "parent", SCREENING, 1)
    child = os.fork()
    if not child:
        audit.record(DEVELOPMENT, "child", SCREENING, 1)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    audit.record(DEVELOPMENT, "parent", SCREENING, 1)
    told = sorted((one.action, one.sequence) for one in spooled(tmp_path))
    assert told == [("child", 0), ("parent", 0), ("parent", 1)]
