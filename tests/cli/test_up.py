"""``graphrisk up``: three processes that start and stop together."""

from __future__ import annotations

import os
import signal
import socket
import time
import urllib.request
from pathlib import Path

import pytest

from graphrisk.cli.exits import Exit
from tests.cli.processes import are_gone, children, free_ports, said, started
from tests.journeys.factory import sqlite_deployment


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return sqlite_deployment(tmp_path).environment() | free_ports()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_a_signal_and_leaves_nothing_behind(
    environment: dict[str, str], number: signal.Signals
) -> None:
    with started("up", "--json", env=environment) as up:
        addresses = said(up)
        running = children(up.pid)
        assert sorted(running) == ["api", "scores", "worker"]
        ready = addresses["graphql"].replace("/graphql", "/readyz")
        with urllib.request.urlopen(ready, timeout=5) as answer:
            assert answer.status == 200
        began = time.monotonic()
        up.send_signal(number)
        assert up.wait(timeout=15) == Exit.OK
        assert time.monotonic() - began < 10
        assert are_gone(list(running.values()))


@pytest.mark.parametrize("words", [(), ("--only", "api"), ("--only", "scores")])
def test_without_an_issuer_nothing_is_served_beyond_the_machine(
    environment: dict[str, str], words: tuple[str, ...]
) -> None:
    for host in ("0.0.0.0", "city.example"):
        with started("up", *words, env=environment | {"GRAPHRISK_HOST": host}) as up:
            assert up.wait(timeout=30) == Exit.CONFIG
            assert up.stderr is not None
            assert "set GRAPHRISK_ISSUER" in up.stderr.read()


@pytest.mark.parametrize("name", ["api", "scores", "worker"])
def test_when_one_process_dies_all_stop(environment: dict[str, str], name: str) -> None:
    with started("up", "--json", env=environment) as up:
        said(up)
        running = children(up.pid)
        os.kill(running[name], signal.SIGKILL)
        assert up.wait(timeout=15) == Exit.INTERNAL
        assert are_gone(list(running.values()))
        assert up.stderr is not None
        assert f"the {name} process ended with code -9" in up.stderr.read()


def test_a_killed_supervisor_leaves_no_orphans(environment: dict[str, str]) -> None:
    with started("up", "--json", env=environment) as up:
        said(up)
        running = children(up.pid)
        up.kill()
        assert are_gone(list(running.values()), seconds=10)


@pytest.mark.parametrize("setting", ["GRAPHRISK_PORT", "GRAPHRISK_SCORES_PORT"])
def test_a_taken_port_is_named_before_anything_starts(tmp_path: Path, setting: str) -> None:
    deployment = sqlite_deployment(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        environment = deployment.environment() | free_ports() | {setting: port}
        done = deployment.run("up", env=environment)
    assert done.returncode == Exit.CONFIG
    assert f"127.0.0.1:{port} cannot be used: Address already in use" in done.stderr
    assert setting in done.stderr
    assert not (tmp_path / "graph.db").exists()


@pytest.mark.parametrize(
    ("ports", "told"),
    [
        (("8123", "8123"), "choose another GRAPHRISK_SCORES_PORT"),
        (("99999", "8123"), "GRAPHRISK_PORT"),
        (("8123", "none"), "GRAPHRISK_SCORES_PORT"),
    ],
)
def test_ports_that_cannot_be_are_refused_before_anything_starts(
    tmp_path: Path, ports: tuple[str, str], told: str
) -> None:
    deployment = sqlite_deployment(tmp_path)
    environment = deployment.environment()
    environment |= dict(zip(("GRAPHRISK_PORT", "GRAPHRISK_SCORES_PORT"), ports, strict=True))
    done = deployment.run("up", env=environment)
    assert done.returncode == Exit.CONFIG
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "graph.db").exists()


def test_a_secret_that_was_cut_off_is_named_before_anything_starts(
    environment: dict[str, str], tmp_path: Path
) -> None:
    deployment = sqlite_deployment(tmp_path)
    deployment.data_dir.mkdir()
    (deployment.data_dir / "id-secret").touch()
    done = deployment.run("up", env=environment)
    assert done.returncode == Exit.CONFIG
    assert "id-secret holds 0 bytes" in done.stderr
    assert not (tmp_path / "graph.db").exists()


def test_secrets_stand_on_no_command_line(environment: dict[str, str]) -> None:
    secret = {"GRAPHRISK_ID_SECRET": "a-secret-of-this-test"}
    with started("up", "--json", env=environment | secret) as up:
        said(up)
        lines = [Path(f"/proc/{pid}/cmdline").read_text() for pid in children(up.pid).values()]
        assert len(lines) == 3
        assert not [line for line in lines if "a-secret-of-this-test" in line]
