"""The audit file: whole lines from many writers, private, and failing closed."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.model import Purpose
from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import StoreUnavailable
from graphrisk.store.audit import AuditFile

WRITER = """
import sys
from pathlib import Path
from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.model import Purpose
from graphrisk.core.clock import ManualClock
from graphrisk.store.audit import AuditFile
audit = AuditFile(Path(sys.argv[1]), ManualClock(1))
for _ in range(500):
    audit.record(DEVELOPMENT, sys.argv[2], Purpose("screening", "A" * 100), 1)
"""


def test_a_line_says_who_did_what_for_which_purpose_and_how_much(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "audit.jsonl"
    AuditFile(file, ManualClock(7)).record(DEVELOPMENT, "search", Purpose("screening", "A-7"), 3)
    assert [json.loads(line) for line in file.read_text().splitlines()] == [
        {
            "at": 7,
            "principal": "development",
            "action": "search",
            "purpose": "screening",
            "case": "A-7",
            "count": 3,
        }
    ]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_lines_of_many_threads_and_processes_do_not_mix(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    audit = AuditFile(file, ManualClock(1))
    command = [sys.executable, "-c", WRITER, str(file)]
    others = [subprocess.Popen([*command, name]) for name in ("first", "second")]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(500):
            pool.submit(audit.record, DEVELOPMENT, "here", Purpose("screening"), 1)
    assert [process.wait() for process in others] == [0, 0]
    actions = [json.loads(line)["action"] for line in file.read_text().splitlines()]
    assert {name: actions.count(name) for name in set(actions)} == {
        "first": 500,
        "second": 500,
        "here": 500,
    }


def test_a_file_that_cannot_be_opened_or_written_refuses_the_read(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        AuditFile(tmp_path, ManualClock(1))
    full = AuditFile(Path("/dev/full"), ManualClock(1))
    with pytest.raises(StoreUnavailable):
        full.record(DEVELOPMENT, "search", Purpose("screening"), 1)
