"""Results on stdout, as one JSON object or for people; everything else on stderr."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graphrisk.cli.exits import Exit
from tests.journeys.factory import Deployment, sqlite_deployment


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """A deployment without any data, detected once."""
    deployment = sqlite_deployment(tmp_path_factory.mktemp("empty"))
    assert deployment.json("detect")["findings"] == {}
    return deployment


COMMANDS = [("detect",), ("findings",), ("doctor",), ("export", "--out"), ("warmup",)]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_the_same_command_speaks_to_programs_and_to_people(
    empty: Deployment, tmp_path: Path, words: tuple[str, ...]
) -> None:
    place = (tmp_path,) if words[-1] == "--out" else ()
    told = empty.run(*words, *place, "--json")
    assert told.returncode == Exit.OK, told.stderr
    assert told.stdout.count("\n") == 1
    assert isinstance(json.loads(told.stdout), dict)
    said = empty.run(*words, *place)
    assert said.returncode == Exit.OK, said.stderr
    assert said.stdout.strip()
    assert not said.stdout.lstrip().startswith("{")


def test_findings_json_is_the_same_bytes_each_time(empty: Deployment) -> None:
    assert empty.run("findings", "--json").stdout == empty.run("findings", "--json").stdout


def test_a_missing_folder_is_wrong_usage_and_no_fault(empty: Deployment, tmp_path: Path) -> None:
    done = empty.run("load", tmp_path / "nowhere", "--json")
    assert done.returncode == Exit.USAGE
    assert "nowhere" in done.stderr.replace("\n", "").replace("│", "").replace(" ", "")


def test_a_folder_without_a_known_file_is_bad_input(empty: Deployment, tmp_path: Path) -> None:
    done = empty.run("load", tmp_path, "--json")
    assert done.returncode == Exit.BAD_INPUT
    error = json.loads(done.stderr.strip().splitlines()[-1])["error"]
    assert error["code"] == "BAD_INPUT"
    assert "persons*.csv" in error["message"], "what would be known is told"


def test_a_mapping_that_is_none_is_named(empty: Deployment, tmp_path: Path) -> None:
    mapping = tmp_path / "wrong.yaml"
    mapping.write_text("name: wrong\nfiles: [x.csv]\nformat: csv\nfields: 1\n")
    done = empty.run("load", tmp_path, "--mapping", mapping, "--json")
    assert done.returncode == Exit.CONFIG
    error = json.loads(done.stderr.strip().splitlines()[-1])["error"]
    assert error["code"] == "CONFIG"
    assert "wrong.yaml" in error["message"]
