"""Identities that one hand registered: names and numbers like slips of its own, so as to pass.

Each name is that of the first with one sign exchanged, by ear or for any other, or its given signs
the other way round; each number the first one's with a slip, or missing; no two are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from graphrisk_loaders.synth.model import IntArray

_MISSING = 0.2  # share of identities whose number nobody has
_BY_EAR, _ANY_SIGN, _TURNED = 0.45, 0.3, 0.1  # shares of names; the rest is as it was
_SIGNS = "0123456789X"
_BODY = 17  # digits before the check sign


def disguise(
    rng: np.random.Generator,
    groups: Iterable[IntArray],
    names: list[str],
    numbers: list[str],
    heard: Mapping[str, Sequence[str]],
) -> None:
    """Rewrite names and numbers of all but the first of each group."""
    for group in groups:
        first, *others = group.tolist()
        told = {numbers[first]}
        for one in others:
            names[one] = _like(rng, names[first], heard)
            numbers[one] = "" if rng.random() < _MISSING else _slip(rng, numbers[first], told)
            told.add(numbers[one])


def _like(rng: np.random.Generator, name: str, heard: Mapping[str, Sequence[str]]) -> str:
    """A name that looks or sounds like it; the surname stays."""
    place, fate = int(rng.integers(1, len(name))), rng.random()
    if fate < _BY_EAR + _ANY_SIGN:
        alike = [sign for sign in heard[name[place]] if sign != name[place]]
        signs = alike if alike and fate < _BY_EAR else list(heard)
        return name[:place] + signs[int(rng.integers(0, len(signs)))] + name[place + 1 :]
    turned = fate < _BY_EAR + _ANY_SIGN + _TURNED
    return name[0] + name[:0:-1] if turned else name


def _slip(rng: np.random.Generator, number: str, told: set[str]) -> str:
    """Another check sign, two neighbouring digits exchanged or one digit wrong; not told before."""
    while True:
        kind, place = int(rng.integers(0, 3)), int(rng.integers(0, _BODY - 1))
        if kind == 0:
            slipped = number[:_BODY] + _SIGNS[int(rng.integers(0, len(_SIGNS)))]
        elif kind == 1:
            slipped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        else:
            slipped = number[:place] + str(int(rng.integers(0, 10))) + number[place + 1 :]
        if slipped not in told:
            return slipped
