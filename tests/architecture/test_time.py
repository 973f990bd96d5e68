"""Only the clock module asks the machine what time it is."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("graphrisk", "schema", "loaders", "algorithms")
CLOCK = ROOT / "graphrisk" / "core" / "clock.py"
WALL = {("time", "time"), ("time", "time_ns"), ("datetime", "now"), ("datetime", "utcnow")}
WALL |= {("datetime", "today"), ("date", "today")}


def test_the_wall_clock_is_read_in_one_place() -> None:
    readers = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for package in PACKAGES
        for file in sorted((ROOT / package).rglob("*.py"))
        if file != CLOCK
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in WALL
    ]
    assert readers == []
