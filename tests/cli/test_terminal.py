"""How the command line behaves as a program: start-up, colours, progress, signals, faults."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from graphrisk.cli.exits import Exit
from tests.cli.processes import plain_environment, started
from tests.journeys.factory import sqlite_deployment

#: Nothing of these is needed to say what the program can do.
HEAVY = {
    "numpy",
    "pyarrow",
    "numba",
    "strawberry",
    "fastapi",
    "sqlalchemy",
    "apsw",
    "neo4j",
    "scipy",
}
_COLOUR = re.compile(r"\x1b\[[0-9;]*3[0-7](?:;[0-9]+)*m")


def _on_a_terminal(*words: str, **environment: str) -> str:
    """What a command shows where stdout and stderr are a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "graphrisk.cli", *words],
        env=plain_environment() | {"TERM": "xterm-256color", "COLUMNS": "100"} | environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        shown += part
    process.wait(timeout=60)
    os.close(ours)
    return shown.decode()


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from typer.testing import CliRunner; from graphrisk.cli.app import app;"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0;"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert HEAVY & set(done.stdout.split()) == set()


def test_help_is_there_at_once() -> None:
    """Half a second on an idle machine; three times that leaves room for busy ones."""
    took = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "graphrisk.cli", "--help"], capture_output=True, check=True
        )
        took.append(time.perf_counter() - began)
    assert statistics.median(took) < 1.5


def test_colours_on_a_terminal_and_none_where_unwanted() -> None:
    assert _COLOUR.search(_on_a_terminal("--help"))
    assert not _COLOUR.search(_on_a_terminal("--help", NO_COLOR="1"))


def test_progress_is_drawn_on_a_terminal_and_told_in_lines_elsewhere(tmp_path: Path) -> None:
    shown = _on_a_terminal("synth", "--out", str(tmp_path / "one"))
    assert "\x1b[" in shown
    assert "write files" in shown
    done = sqlite_deployment(tmp_path).run("synth", "--out", tmp_path / "two")
    assert "\x1b" not in done.stdout + done.stderr
    assert "write files: " in done.stderr
    assert "persons.csv" in done.stdout


def test_a_password_is_asked_for_on_a_terminal_only(tmp_path: Path) -> None:
    deployment = sqlite_deployment(tmp_path)
    done = deployment.run("findings", "--store", "bolt://neo4j@127.0.0.1:1")
    assert done.returncode == Exit.CONFIG
    assert "GRAPHRISK_STORE_PASSWORD" in done.stderr


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, Exit.INTERRUPTED), (signal.SIGTERM, Exit.TERMINATED)]
)
def test_a_signal_ends_a_command_with_its_own_code(
    tmp_path: Path, number: signal.Signals, code: Exit
) -> None:
    words = ("synth", "--out", tmp_path / "city")
    with started(*words, env=plain_environment()) as process:
        assert process.stderr is not None
        assert process.stderr.readline()  # it is at work
        process.send_signal(number)
        assert process.wait(timeout=30) == code
        assert "Traceback" not in process.stderr.read()


def test_the_store_of_the_command_line_goes_before_the_environment(tmp_path: Path) -> None:
    deployment = sqlite_deployment(tmp_path)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    base = plain_environment() | {"GRAPHRISK_STORE": f"sqlite:///{tmp_path / 'one' / 'graph.db'}"}
    assert deployment.run("findings", env=base).returncode == Exit.OK
    other = f"sqlite:///{tmp_path / 'two' / 'graph.db'}"
    assert deployment.run("findings", "--store", other, env=base).returncode == Exit.OK
    for name in ("one", "two"):
        found = sorted(entry.name for entry in (tmp_path / name).iterdir())
        assert {"graph.db", "graph.db.files"} <= set(found)


def test_a_wrong_setting_is_named_and_its_value_is_not(tmp_path: Path) -> None:
    deployment = sqlite_deployment(tmp_path)
    environment = deployment.environment() | {"GRAPHRISK_ID_SECRET": "tooshort"}
    done = deployment.run("findings", "--json", env=environment)
    assert done.returncode == Exit.CONFIG
    error = json.loads(done.stderr)["error"]
    assert error["code"] == "CONFIG"
    assert "GRAPHRISK_ID_SECRET" in error["message"]
    assert "tooshort" not in done.stderr


def test_doctor_names_variables_that_are_no_settings(tmp_path: Path) -> None:
    deployment = sqlite_deployment(tmp_path)
    environment = deployment.environment() | {"GRAPHRISK_STOER": "sqlite:///x.db"}
    done = deployment.run("doctor", "--json", env=environment)
    assert done.returncode == Exit.CHECK_FAILED
    (check,) = [c for c in json.loads(done.stdout)["checks"] if c["ok"] is False]
    assert "GRAPHRISK_STOER is no setting" in check["told"]


@pytest.mark.parametrize(
    "words", [("lode",), ("load",), ("findings", "--limit", "many"), ("up", "--only", "nothing")]
)
def test_wrong_usage_has_a_code_of_its_own(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = sqlite_deployment(tmp_path).run(*words)
    assert done.returncode == Exit.USAGE
    assert done.stdout == ""
    assert "Usage" in done.stderr
