"""Backup and restore on the command line: told, recorded, and an exit code for what is lost."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.model import Purpose
from graphrisk.cli.app import app
from graphrisk.cli.exits import Exit
from graphrisk.core.clock import SystemClock
from graphrisk.core.errors import Conflict
from graphrisk.settings import Settings
from graphrisk.store.audit.spool import AuditSpool


def _run(folder: Path, *words: str | Path) -> Result:
    store = f"sqlite:///{folder / 'graph.db'}"
    return CliRunner().invoke(app, [*map(str, words), "--store", store])


def _actions(folder: Path) -> list[str]:
    told = json.loads(_run(folder, "audit", "show", "--json").stdout)
    return [row["action"] for row in told["records"]]


def test_a_deployment_goes_into_a_folder_and_comes_back(tmp_path: Path) -> None:
    site, other, backup = tmp_path / "site", tmp_path / "other", tmp_path / "backup"
    settings = Settings(store=f"sqlite:///{site / 'graph.db'}")
    AuditSpool(settings.audit_folder, SystemClock()).record(
        DEVELOPMENT, "finding", Purpose("investigation", "A-7"), 1
    )
    made = _run(site, "backup", backup)
    assert made.exit_code == 0, made.output
    assert "2 entries of audit" in made.stdout
    assert "who has" in made.stdout
    done = json.loads(_run(other, "restore", backup, "--json").stdout)
    assert (done["audit_entries"], done["lost_entries"], done["differences"]) == (2, 0, [])
    assert _actions(other) == ["finding", "backup.make", "backup.restore"]
    again = _run(other, "restore", backup)
    assert isinstance(again.exception, Conflict)


def test_what_is_lost_is_told_and_the_exit_code_says_so(tmp_path: Path) -> None:
    site, kept = tmp_path / "site", tmp_path / "kept"
    assert _run(site, "backup", tmp_path / "backup").exit_code == 0
    assert _run(site, "audit", "verify", "--keep", kept).exit_code == 0
    assert _run(site, "audit", "verify", "--keep", kept).exit_code == 0
    done = _run(tmp_path / "other", "restore", tmp_path / "backup", "--witnessed", kept)
    assert done.exit_code == Exit.CHECK_FAILED
    assert "is of 2 entries, the log has 1: it was cut" in done.stdout
