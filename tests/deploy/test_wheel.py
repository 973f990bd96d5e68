"""The wheel alone, in an empty environment outside the checkout, does what the demo promises.

About a minute: the environment is made from the lock file, as the Dockerfile does it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from scripts.generate import ROOT

PACKAGES = {
    "graphrisk": ROOT / "graphrisk",
    "graphrisk_schema": ROOT / "schema" / "graphrisk_schema",
    "graphrisk_loaders": ROOT / "loaders" / "graphrisk_loaders",
    "graphrisk_algorithms": ROOT / "algorithms" / "graphrisk_algorithms",
}
#: Read at run time; a wheel without one of them would fail later, at a user's.
NEEDED = {
    "graphrisk/py.typed",
    "graphrisk/analysis/reasons.yaml",
    "graphrisk/console/dist/index.html",
    "graphrisk/store/neo4j/pom.xml",
    "graphrisk_algorithms/parameters.yaml",
    "graphrisk_loaders/mappings/persons.yaml",
    "graphrisk_loaders/synth/presets/small.yaml",
    "graphrisk_schema/generated/neo4j.cypher",
    "graphrisk_schema/generated/sqlite.sql",
    "graphrisk_schema/graphql/api.graphql",
    "graphrisk_schema/nodes/Person.yaml",
}
_PIP = ("-m", "pip", "--disable-pip-version-check", "--quiet")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the checkout with the tools of the lock file."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--no-deps", "--no-build-isolation", "--wheel-dir", folder)
    _call(sys.executable, *_PIP, "wheel", *options, ROOT)
    (built,) = folder.glob("graphrisk-*.whl")
    return built


def test_it_holds_the_four_packages_whole_and_nothing_else(wheel: Path) -> None:
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    sources = {
        f"{package}/{file.relative_to(folder)}"
        for package, folder in PACKAGES.items()
        for file in folder.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert held == sources
    assert sources >= NEEDED
    assert not [name for name in held if "test" in name.split("/")[-1]]


def test_it_carries_its_licence_and_notice(wheel: Path) -> None:
    names = [name.split(".dist-info/")[-1] for name in zipfile.ZipFile(wheel).namelist()]
    assert {"licenses/LICENSE", "licenses/NOTICE"} <= set(names)


def test_the_demo_checks_itself_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    _call(sys.executable, "-m", "venv", environment)
    python, home = environment / "bin" / "python", tmp_path / "home"
    home.mkdir()
    install = (python, *_PIP, "install", "--no-compile")
    _call(*install, "--require-hashes", "-r", ROOT / "requirements-run.lock")
    _call(*install, "--no-deps", wheel)
    _call(python, "-m", "pip", "--disable-pip-version-check", "check")
    # Nothing of the checkout, of this test's environment or of another deployment.
    clean = {"PATH": os.defpath, "HOME": str(home), "LANG": "C.UTF-8"}
    code = "import graphrisk, graphrisk_schema as s; print(graphrisk.__file__, s.__file__)"
    for file in _call(python, "-c", code, cwd=home, env=clean).split():
        assert Path(file).is_relative_to(environment)
    command = (environment / "bin" / "graphrisk", "demo", "--check", "--json")
    told = json.loads(_call(*command, cwd=home, env=clean))
    assert told["rings"]["planted"] > 0
    assert told["rings"]["matched"] * 2 >= told["rings"]["planted"]
    assert sum(told["seconds"].values()) > 0
    assert sorted(file.name for file in home.iterdir() if file.name != ".cache") == []


def _call(*words: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    """Stdout of a command that must succeed."""
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return done.stdout
