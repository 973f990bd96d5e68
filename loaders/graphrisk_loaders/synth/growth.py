"""Cells grown in the likeness of real ones: as large, as dense, with as many of each part."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
import yaml

from graphrisk_loaders.synth.nets import BoolMatrix, Measures, Net, transitivity
from graphrisk_loaders.synth.parameters import Between

_STRETCH = 0.2  # a cell is at most so much larger or smaller than the one it is like


@cache
def likenesses() -> dict[str, dict[str, Measures]]:
    """What was measured of real networks, by kind of cell and name."""
    text = files("graphrisk_loaders.synth").joinpath("likenesses.yaml").read_text(encoding="utf-8")
    return {
        kind: {name: Measures(**figures) for name, figures in nets.items()}
        for kind, nets in yaml.safe_load(text).items()
    }


def grown(rng: np.random.Generator, kind: str, size: Between) -> Net:
    """A cell of a kind, like a real one of that size drawn at random, or else the smallest."""
    known = likenesses()[kind]
    fitting = [name for name in sorted(known) if size[0] <= known[name].size <= size[1]]
    name = str(rng.choice(fitting or [min(known, key=lambda one: known[one].size)]))
    return grown_like(rng, name, known[name])


def grown_like(rng: np.random.Generator, name: str, like: Measures) -> Net:
    """A connected cell with about the measures of ``like``.

    The core (member 0 has the most ties) grows tie by tie: while too few pairs with a common
    contact are tied, such a pair is, else a pair without. The outer ones hang on brokers.
    """
    size = round(like.size * rng.uniform(1 - _STRETCH, 1 + _STRETCH))
    outer = round(like.outer_share * size)
    core = size - outer
    tied = np.zeros((size, size), np.bool_)
    for left, right in _hung(rng, like, size, core):
        tied[left, right] = tied[right, left] = True
    _close(rng, tied, core, round(like.mean_ties * size / 2), like.transitivity)
    src, dst = np.nonzero(np.triu(tied))
    place = rng.permutation(size)
    return Net(name, size, place[src], place[dst], rng.lognormal(0.0, 1.0, len(src)))


def _hung(rng: np.random.Generator, like: Measures, size: int, core: int) -> list[tuple[int, int]]:
    """The tree to begin with: contacts of the centre, the rest of the core, the outer ones."""
    outer = size - core
    brokers = 1 + rng.permutation(core - 1)[: max(round(like.broker_share * size), 1)]
    near = round(like.hub_share * (size - 1))
    hanging = min(
        max(round(near * outer / size), near - core + 1), outer - min(len(brokers), outer)
    )
    contacts = 1 + rng.permutation(core - 1)[: near - hanging]
    others = np.setdiff1d(np.arange(1, core), contacts)
    away = np.arange(core + hanging, size)
    return [
        *((0, int(one)) for one in contacts),
        *((int(rng.choice(contacts)), int(one)) for one in others),
        *((0, core + one) for one in range(hanging)),
        *zip(np.resize(brokers, len(away)).tolist(), away.tolist(), strict=True),
    ]


def _close(rng: np.random.Generator, tied: BoolMatrix, core: int, ties: int, closed: float) -> None:
    """Tie members of the core other than the centre until there are enough ties."""
    open_pairs = np.triu(~tied, 1)
    open_pairs[:, core:] = open_pairs[0] = False
    for _ in range(ties - int(tied.sum()) // 2):
        left, right = _next(rng, tied, open_pairs, closed)
        if left < 0:
            return
        tied[left, right] = tied[right, left] = True
        open_pairs[left, right] = False


def _next(
    rng: np.random.Generator, tied: BoolMatrix, open_pairs: BoolMatrix, closed: float
) -> tuple[int, int]:
    """A pair to be tied, first of all one of somebody who has but one tie; (-1, -1) if none."""
    common = tied.astype(np.float64) @ tied
    single = tied.sum(axis=1) == 1
    wanted = open_pairs & (single[:, None] | single)
    wanted = wanted if wanted.any() else open_pairs
    share = common if transitivity(tied) < closed else (common == 0).astype(np.float64)
    weight = np.where(wanted, share, 0.0)
    weight = weight if weight.any() else wanted.astype(np.float64)
    if not weight.any():
        return -1, -1
    place = int(rng.choice(weight.size, p=(weight / weight.sum()).ravel()))
    left, right = divmod(place, len(tied))
    return left, right
