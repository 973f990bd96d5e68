"""Categories of frauds that a register has wrong: whoever takes a report ticks the next box."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth import keys
from graphrisk_loaders.synth.model import IntArray


def as_told(rng: np.random.Generator, categories: IntArray, share: float) -> IntArray:
    """The categories by number, a share of them another one than it was."""
    wrong = rng.random(len(categories)) < share
    step = rng.integers(1, len(keys.CATEGORIES), len(categories))
    return np.where(wrong, (categories + step) % len(keys.CATEGORIES), categories)
