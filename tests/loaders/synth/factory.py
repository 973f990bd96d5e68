"""A village in which nothing is planted but what the test asks for; means of measures."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import yaml

from graphrisk_loaders.synth.nets import Measures

_SMALL = Path("loaders/graphrisk_loaders/synth/presets/small.yaml")


def village(folder: Path, planted: dict[str, int], **changes: object) -> str:
    """Write a preset with these rings and look-alikes alone; returns its path."""
    said = yaml.safe_load(_SMALL.read_text(encoding="utf-8"))
    said |= {"people": 2000, "days": 30, "cells": 10, "purchases": 1, **changes}
    for part in ("rings", "hard_negatives"):
        said[part] = {kind: planted.get(kind, 0) for kind in said[part]}
    file = folder / "village.yaml"
    file.write_text(yaml.safe_dump(said), encoding="utf-8")
    return str(file)


def mean(of: list[Measures]) -> dict[str, float]:
    """The mean of each measure."""
    names = [*(field.name for field in fields(Measures)), "density"]
    return {name: float(np.mean([getattr(one, name) for one in of])) for name in names}
