"""Layered quick pass-through: accounts that keep nothing of what they are sent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_algorithms.components import component_labels
from graphrisk_algorithms.graph import Int64Array
from graphrisk_algorithms.joins import groups_of
from graphrisk_algorithms.transfers import Links, Transfers


@dataclass(frozen=True, slots=True)
class Ladder:
    """Accounts that pass money on, joined by the money they pass; all arrays ascend."""

    mules: Int64Array  # accounts that passed on at least one transfer
    payers: Int64Array  # accounts that sent what was passed on, and are no mules
    ends: Int64Array  # accounts where the money stopped
    hops: Int64Array  # positions of the transfers passed on and of those that carried them
    passed: Int64Array  # positions of the transfers passed on


def find_ladders(transfers: Transfers, links: Links, share: float) -> list[Ladder]:
    """Ladders by union of payer and payee of each transfer that passes money on.

    A transfer is *passed on* when at least ``share`` of it left its receiver within the window of
    ``links`` through transfers that were themselves paid by at least ``share`` from such money.
    Linear in links. Cannot see money that rests longer than the window.
    """
    tight = (links.drained[links.earlier] >= share) & (links.carried[links.later] >= share)
    earlier, later = links.earlier[tight], links.later[tight]
    passes = np.zeros(transfers.n, np.bool_)
    passes[transfers.src[later]] = True
    inner = later[passes[transfers.dst[later]]]
    labels = component_labels(transfers.n, transfers.src[inner], transfers.dst[inner])
    owner = labels[transfers.src[later]]
    return [
        _ladder(transfers, np.unique(earlier[group]), np.unique(later[group]))
        for group in groups_of(owner)
    ]


def _ladder(
    transfers: Transfers,
    passed: Int64Array,
    carriers: Int64Array,
) -> Ladder:
    mules = np.unique(transfers.src[carriers])
    payers = np.setdiff1d(transfers.src[passed], mules)
    ends = np.setdiff1d(transfers.dst[carriers], mules)
    return Ladder(mules, payers, ends, np.union1d(passed, carriers), passed)
