"""``graphrisk demo``: from nothing to a running service, and again in the same folder."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

from graphrisk.cli.exits import Exit
from tests.cli.processes import free_ports, plain_environment, said, started
from tests.journeys.factory import Deployment


def _demo(folder: Path, environment: dict[str, str]) -> dict[str, Any]:
    """What a demo says once it serves; stopped as with Ctrl-C."""
    with started("demo", "--folder", folder, "--json", env=environment) as demo:
        told = said(demo)
        ready = told["graphql"].replace("/graphql", "/readyz")
        with urllib.request.urlopen(ready, timeout=5) as answer:
            assert answer.status == 200
        demo.send_signal(signal.SIGINT)
        assert demo.wait(timeout=15) == Exit.OK
    return told


def test_a_second_demo_goes_on_with_the_same_city(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    elsewhere = {
        "GRAPHRISK_DATA_DIR": str(tmp_path / "production"),
        "GRAPHRISK_OPERATIONS": f"sqlite:///{tmp_path / 'production.db'}",
        "GRAPHRISK_KEY_RING": str(tmp_path / "production.json"),
    }
    environment = plain_environment() | free_ports() | elsewhere
    first = _demo(folder, environment)
    assert first["rings"]["matched"] * 2 >= first["rings"]["planted"] > 0
    assert sorted(file.name for file in tmp_path.iterdir()) == ["demo"], "nothing of others touched"
    again = _demo(folder, environment)
    assert (again["counts"], again["rings"]) == (first["counts"], first["rings"])
    _goes_on_where_the_readme_says(folder, first)
    other = _run("demo", "--folder", folder, "--seed", "2", environment=environment)
    assert other.returncode == Exit.CONFIG
    assert "holds the city of seed 1" in other.stderr


def _goes_on_where_the_readme_says(folder: Path, first: dict[str, Any]) -> None:
    deployment = Deployment(f"sqlite:///{folder / 'graph.db'}", folder / "graph.db.files")
    assert len(deployment.json("findings")["findings"]) == first["rings"]["found"]


def test_a_taken_port_is_told_before_the_city_is_written(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        environment = plain_environment() | free_ports() | {"GRAPHRISK_PORT": port}
        done = _run("demo", "--folder", tmp_path / "demo", environment=environment)
    assert done.returncode == Exit.CONFIG
    assert f"127.0.0.1:{port} cannot be used" in done.stderr
    assert not (tmp_path / "demo" / "city").exists()


def _run(*words: str | Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "graphrisk.cli", *map(str, words)]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
