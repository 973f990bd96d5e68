"""The processes as an operator runs them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from graphrisk.api.ids import PublicIds
from graphrisk.cli.exits import Exit
from tests.api.town import ACCOUNTS, Town

_SECONDS = 60


def _environment(town: Town, port: int) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("GRAPHRISK_")}
    return inherited | {
        "GRAPHRISK_STORE": town.settings.store,
        "GRAPHRISK_PORT": str(port),
        "GRAPHRISK_SCORES_PORT": str(port),
    }


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _running(town: Town, name: str) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "graphrisk.cli", "up", "--only", name],
        env=_environment(town, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as http:
            _wait(http, process)
            yield process, http
    finally:
        process.kill()
        process.communicate()


def _wait(http: httpx.Client, process: subprocess.Popen[str]) -> None:
    for _ in range(_SECONDS * 10):
        assert process.poll() is None, process.communicate()[0]
        try:
            http.get("/livez")
        except httpx.ConnectError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("does not answer")


@pytest.mark.parametrize(("name", "number"), [("api", signal.SIGTERM), ("scores", signal.SIGINT)])
def test_a_process_serves_quietly_and_ends_in_good_order(
    town: Town, name: str, number: signal.Signals
) -> None:
    entity = PublicIds(town.settings.id_secret_bytes).entity("Account", town.nids[ACCOUNTS["P1"]])
    with _running(town, name) as (process, http):
        assert http.get("/readyz").status_code == 200
        assert http.get(f"/v1/scores/{entity}").json()["score"] == 0.9
        assert http.get("/livez", headers={"host": "elsewhere.example"}).status_code == 400
        query = {"query": f'{{ search(text: "{ACCOUNTS["P1"]}") {{ total }} }}'}
        assert http.get("/graphql", params=query).status_code == (200 if name == "api" else 404)
        process.send_signal(number)
        output, _ = process.communicate(timeout=_SECONDS)
        assert process.returncode == 0
        assert output == ""


def test_the_scores_process_opens_no_database(town: Town) -> None:
    """Nothing that a load or a run locks can keep a look-up waiting."""
    with _running(town, "scores") as (process, http):
        assert http.get("/readyz").status_code == 200
        files = [link.resolve().name for link in Path(f"/proc/{process.pid}/fd").iterdir()]
        assert not [file for file in files if file.endswith(".db")]
        assert "scores.arrow" in Path(f"/proc/{process.pid}/maps").read_text()


def test_the_scores_process_loads_nothing_heavy() -> None:
    heavy = ("sqlalchemy", "alembic", "strawberry", "graphql", "numba", "igraph", "scipy", "apsw")
    script = f"import graphrisk.api.app, sys; print([m for m in {heavy} if m in sys.modules])"
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"


def test_a_taken_port_is_said_in_one_sentence(town: Town) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "graphrisk.cli", "up", "--only", "scores"],
            env=_environment(town, port),
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    assert done.returncode == Exit.CONFIG
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in done.stderr
    assert "attempting" not in done.stderr
    assert done.stderr.count("\n") == 1
