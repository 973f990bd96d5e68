"""What the command line prints of a load: sums, rejects, notes, what was left alone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.ingest.factory import PERSONS, TRANSFERS, csv, persons, transfers
from tests.journeys.factory import Deployment, sqlite_deployment


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    """Good and bad rows, a zip that poses as CSV, and what no mapping knows."""
    folder = tmp_path / "inbox"
    (folder / "truth").mkdir(parents=True)
    rows = [*transfers(40), *transfers(3), ("S9", "", "", "never", "much")]
    (folder / "transfers.csv").write_text(csv(TRANSFERS, rows))
    people = [*persons(5), ("", "nobody", 1950, "", "")]
    (folder / "persons.csv").write_bytes(csv(PERSONS, people).encode("gb18030"))
    (folder / "accounts.csv").write_bytes(b"PK\x03\x04 and so on")
    (folder / "notes.txt").write_text("hello")
    return folder


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    """An empty store."""
    return sqlite_deployment(tmp_path)


def test_a_person_reads_all_sums_and_where_the_rejects_are(
    deployment: Deployment, delivery: Path
) -> None:
    done = deployment.run("load", delivery)
    assert done.returncode == 3, "a file could not be read: docs/cli.md"
    said = re.sub(r"\s+", " ", re.sub(r"[│┃]", " ", done.stdout))
    assert " 44 40 3 1 0 " in said, "in = loaded + unchanged + rejected, nothing closed"
    assert "1 rejected rows of transfers.csv: " in said
    assert "persons.csv: nothing was closed: the identity of 1 rows could not be read" in said
    assert "accounts.csv:1: this is a ZIP archive, not text in lines" in said
    assert "Left alone, no mapping knows them: notes.txt, truth/" in said
    assert "accounts.csv:1: this is a ZIP archive" in done.stderr
    assert "transfers.csv: " in done.stderr, "progress goes to stderr"


def test_a_program_reads_one_object(deployment: Deployment, delivery: Path) -> None:
    done = deployment.run("load", delivery, "--json")
    assert done.returncode == 3
    report = json.loads(done.stdout)
    files = {file["file"]: file for file in report["files"]}
    assert files["accounts.csv"]["error_line"] == 1
    assert report["ignored"] == ["notes.txt", "truth/"]
    for file in files.values():
        assert file["rows"] == file["loaded"] + file["unchanged"] + file["rejected"]
    rows = Path(files["transfers.csv"]["reject_file"]).read_text().splitlines()
    assert [json.loads(row)["line"] for row in rows] == [45]
    assert json.loads(done.stderr.splitlines()[-1])["error"]["code"] == "BAD_INPUT"
    (delivery / "accounts.csv").unlink()
    again = deployment.json("load", delivery)
    assert again["version"] == report["version"]
    assert sum(file["loaded"] for file in again["files"]) == 0


def test_nothing_that_is_known_is_bad_input(deployment: Deployment, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = deployment.run("load", tmp_path / "empty")
    assert done.returncode == 3
    assert "no mapping knows a file of empty" in done.stderr
    assert done.stdout == ""
