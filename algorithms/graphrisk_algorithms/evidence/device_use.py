"""Who uses which device, through the phones and accounts registered in a person's name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_algorithms.algorithm import BoolArray
from graphrisk_algorithms.evidence.columns import node_numbers, node_texts, nodes_of, state_of
from graphrisk_algorithms.evidence.names import near_pair_share
from graphrisk_algorithms.graph import Int64Array, RiskGraph
from graphrisk_algorithms.kernels.joins import distinct_pairs, groups_of
from graphrisk_algorithms.kernels.pairs import edges_of


@dataclass(frozen=True, slots=True)
class DeviceUse:
    """One row a (holder, item, device): the item is a phone or an account."""

    holder: Int64Array
    item: Int64Array
    device: Int64Array
    held: Int64Array  # eid of OWNS_PHONE or HOLDS
    used: Int64Array  # eid of USES_DEVICE

    def __len__(self) -> int:
        return len(self.holder)

    def rows(self, kept: Int64Array) -> DeviceUse:
        """Some of the rows."""
        columns = (self.holder, self.item, self.device, self.held, self.used)
        return DeviceUse(*(column[kept] for column in columns))

    def without_hubs(self, most: int) -> DeviceUse:
        """Without devices of more than ``most`` holders."""
        device, _ = distinct_pairs(self.device, self.holder)
        holders = np.bincount(device, minlength=int(self.device.max(initial=0)) + 1)
        return self.rows(np.flatnonzero(holders[self.device] <= most))


def device_use(graph: RiskGraph) -> DeviceUse:
    """Join USES_DEVICE with OWNS_PHONE and HOLDS on the item. ``m log m``."""
    uses, owns, holds = (edges_of(graph, kind) for kind in ("USES_DEVICE", "OWNS_PHONE", "HOLDS"))
    person = np.concatenate([owns.src, holds.src])
    item = np.concatenate([owns.dst, holds.dst])
    held = np.concatenate([owns.eid, holds.eid])
    order = np.argsort(item, kind="stable")
    first = np.searchsorted(item[order], uses.src, "left")
    count = np.searchsorted(item[order], uses.src, "right") - first
    row = np.repeat(np.arange(len(uses)), count)
    place = np.arange(len(row)) - (np.cumsum(count) - count)[row] + first[row]
    joined = order[place]
    return DeviceUse(person[joined], uses.src[row], uses.dst[row], held[joined], uses.eid[row])


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual among the persons of the city: the null every group is held against.

    A *sharer* uses a device that others use too. A *strange guest* is a sharer who has no device of
    his own and whose fellow users mostly live in other grid cells than he.
    """

    names: list[str | None]  # of each node; None where there is none
    born: Int64Array  # year of each node; 0 where unknown
    more_users: float  # holders of a device beyond the first, on average
    near_names: float  # of pairs with one surname, those of one year with nearly one name
    sharers: int
    strangers: int  # among the sharers: the strange guests
    is_strange: BoolArray  # of each node
    records: Int64Array  # of each node: how many records are judged to be that person
    further: float  # records of a person beyond the first, on average

    @classmethod
    def of(cls, graph: RiskGraph, use: DeviceUse) -> Usual:
        """Count the city. Linear, but for sorting."""
        names = node_texts(graph, "Person", "name")
        born = node_numbers(graph, "Person", "birth_year", 0)
        device, holder = distinct_pairs(use.device, use.holder)
        devices = len(np.unique(device))
        sharer, strange = _strange_guests(graph.n, device, holder, state_of(graph, "LIVES_IN"))
        records = records_of(graph)
        persons = nodes_of(graph, "Person")
        return cls(
            names=names,
            born=born,
            more_users=(len(holder) - devices) / max(devices, 1),
            near_names=near_pair_share(names, born.tolist()),
            sharers=int(sharer.sum()),
            strangers=int(strange.sum()),
            is_strange=strange,
            records=records,
            further=float(records[persons].sum() + 1) / (len(persons) + 1) - 1.0,
        )

    def strange(self, guests: int, holders: int) -> float:
        """Share of strange guests among the sharers outside a group with so many of both.

        Laplace's estimate: one in two of an imagined pair, so that an empty rest tells nothing.
        """
        rest = max(self.sharers - holders, 0)
        return (max(self.strangers - guests, 0) + 1) / (rest + 2)


def records_of(graph: RiskGraph) -> Int64Array:
    """How many records are judged to be the person that each node stands for."""
    if not len(graph.same_as):
        return np.ones(graph.n, np.int64)
    return np.bincount(graph.same_as, minlength=graph.n)


def _strange_guests(
    n: int, device: Int64Array, holder: Int64Array, home: Int64Array
) -> tuple[BoolArray, BoolArray]:
    """Who shares, and which sharers are strange guests, of each node."""
    users = np.bincount(device, minlength=n)[device]
    _, cell, count = np.unique(device * n + home[holder], return_inverse=True, return_counts=True)
    among_own = 2 * (count[cell] - 1) >= users - 1  # also true of a device of one's own
    sharer = np.bincount(holder[users > 1], minlength=n) > 0
    return sharer, sharer & (np.bincount(holder[among_own], minlength=n) == 0)


def sharing_groups(
    labels: Int64Array, holder: Int64Array, records: Int64Array, least: int, most: int
) -> list[Int64Array]:
    """Rows of each label that holders of ``least`` to ``most`` different records share."""
    cell, holders = distinct_pairs(labels, holder)
    size = np.bincount(cell, records[holders], int(labels.max(initial=-1)) + 1)
    kept = np.flatnonzero(((size >= least) & (size <= most))[labels])
    return [kept[rows] for rows in groups_of(labels[kept])]
