"""The audit on the command line: shown, verified, exported, and each of these recorded."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.model import Purpose
from graphrisk.cli.app import app
from graphrisk.cli.exits import Exit
from graphrisk.core.clock import SystemClock
from graphrisk.settings import Settings
from graphrisk.store.audit.spool import AuditSpool


class Desk:
    """A deployment whose graph nobody ever made."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(store=f"sqlite:///{folder / 'graph.db'}")
        self.spool = AuditSpool(self.settings.audit_folder, SystemClock())

    def note(self, action: str, case: str) -> None:
        self.spool.record(DEVELOPMENT, action, Purpose("investigation", case), 2, "f-1")

    def run(self, *words: str | Path) -> Result:
        return CliRunner().invoke(
            app, ["audit", *map(str, words), "--store", self.settings.store, "--json"]
        )

    def json(self, *words: str | Path) -> dict[str, object]:
        done = self.run(*words)
        assert done.exit_code == 0, done.output
        return dict(json.loads(done.stdout))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def _actions(told: dict[str, object]) -> list[str]:
    rows = told["records"]
    assert isinstance(rows, list)
    return [row["action"] for row in rows]


def test_what_was_recorded_is_shown_and_the_showing_too(desk: Desk) -> None:
    desk.note("finding", "A-7")
    desk.note("case.take", "A-8")
    assert _actions(desk.json("show", "--case", "A-7")) == ["finding"]
    assert _actions(desk.json("show")) == ["finding", "case.take", "audit.read"]
    assert _actions(desk.json("show", "--last", "1")) == ["audit.read"]
    assert _actions(desk.json("show", "--from", "2100-01-01T00:00:00Z")) == []
    assert _actions(desk.json("show", "--principal", "development", "--what", "f-1")) == [
        "finding",
        "case.take",
    ]


def test_a_change_is_told_and_the_exit_code_says_so(desk: Desk, tmp_path: Path) -> None:
    desk.note("finding", "A-7")
    kept = tmp_path / "checkpoint"
    assert desk.json("verify", "--keep", kept)["differences"] == []
    desk.note("finding", "A-8")
    assert desk.json("verify", "--checkpoint", kept)["differences"] == []
    with sqlite3.connect(desk.settings.folder / "operations.db") as database:
        database.execute("UPDATE audit SET principal = 'nobody' WHERE number = 0")
    done = desk.run("verify")
    assert done.exit_code == Exit.CHECK_FAILED
    assert json.loads(done.stdout)["differences"] == [
        {"place": "entry 0", "reason": "the row is not what was recorded: it was changed"}
    ]
    people = CliRunner().invoke(app, ["audit", "verify", "--store", desk.settings.store])
    assert "entry 0: the row is not what was recorded" in people.output


def test_an_export_is_its_owners_alone_and_recorded(desk: Desk, tmp_path: Path) -> None:
    desk.note("finding", "A-7")
    out = tmp_path / "audit.zip"
    assert desk.json("export", out, "--action", "finding") == {"file": str(out), "entries": 1}
    assert out.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(out) as pack:
        assert "proofs/0.tlog-proof" in pack.namelist()
    assert "audit.export" in _actions(desk.json("show"))


def test_another_key_signs_the_log_and_both_verify(desk: Desk) -> None:
    desk.note("search", "A-1")
    first = desk.json("verify")
    keys = desk.json("rotate")["keys"]
    assert isinstance(keys, list)
    assert [one["until"] is None for one in keys] == [False, True]
    assert keys[0]["until"] == keys[1]["since"]
    found = desk.json("verify")
    assert (first["differences"], found["differences"]) == ([], [])
    assert "audit.rotate" in _actions(desk.json("show"))
