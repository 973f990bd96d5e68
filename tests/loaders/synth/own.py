"""Cities of one's own, for what the presets plant too little of."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import yaml

from graphrisk_loaders.synth.city import write_city
from graphrisk_loaders.synth.parameters import Noise
from tests.loaders.synth.raw import RawCity

_SMALL = Path("loaders/graphrisk_loaders/synth/presets/small.yaml")


def preset_of(folder: Path, rings: dict[str, int], **changes: object) -> str:
    """A preset like ``small`` with only these rings, without look-alikes where none are named."""
    said = yaml.safe_load(_SMALL.read_text(encoding="utf-8"))
    honest = changes.pop("hard_negatives", {})
    assert isinstance(honest, dict)
    said["rings"] = dict.fromkeys(said["rings"], 0) | rings
    said["hard_negatives"] = dict.fromkeys(said["hard_negatives"], 0) | honest
    said |= changes
    said["communities"] = min(said["communities"], said["cells"])
    said["townships"] = min(said["townships"], said["communities"])
    (folder / "own.yaml").write_text(yaml.safe_dump(said), encoding="utf-8")
    return str(folder / "own.yaml")


def only(**shares: float) -> dict[str, float]:
    """The part ``noise`` of a preset with these shares alone."""
    return dict.fromkeys((one.name for one in fields(Noise)), 0.0) | shares


def city_of(folder: Path, seed: int, rings: dict[str, int], **changes: object) -> RawCity:
    """A city of such a preset."""
    write_city(preset_of(folder, rings, **changes), seed, folder / "city", lambda *_: None)
    return RawCity(folder / "city")
