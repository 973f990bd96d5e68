"""How rare the rings of a city are, measured from what was made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_loaders.synth.elsewhere import kept_here, seen_here
from graphrisk_loaders.synth.model import City, IntArray, Ring

#: Kinds that take and pay back investors' money: what these pay and get is not the ring's own.
_INVESTED = ("fundraising", "fake_bids")


@dataclass(frozen=True, slots=True)
class Prevalence:
    """Shares of what a city delivers; victims and investors are no offenders."""

    people: float
    accounts: float
    transfers: float  # within one ring, payments of its victims among them, of investors not


def prevalence(city: City) -> Prevalence:
    """Count offenders, and transfers both of whose accounts are of one ring; linear in them."""
    kept, seen = kept_here(city), seen_here(city)
    accused = {number for ring in city.rings for number in ring.offenders("Account")}
    return Prevalence(
        len(city.offenders()) / max(len(city.persons), 1),
        int(np.isin(kept, list(accused)).sum()) / max(len(kept), 1),
        _transfers_of_rings(city, seen) / max(len(seen), 1),
    )


def _transfers_of_rings(city: City, seen: IntArray) -> int:
    src, dst = city.transfers.column("src")[seen], city.transfers.column("dst")[seen]
    own = [_accounts(ring) for ring in city.rings]
    member = np.zeros(len(city.accounts), np.bool_)
    member[[number for numbers in own for number in numbers]] = True
    some = np.flatnonzero(member[src] & member[dst])  # few: what follows is for each ring
    within = np.zeros(len(some), np.bool_)
    for numbers in own:
        within |= np.isin(src[some], numbers) & np.isin(dst[some], numbers)
    return int(within.sum())


def _accounts(ring: Ring) -> list[int]:
    """Those between which a transfer is the ring's."""
    if ring.kind in _INVESTED:
        return ring.offenders("Account")
    return [number for kind, number, _, _ in ring.members if kind == "Account"]
