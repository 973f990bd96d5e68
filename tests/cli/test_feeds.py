"""``graphrisk pull`` and ``graphrisk watch``."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphrisk.cli.exits import Exit
from tests.ingest.factory import TRANSFERS, csv, transfers
from tests.ingest.feeds.service import Tags, describe, serving, tag
from tests.journeys.factory import Deployment, sqlite_deployment


@pytest.fixture
def tags() -> Iterator[Tags]:
    with serving(Tags([tag(1), tag(2)])) as served:
        yield served


def test_a_feed_at_fault_keeps_no_other_from_being_pulled(tmp_path: Path, tags: Tags) -> None:
    deployment = sqlite_deployment(tmp_path)
    feeds = deployment.data_dir / "feeds"
    describe(feeds, tags)
    (feeds / "broken.yaml").write_text("name: broken\nkind: http\n")
    done = deployment.run("pull", "--json")
    assert done.returncode == Exit.CONFIG
    broken, pulled = json.loads(done.stdout)["feeds"]
    assert broken["error"]["code"] == "CONFIG"
    assert "broken.yaml: url: is missing" in broken["error"]["message"]
    assert [file["loaded"] for file in pulled["files"]] == [2]
    assert deployment.json("pull", "tags")["feeds"][0]["files"] == []
    missing = deployment.run("pull", "ghost")
    assert missing.returncode == Exit.NOT_FOUND
    assert "there are: broken, tags" in missing.stderr


def test_doctor_tells_feeds_and_names_what_is_wrong_with_them(tmp_path: Path, tags: Tags) -> None:
    deployment = sqlite_deployment(tmp_path)
    describe(deployment.data_dir / "feeds", tags)
    (deployment.data_dir / "feeds" / "broken.yaml").write_text("name: broken\nkind: ftp\n")
    checks = json.loads(deployment.run("doctor", "--json").stdout)["checks"]
    told = {check["name"]: (check["ok"], check["told"]) for check in checks}
    assert told["feed tags"] == (None, "http, every 900 s")
    assert told["feed broken"][0] is False
    assert "kind: 'ftp' is none of" in told["feed broken"][1]


def test_watch_loads_what_comes_until_it_is_told_to_stop(tmp_path: Path) -> None:
    deployment = sqlite_deployment(tmp_path)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    command = ["watch", str(inbox), "--quiet", "0", "--every", "1", "--json"]
    with _running(deployment, *command) as process:
        assert process.stdout is not None
        _put(inbox / "transfers.csv", csv(TRANSFERS, transfers(3)))
        first = json.loads(process.stdout.readline())["feeds"][0]
        assert [file["loaded"] for file in first["files"]] == [3]
        _put(inbox / "nobody-knows.txt", "x")
        second = json.loads(process.stdout.readline())["feeds"][0]
        assert list(second["refused"]) == ["nobody-knows.txt"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == Exit.TERMINATED
    again = deployment.json("watch", inbox, "--once", "--quiet", "0")["feeds"][0]
    assert (again["files"], again["refused"]) == ([], {})


def _put(file: Path, text: str) -> None:
    """A file that is there whole or not at all."""
    unfinished = file.with_name(f"{file.name}.part")
    unfinished.write_text(text)
    unfinished.rename(file)


def _running(deployment: Deployment, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "graphrisk.cli", *arguments],
        env=deployment.environment(),
        stdout=subprocess.PIPE,
        text=True,
    )


def test_watch_once_fails_for_what_it_refused(tmp_path: Path) -> None:
    deployment = sqlite_deployment(tmp_path)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "nobody-knows.txt").write_text("x")
    time.sleep(0.01)
    done = deployment.run("watch", str(inbox), "--once", "--quiet", "0", "--json")
    assert done.returncode == Exit.BAD_INPUT
    assert "nobody-knows.txt" in done.stderr
