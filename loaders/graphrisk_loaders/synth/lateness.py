"""Labels that come late: what was reported or listed days after it was known to somebody."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth.model import DAY, IntArray

_MEDIAN, _SPREAD = 10.0, 0.5  # days, and deviation of their logarithm


def delayed(rng: np.random.Generator, at: IntArray, share: float) -> IntArray:
    """The moments, a share of them late: by ten days on the median, by a month now and then."""
    late = rng.random(len(at)) < share
    days = rng.lognormal(np.log(_MEDIAN), _SPREAD, len(at))
    return np.where(late, at + (days * DAY).astype(np.int64), at)
