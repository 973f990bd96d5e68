"""Dockerfile: pinned, without root, and made of files that are there."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tomllib
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from graphrisk.settings import Settings
from scripts.generate import ROOT

TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8")
#: One instruction a line: comments gone, continued lines joined.
LINES = [
    line for line in re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", TEXT, flags=re.M)).splitlines()
    if line
]  # fmt: skip
LAST_STAGE = LINES[max(i for i, line in enumerate(LINES) if line.startswith("FROM ")) :]


def _of(instruction: str, lines: list[str] = LINES) -> list[str]:
    return [line.partition(" ")[2] for line in lines if line.startswith(f"{instruction} ")]


def _environment() -> dict[str, str]:
    words = shlex.split(" ".join(_of("ENV", LAST_STAGE)))
    return dict(word.split("=", 1) for word in words)


def test_one_python_pinned_to_the_patch_release_and_supported() -> None:
    images = {source.split()[0] for source in _of("FROM")}
    assert len(images) == 1
    found = re.fullmatch(r"python:(\d+)\.(\d+)\.\d+-slim-bookworm", images.pop())
    assert found is not None
    assert (int(found[1]), int(found[2])) >= (3, 11)


def test_everything_installed_is_locked_with_hashes_or_our_own_wheel() -> None:
    installs = [line for line in LINES if "pip install" in line or "pip wheel" in line]
    for line in installs:
        assert "--require-hashes -r requirements" in line or "--no-deps" in line, line
    assert any("requirements-run.lock" in line for line in installs)
    assert not [line for line in LAST_STAGE if "pip" in line.split("/opt")[0]]


def test_what_is_copied_is_there_and_not_ignored() -> None:
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = [rule[1:] for rule in rules if rule.startswith("!")]
    assert "*" in rules
    for line in _of("COPY"):
        if line.startswith("--from"):
            continue
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert any(fnmatchcase(source, rule) for rule in allowed), source
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    built = packages["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert {package.split("/")[0] for package in built} <= set(allowed)


def test_it_runs_without_root_and_writes_to_its_volumes_alone() -> None:
    (user,) = _of("USER", LAST_STAGE)
    assert int(user.split(":")[0]) >= 1000
    after = LAST_STAGE[LAST_STAGE.index(f"USER {user}") :]
    assert not _of("RUN", after)
    volumes = json.loads(_of("VOLUME", LAST_STAGE)[0])
    environment = _environment()
    assert environment["NUMBA_CACHE_DIR"] in volumes
    assert environment["GRAPHRISK_DATA_DIR"] in volumes
    assert environment["PYTHONDONTWRITEBYTECODE"] == "1"


def test_its_variables_are_settings_and_it_starts_the_service() -> None:
    ours = {name for name in _environment() if name.startswith("GRAPHRISK_")}
    assert ours <= {f"GRAPHRISK_{field.upper()}" for field in Settings.model_fields}
    assert json.loads(_of("ENTRYPOINT")[0]) == ["graphrisk"]
    assert json.loads(_of("CMD", LAST_STAGE)[0]) == ["up"]
    assert _of("EXPOSE") == [str(Settings.model_fields["port"].default)]
    assert _of("STOPSIGNAL") == ["SIGTERM"]


def test_the_health_check_tells_ready_from_not_ready() -> None:
    """The command itself is run, against a server that is ready and one that is not."""
    _, _, words = _of("HEALTHCHECK")[0].partition("CMD ")
    command = [sys.executable, *json.loads(words)[1:]]
    asked: list[str] = []
    for status, healthy in ((200, True), (503, False)):

        class Answer(BaseHTTPRequestHandler):
            code = status

            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(self.code)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing to say."""

        with HTTPServer(("127.0.0.1", 0), Answer) as server:
            Thread(target=server.serve_forever, daemon=True).start()
            port = {"GRAPHRISK_PORT": str(server.server_port)}
            done = subprocess.run(command, env=port, capture_output=True, check=False)
            server.shutdown()
        assert (done.returncode == 0) is healthy
    assert asked == ["/readyz", "/readyz"]
