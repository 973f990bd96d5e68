"""Whoever records or collects may be killed at any moment: no receipt is lost, none doubled."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.effort import effort

KILLS = effort(60, 1_000)
ROOT = Path(__file__).parents[2]


def test_no_record_with_a_receipt_is_lost_or_doubled(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.faults.audit_kills", str(tmp_path), str(KILLS), "7"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    told = json.loads(done.stdout)
    assert told["differences"] == []
    assert (told["lost"], told["doubled"], told["unasked"]) == ([], [], [])
    assert sum(told["kills"].values()) >= KILLS
    assert min(told["kills"].values()) > KILLS / 10, "both kinds were killed"
    assert told["receipts"] > KILLS / 2
    assert told["torn"] > 0
