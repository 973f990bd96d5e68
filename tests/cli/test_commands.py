"""What a user of the command line meets before anything is loaded, and when something is wrong."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from graphrisk.cli.app import app
from graphrisk.cli.exits import Exit, exit_code
from graphrisk.core import errors
from tests.ingest.factory import PERSONS, csv, persons
from tests.journeys.factory import sqlite_deployment


@pytest.mark.parametrize(
    "error",
    [
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, errors.GraphRiskError)
    ],
)
def test_every_error_has_an_exit_code(error: type[errors.GraphRiskError]) -> None:
    code = exit_code(error("what happened"))
    assert code not in (Exit.OK, Exit.CHECK_FAILED, Exit.USAGE)


def test_every_command_takes_json() -> None:
    for command in app.registered_commands:
        assert command.callback is not None
        name = command.callback.__name__
        help_text = CliRunner().invoke(app, [name, "--help"]).output
        assert "--json" in help_text, name


def test_findings_before_any_detection(tmp_path: Path) -> None:
    assert sqlite_deployment(tmp_path).json("findings") == {"run": None, "findings": []}


def test_an_unknown_finding_is_told_as_json_with_its_exit_code(tmp_path: Path) -> None:
    done = sqlite_deployment(tmp_path).run("explain", "no-such-finding", "--json")
    assert done.returncode == Exit.NOT_FOUND
    assert json.loads(done.stderr)["error"]["code"] == "NOT_FOUND"
    assert done.stdout == ""


def test_a_password_in_the_url_is_refused_and_not_repeated(tmp_path: Path) -> None:
    done = sqlite_deployment(tmp_path).run(
        "findings", "--store", "neo4j://neo4j:hunter2@127.0.0.1:1"
    )
    assert done.returncode == Exit.CONFIG
    assert "hunter2" not in done.stderr + done.stdout
    assert "GRAPHRISK_STORE_PASSWORD" in done.stderr


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    deployment = sqlite_deployment(tmp_path)
    environment = deployment.environment() | {"GRAPHRISK_STORE_PASSWORD": "secret"}
    done = deployment.run("findings", "--store", "bolt://neo4j@127.0.0.1:1", env=environment)
    assert done.returncode == Exit.STORE_UNAVAILABLE
    assert "127.0.0.1:1" in done.stderr
    assert "secret" not in done.stderr


def test_doctor_finds_a_fresh_deployment_in_order(tmp_path: Path) -> None:
    checks = sqlite_deployment(tmp_path).json("doctor")["checks"]
    assert {check["name"] for check in checks} >= {"graph store", "operations database", "last run"}
    assert [check for check in checks if check["ok"] is False] == []


def test_doctor_complains_about_a_key_ring_others_may_read(tmp_path: Path) -> None:
    deployment = sqlite_deployment(tmp_path)
    deployment.data_dir.mkdir()
    (deployment.data_dir / "keys.json").write_text("{}")
    (deployment.data_dir / "keys.json").chmod(0o644)
    done = deployment.run("doctor", "--json")
    assert done.returncode == Exit.CHECK_FAILED
    told = [check["told"] for check in json.loads(done.stdout)["checks"] if check["ok"] is False]
    assert len(told) == 1
    assert "chmod 600" in told[0]


def test_doctor_complains_about_a_missing_key_ring_where_one_was_used(tmp_path: Path) -> None:
    deployment = sqlite_deployment(tmp_path)
    (tmp_path / "inbox").mkdir()
    text = csv(PERSONS, persons(2))
    (tmp_path / "inbox" / "persons.csv").write_text(text, encoding="gb18030")
    deployment.json("load", tmp_path / "inbox")
    ring = deployment.data_dir / "keys.json"
    ring.rename(tmp_path / "kept.json")
    done = deployment.run("doctor", "--json")
    assert done.returncode == Exit.CHECK_FAILED
    (told,) = [check["told"] for check in json.loads(done.stdout)["checks"] if check["ok"] is False]
    assert f"{ring} is missing" in told
    assert not ring.exists()


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("graph.db", "UPDATE identity SET value = '99' WHERE name = 'schema_level'"),
        ("files/operations.db", "UPDATE alembic_version SET version_num = 'r9999'"),
    ],
)
def test_a_database_of_a_newer_release_is_told_in_one_sentence(
    tmp_path: Path, file: str, change: str
) -> None:
    deployment = sqlite_deployment(tmp_path)
    deployment.json("findings")
    with closing(sqlite3.connect(tmp_path / file)) as connection, connection:
        connection.execute(change)
    done = deployment.run("export", "--out", tmp_path / "out", "--json")
    assert done.returncode == Exit.CONFIG
    assert "written by a newer release" in json.loads(done.stderr)["error"]["message"]
    done = deployment.run("doctor", "--json")
    assert done.returncode == Exit.CHECK_FAILED
    (told,) = [check["told"] for check in json.loads(done.stdout)["checks"] if check["ok"] is False]
    assert "written by a newer release" in told


def test_a_kind_that_is_none_is_refused_with_those_there_are(tmp_path: Path) -> None:
    done = sqlite_deployment(tmp_path).run("findings", "--kind", "nonsense", "--json")
    assert done.returncode == Exit.BAD_INPUT
    told = json.loads(done.stderr)["error"]["message"]
    assert "scam_cell" in told
    assert "'nonsense'" in told


@pytest.mark.parametrize("by", ["", " ", "李\x1f警官", "警" * 201, "李\udcff"])
def test_who_judges_must_have_a_name(tmp_path: Path, by: str) -> None:
    judged = ("judge", "P1", "P2", "--verdict", "same", "--why", "照片")
    done = sqlite_deployment(tmp_path).run(*judged, "--by", by, "--json")
    assert done.returncode == Exit.BAD_INPUT
    assert "a judgement names who judged" in json.loads(done.stderr)["error"]["message"]
