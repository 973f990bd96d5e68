"""Who uses which device, through the phones and accounts registered in a person's name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_algorithms.algorithm import BoolArray
from graphrisk_algorithms.columns import node_numbers, node_texts, state_of
from graphrisk_algorithms.graph import Int64Array, RiskGraph
from graphrisk_algorithms.joins import distinct_pairs, groups_of
from graphrisk_algorithms.names import near_pair_share
from graphrisk_algorithms.pairs import edges_of


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
    """What is usual among the persons of the city: the null every group is held against."""

    names: list[str | None]  # of each node; None where there is none
    born: Int64Array  # year of each node; 0 where unknown
    home: Int64Array  # grid cell of each person, else -1
    more_users: float  # holders of a device beyond the first, on average
    near_names: float  # of pairs with one surname, those of one year with nearly one name
    homes: int  # homes beyond the first of all who share devices
    further: int  # holders beyond the first of all devices
    sharers: int  # holders who use a shared device
    guests: BoolArray  # of each node: a sharer without a device of his own

    @classmethod
    def of(cls, graph: RiskGraph, use: DeviceUse) -> Usual:
        """Count the city. Linear, but for sorting."""
        names = node_texts(graph, "Person", "name")
        born = node_numbers(graph, "Person", "birth_year", 0)
        home = state_of(graph, "LIVES_IN")
        device, holder = distinct_pairs(use.device, use.holder)
        homes, _ = distinct_pairs(use.device, home[use.holder])
        count = len(np.unique(device))
        shared = np.bincount(device, minlength=graph.n)[device] > 1
        owns = np.bincount(holder[~shared], minlength=graph.n) > 0
        sharer = np.bincount(holder[shared], minlength=graph.n) > 0
        return cls(
            names=names,
            born=born,
            home=home,
            more_users=(len(holder) - count) / max(count, 1),
            near_names=near_pair_share(names, born.tolist()),
            homes=len(homes) - count,
            further=len(holder) - count,
            sharers=int(sharer.sum()),
            guests=sharer & ~owns,
        )

    def apart(self, homes: int, holders: int) -> float:
        """How often a further holder has a further home, in the rest of the city.

        ``homes`` and ``holders``, each beyond the first, are those of the group that is judged.
        """
        return _share(self.homes - homes, self.further - holders)

    def only_guest(self, guests: int, holders: int) -> float:
        """How often a sharer has no device of his own, in the rest of the city."""
        return _share(int(self.guests.sum()) - guests, self.sharers - holders)


def _share(part: int, whole: int) -> float:
    """Laplace's estimate: one in two of an imagined pair, so that an empty rest tells nothing."""
    return (max(part, 0) + 1) / (max(whole, 0) + 2)


def sharing_groups(labels: Int64Array, holder: Int64Array, least: int) -> list[Int64Array]:
    """Rows of each label that at least ``least`` different holders share."""
    groups = groups_of(labels)
    return [rows for rows in groups if len(np.unique(holder[rows])) >= least]
