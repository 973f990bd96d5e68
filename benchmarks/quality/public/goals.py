"""What was to be reached, as data: ``goals.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from benchmarks.quality.public.rows import LESS, Document


@dataclass(frozen=True, slots=True)
class Goal:
    """``floor``: what was measured before; ``beat``: the number to reach, of each measure."""

    set: str
    text: str
    floor: Mapping[str, float]
    beat: Mapping[str, float]

    def judged(self, figures: Mapping[str, Document]) -> Document:
        """Floor and goal, and whether the mean and the worst seed reach it in all measures."""
        return {
            "set": self.set,
            "floor": dict(self.floor),
            "beat": dict(self.beat),
            "reached": all(self._met(name, figures[name]["mean"]) for name in self.beat),
            "reached_by_worst": all(self._met(name, figures[name]["worst"]) for name in self.beat),
        }

    def _met(self, measure: str, value: object) -> bool:
        found = float(str(value))
        limit = self.beat[measure]
        return found <= limit if measure in LESS else found >= limit


def goals() -> dict[str, Goal]:
    """Every goal by its name, in order."""
    text = (Path(__file__).parent / "goals.yaml").read_text(encoding="utf-8")
    return {name: Goal(**entry) for name, entry in yaml.safe_load(text).items()}
