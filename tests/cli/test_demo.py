"""``graphrisk demo``: from nothing to a running service, and again in the same folder."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.request
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from graphrisk.analysis.service import Findings
from graphrisk.analysis.stages import Stages
from graphrisk.cli.demo import _prepare
from graphrisk.cli.deployment import opened
from graphrisk.cli.exits import Exit
from graphrisk.cli.output import Progress
from graphrisk.ingest.report import quiet
from graphrisk_loaders.synth import city
from graphrisk_loaders.synth.city import write_city
from tests.cli.processes import free_ports, plain_environment, said, started
from tests.journeys.factory import Deployment
from tests.loaders.synth.own import only, preset_of


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


def test_who_stands_twice_is_one_person_before_rings_are_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    preset = preset_of(tmp_path, {}, people=1500, cells=12, noise=only(unmerged=0.3))
    monkeypatch.setattr(city, "write_city", partial(_as_preset, preset))
    watch = Stages()
    with opened(f"sqlite:///{tmp_path / 'graph.db'}") as deployment:
        _prepare(deployment, tmp_path / "city", 1, watch, quiet)
        reader = deployment.reader("test", "evaluation")
        assert list(watch.seconds) == ["synth", "load", "resolve", "detect"]
        assert reader.counts()["JUDGED"] > 50
        run = Findings(deployment.database, deployment.store).latest_run()
    assert run is not None
    assert run.snapshot_version == reader.version(), "what was judged was seen"


def _as_preset(preset: str, _name: str, seed: int, out: Path, progress: Progress) -> None:
    write_city(preset, seed, out, progress)
