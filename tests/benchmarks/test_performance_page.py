"""The page of figures leaves out nothing that was measured."""

from __future__ import annotations

import pytest

from benchmarks.performance.goals import GOALS, Goal
from benchmarks.performance.page import page

STAMP = {"command": "measure", "date": "2026-01-01", "commit": "c", "machine": "m", "python": "3"}


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: f"{goal.topic}-{goal.name}")
def test_every_figure_has_its_row(goal: Goal) -> None:
    figures = {goal.name: [1.0, 3.0, 2.0]}
    text = page({goal.topic: {"stamp": STAMP, "sizes": {}, "figures": figures}})
    (row,) = [line for line in text.splitlines() if line.startswith(f"| {goal.what} |")]
    assert "| **2** | 1 – 3 | 3 |" in row
