"""What the operating system refuses is told in one sentence, and nothing acknowledged is lost."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.analysis.records import Records
from graphrisk.cli.exits import Exit
from graphrisk.store.operations.database import Database
from graphrisk.store.sqlite.store import SqliteStore
from tests.analysis.samples import finding, saved_run
from tests.ingest.factory import TRANSFERS, csv, transfers
from tests.journeys.factory import Deployment, sqlite_deployment

#: Rows enough for three blocks of a file; what is set aside of the second exceeds the disk.
ROWS = 40_000
WIDTH = 300
DISK_BYTES = 5_000_000


def test_a_load_that_meets_a_full_disk_stops_and_goes_on_when_there_is_room(
    tmp_path: Path,
) -> None:
    (tmp_path / "inbox").mkdir()
    rows = [(*row[:4], "x" * WIDTH if i % 100 else row[4]) for i, row in enumerate(transfers(ROWS))]
    (tmp_path / "inbox" / "transfers.csv").write_text(csv(TRANSFERS, rows))
    deployment = sqlite_deployment(tmp_path)
    done = _on_a_small_disk(deployment, "load", tmp_path / "inbox", "--json")
    assert done.returncode == Exit.STORE_UNAVAILABLE, done.stderr[-2000:]
    error = json.loads(done.stderr.splitlines()[-1])["error"]
    assert error["code"] == "STORE_UNAVAILABLE"
    assert str(deployment.data_dir / "rejects" / "transfers.csv") in error["message"]
    assert "File too large" in error["message"]
    assert "Traceback" not in done.stderr
    (report,) = deployment.json("load", tmp_path / "inbox")["files"]
    assert report["unchanged"] > 0, "what was acknowledged before stays"
    assert report["loaded"] + report["unchanged"] == ROWS // 100
    assert report["rejected"] == ROWS - ROWS // 100
    rejects = Path(report["reject_file"]).read_text(encoding="utf-8").splitlines()
    lines = [json.loads(line)["line"] for line in rejects]
    assert lines == [i + 2 for i in range(ROWS) if i % 100]


@pytest.mark.parametrize(
    "words",
    [
        ("synth", "--out", "FILE"),
        ("synth", "--out", "/proc/nosuch"),
        ("export", "--out", "FILE"),
        ("export", "--out", "/proc/nosuch"),
        ("explain", "f", "--picture", "/nosuch/f.svg"),
        ("findings", "--store", "sqlite:///FILE/graph.db"),
        ("detect", "--store", "sqlite:////proc/nosuch/graph.db"),
    ],
)
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, words: tuple[str, ...]) -> None:
    deployment = _with_a_finding(tmp_path)
    plain = tmp_path / "plain"
    plain.touch()
    said = [word.replace("FILE", str(plain)) for word in words]
    done = deployment.run(*said, "--json")
    assert done.returncode == Exit.BAD_INPUT, done.stderr[-2000:]
    error = json.loads(done.stderr.splitlines()[-1])["error"]
    place = said[-1].removeprefix("sqlite:///")
    assert place.removesuffix("/graph.db") in error["message"]
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    readable = deployment.run(*said)
    assert readable.stderr.splitlines()[-1] == f"graphrisk: BAD_INPUT: {error['message']}"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("lode",), "lode"),
        (("load",), "DIR"),
        (("findings", "--limit", "many"), "--limit"),
        (("up", "--only", "nothing"), "nothing"),
        (("synth", "--preset", "nosuch", "--out", "x"), "nosuch"),
    ],
)
def test_wrong_usage_is_told_as_json_to_who_asked_for_it(
    tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    done = sqlite_deployment(tmp_path).run(*words, "--json")
    assert done.returncode == Exit.USAGE
    error = json.loads(done.stderr)["error"]
    assert error["code"] == "USAGE"
    assert told in error["message"]
    assert done.stdout == ""


def _on_a_small_disk(
    deployment: Deployment, *words: str | Path
) -> subprocess.CompletedProcess[str]:
    """``graphrisk WORDS`` where no file grows beyond ``DISK_BYTES``."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    return subprocess.run(
        [sys.executable, "-m", "graphrisk.cli", *map(str, words)],
        env=deployment.environment(),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (DISK_BYTES, hard)),
    )


def _with_a_finding(folder: Path) -> Deployment:
    """Accounts with nids 0 to 2, which are finding ``f``."""
    deployment = sqlite_deployment(folder)
    store = SqliteStore(folder / "graph.db")
    store.migrate()
    with store.writer("test") as writer:
        writer.resolve("Account", ["a0", "a1", "a2"])
        writer.commit()
    store_id, reader = store.health().store_id, store.reader(EVERYTHING, Purpose("test"))
    run = partial(saved_run, "run-1", store_id=store_id, version=1, stamp=reader.stamp(1))
    store.close()
    database = Database(f"sqlite:///{deployment.data_dir / 'operations.db'}")
    database.migrate()
    Records(database).save(run(finding("f", nids=(0, 1, 2))))
    database.dispose()
    return deployment
