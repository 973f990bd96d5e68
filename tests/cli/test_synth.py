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


def test_it_counts_files_rings_and_look_alikes(tmp_path: Path) -> None:
    report = sqlite_deployment(tmp_path).json("synth", "--seed", "3", "--out", tmp_path / "city")
    assert (report["preset"], report["seed"]) == ("small", 3)
    delivered = {file.name for file in (tmp_path / "city").iterdir() if file.is_file()}
    assert set(report["rows"]) == delivered
    assert sum(report["hard_negatives"].values()) == 5 * sum(report["rings"].values())
