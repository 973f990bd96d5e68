"""Accounts kept in another city: their register is not ours, nor what they pay each other."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth.model import City, IntArray, stream

_HALF = 0.5


def send_elsewhere(city: City, share: float, seed: int) -> None:
    """Move half the accounts of a share of the groups to banks of another city.

    Rings and honest groups are split alike, and of everybody else's accounts as many are kept
    elsewhere, so that a missing holder tells nothing.
    """
    rng = stream(seed, "elsewhere")
    rings = [ring.offenders("Account") for ring in city.rings]
    groups = [*rings, *([n for of, n in one.members if of == "Account"] for one in city.decoys)]
    away = np.zeros(len(city.accounts), np.bool_)
    alone = np.ones(len(city.accounts), np.bool_)
    for group in groups:
        accounts = np.unique(np.array(group, np.int64))
        alone[accounts] = False
        if rng.random() < share:
            away[rng.permutation(accounts)[: round(len(accounts) * _HALF)]] = True
    away[alone] = rng.random(int(alone.sum())) < share * _HALF
    city.elsewhere = np.flatnonzero(away)


def kept_here(city: City) -> IntArray:
    """Numbers of the accounts that banks of this city keep."""
    return np.setdiff1d(np.arange(len(city.accounts)), city.elsewhere)


def seen_here(city: City) -> IntArray:
    """Rows of the transfers that begin or end at a bank of this city."""
    ends = [np.isin(city.transfers.column(end), city.elsewhere) for end in ("src", "dst")]
    return np.flatnonzero(~np.logical_and(*ends))
