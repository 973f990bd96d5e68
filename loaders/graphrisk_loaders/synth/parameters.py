"""What a preset says about a city."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class Parameters:
    """Sizes and rates of a city; the presets' YAML files explain each."""

    people: int
    days: int
    start: str
    cells: int
    rings: int
    decoys: int
    levels: tuple[int, ...]
    calls_per_tie: float
    purchases: float

    @property
    def start_ms(self) -> int:
        """Midnight in Shanghai of the first day, epoch milliseconds UTC."""
        days = (date.fromisoformat(self.start) - date(1970, 1, 1)).days
        return (days * 24 - 8) * 3_600_000


def read_preset(name: str) -> Parameters:
    """A preset by name; ``ValueError`` names those there are."""
    folder = files("graphrisk_loaders.synth").joinpath("presets")
    names = sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir())
    if name not in names:
        raise ValueError(f"no preset {name!r}; there are {', '.join(names)}")
    said = yaml.safe_load(folder.joinpath(f"{name}.yaml").read_text(encoding="utf-8"))
    return Parameters(**{**said, "levels": tuple(said["levels"])})
