"""``graphrisk synth``: what it says, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphrisk.cli.exits import Exit
from tests.journeys.factory import sqlite_deployment


@pytest.mark.parametrize("words", [("--preset", "village"), ("--seed", "-1")])
def test_an_unknown_preset_or_seed_is_wrong_usage_and_writes_nothing(
    words: tuple[str, str], tmp_path: Path
) -> None:
    done = sqlite_deployment(tmp_path).run("synth", *words, "--out", tmp_path / "city")
    assert done.returncode == Exit.USAGE
    assert not (tmp_path / "city").exists()


def test_a_wrong_preset_of_ones_own_is_bad_input_named_by_file_and_key(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("people: many\n", encoding="utf-8")
    done = sqlite_deployment(tmp_path).run("synth", "--preset", own, "--out", tmp_path / "city")
    assert done.returncode == Exit.BAD_INPUT
    assert "own.yaml:days: is missing" in done.stderr
    assert not (tmp_path / "city").exists()


def test_templates_become_rings_and_a_wrong_one_is_bad_input_with_its_line(tmp_path: Path) -> None:
    nets, out = tmp_path / "nets", tmp_path / "city"
    nets.mkdir()
    (nets / "star.csv").write_text("src,dst\n1,2\n1,3\n1,4\n")
    deployment = sqlite_deployment(tmp_path)
    report = deployment.json("synth", "--templates", nets, "--out", out)
    assert report["rings"]["template"] == 1
    (nets / "worse.csv").write_text("src,dst\n1,2\n1,\n")
    done = deployment.run("synth", "--templates", nets, "--out", tmp_path / "none")
    assert done.returncode == Exit.BAD_INPUT
    assert "worse.csv:3: a tie with one end" in done.stderr
    assert not (tmp_path / "none").exists()


def test_it_counts_files_rings_and_look_alikes(tmp_path: Path) -> None:
    report = sqlite_deployment(tmp_path).json("synth", "--seed", "3", "--out", tmp_path / "city")
    assert (report["preset"], report["seed"]) == ("small", 3)
    delivered = {file.name for file in (tmp_path / "city").iterdir() if file.is_file()}
    assert set(report["rows"]) == delivered
    assert sum(report["hard_negatives"].values()) >= 5 * sum(report["rings"].values())
