"""Who brought whom: trees of promoters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_loaders.synth.model import NONE, IntArray
from graphrisk_loaders.synth.parameters import Between

_DEPTH = (3, 7)
_RECRUITERS = 3  # of a layer, at most


@dataclass(frozen=True, slots=True)
class Referrals:
    """A tree of promoters: ``parent`` of each, ``NONE`` for the first."""

    parent: IntArray
    depth: IntArray


def referral_tree(rng: np.random.Generator, size: Between, fan: Between) -> Referrals:
    """Promoters over three to seven layers, each of whom recruits nobody or as many as ``fan``.

    No layer is begun when there are as many as were drawn of ``size``: up to 18 may be more.
    """
    wanted = int(rng.integers(size[0], size[1] + 1))
    parents, layer = [np.array([NONE])], np.array([0])
    count = 1
    for depth in range(1, _DEPTH[1] + 1):
        if depth > _DEPTH[0] and count >= wanted:
            break
        some = min(-(-2 * len(layer) // 5), _RECRUITERS)
        recruiters = np.sort(rng.choice(layer, some, replace=False))
        parent = np.repeat(recruiters, rng.integers(fan[0], fan[1] + 1, some))
        parents.append(parent)
        layer = count + np.arange(len(parent))
        count += len(parent)
    depths = [np.full(len(parent), depth) for depth, parent in enumerate(parents)]
    return Referrals(np.concatenate(parents), np.concatenate(depths))
