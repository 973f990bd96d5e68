"""Means of what is measured of networks."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from graphrisk_loaders.synth.nets import Measures


def mean(of: list[Measures]) -> dict[str, float]:
    """The mean of each measure."""
    names = [*(field.name for field in fields(Measures)), "density"]
    return {name: float(np.mean([getattr(one, name) for one in of])) for name in names}
