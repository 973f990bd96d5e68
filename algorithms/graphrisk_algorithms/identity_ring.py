"""Few devices behind many names: groups of identities that one hand may hold."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar

import numpy as np

from graphrisk_algorithms.algorithm import Candidate, Clue
from graphrisk_algorithms.candidates import Judge
from graphrisk_algorithms.columns import node_numbers, node_texts, state_of
from graphrisk_algorithms.components import component_labels
from graphrisk_algorithms.graph import Int64Array, RiskGraph
from graphrisk_algorithms.joins import distinct_pairs, groups_of
from graphrisk_algorithms.names import near_pair_share, one_character_apart
from graphrisk_algorithms.nulls import binomial_surprise, poisson_surprise
from graphrisk_algorithms.pairs import edges_of


@dataclass(frozen=True, slots=True)
class _City:
    """What is usual: the null every group is held against."""

    names: list[str | None]  # of each node; None where there is none
    born: Int64Array  # year of each node; -1 where unknown
    home: Int64Array  # grid cell of each person; -1 where unknown
    extra_users: float  # holders of a device beyond the first, on average
    near_names: float  # share of pairs of persons with nearly the same name
    apart: float  # share of pairs on one device that live in different cells


@dataclass(frozen=True, slots=True)
class _Use:
    """Who stands behind what is used on a device: one row a (holder, device, item)."""

    holder: Int64Array
    device: Int64Array
    item: Int64Array
    seen: Int64Array  # eid of USES_DEVICE
    held: Int64Array  # eid of OWNS_PHONE or HOLDS


@dataclass(frozen=True, slots=True)
class IdentityRings:
    """Phones and accounts of several persons on few devices, with names that hardly differ.

    Null: users fall on devices at the city's rate (Poisson); two persons have nearly equal names,
    or live apart though they share a device, as often as two persons of the city (binomial). A
    family shares a device but lives together and has names of its own.
    Sharing alone accuses nobody: one of the other two must reach ``stranger_surprise``.
    Devices with more than ``hub_holders`` holders are shops, firms or shared pseudonyms: they join
    nobody. Cannot see identities that share nothing, or that differ in name beyond one character
    and live in one cell. Linear in holders and devices, quadratic in the holders of one group.
    Source: PBoC notice 261/2016, which has one phone behind many people's accounts cleaned up.
    """

    name: ClassVar[str] = "identity_ring"
    least_holders: int
    hub_holders: int
    stranger_surprise: float
    least_surprise: float
    half_surprise: float

    def run(self, graph: RiskGraph) -> list[Candidate]:
        """Groups of holders joined by devices, strongest first."""
        use = self._without_hubs(_use_of(graph))
        if not len(use.holder):
            return []
        city = _city_of(graph, use)
        labels = component_labels(graph.n, use.holder, use.device)[use.holder]
        groups = [
            rows
            for rows in groups_of(labels)
            if len(np.unique(use.holder[rows])) >= self.least_holders
        ]
        judge = Judge(self.name, len(groups), self.least_surprise, self.half_surprise)
        return judge.ranked(self._candidate(judge, city, use, rows) for rows in groups)

    def _without_hubs(self, use: _Use) -> _Use:
        pairs = distinct_pairs(use.device, use.holder)
        holders = np.bincount(pairs[0], minlength=int(use.device.max(initial=0)) + 1)
        kept = holders[use.device] <= self.hub_holders
        columns = (use.holder, use.device, use.item, use.seen, use.held)
        return _Use(*(column[kept] for column in columns))

    def _candidate(
        self, judge: Judge, city: _City, use: _Use, rows: Int64Array
    ) -> Candidate | None:
        holders = np.unique(use.holder[rows])
        devices = np.unique(use.device[rows])
        items = np.unique(use.item[rows])
        pairs, near, apart = _compare(city, holders.tolist())
        extra = len(distinct_pairs(use.holder[rows], use.device[rows])[0]) - len(devices)
        clues = (
            Clue(
                "shares_devices",
                poisson_surprise(extra, city.extra_users * len(devices)),
                {"holders": len(holders), "items": len(items), "devices": len(devices)},
            ),
            Clue(
                "near_names",
                binomial_surprise(near, pairs, city.near_names),
                {"near": near, "pairs": pairs, "usual": round(city.near_names, 6)},
            ),
            Clue(
                "live_apart",
                binomial_surprise(apart, pairs, city.apart),
                {"apart": apart, "pairs": pairs, "usual": round(city.apart, 4)},
            ),
        )
        if max(clue.surprise for clue in clues[1:]) < self.stranger_surprise:
            return None
        members = np.concatenate([holders, devices, items])
        roles = ["holder"] * len(holders) + ["device"] * len(devices) + ["item"] * len(items)
        order = np.argsort(members)
        evidence = np.unique(np.concatenate([use.seen[rows], use.held[rows]]))
        return judge.candidate(members[order], [roles[i] for i in order], evidence, clues)


def _compare(city: _City, holders: list[int]) -> tuple[int, int, int]:
    """Pairs of holders; of these, with nearly equal names and age; and living apart."""
    pairs = near = apart = 0
    for left, right in combinations(holders, 2):
        pairs += 1
        apart += bool(city.home[left] != city.home[right])
        one, two = city.names[left], city.names[right]
        near += bool(one and two and one_character_apart(one, two))
    return pairs, near, apart


def _use_of(graph: RiskGraph) -> _Use:
    """Join USES_DEVICE with the person who holds the phone or account."""
    uses = edges_of(graph, "USES_DEVICE")
    owns, holds = edges_of(graph, "OWNS_PHONE"), edges_of(graph, "HOLDS")
    person = np.concatenate([owns.src, holds.src])
    item = np.concatenate([owns.dst, holds.dst])
    held = np.concatenate([owns.eid, holds.eid])
    order = np.argsort(item, kind="stable")
    first = np.searchsorted(item[order], uses.src, "left")
    count = np.searchsorted(item[order], uses.src, "right") - first
    row = np.repeat(np.arange(len(uses)), count)
    place = np.arange(len(row)) - (np.cumsum(count) - count)[row] + first[row]
    joined = order[place]
    return _Use(person[joined], uses.dst[row], uses.src[row], uses.eid[row], held[joined])


def _city_of(graph: RiskGraph, use: _Use) -> _City:
    names = node_texts(graph, "Person", "name")
    home = state_of(graph, "LIVES_IN")
    holder, device = distinct_pairs(use.holder, use.device)
    devices = len(np.unique(device))
    by_device = [holder[group] for group in groups_of(device)]
    sharing = [pair for users in by_device for pair in combinations(users.tolist(), 2)]
    apart = sum(bool(home[left] != home[right]) for left, right in sharing)
    return _City(
        names=names,
        born=node_numbers(graph, "Person", "birth_year", -1),
        home=home,
        extra_users=(len(holder) - devices) / devices,
        near_names=near_pair_share(names),
        apart=apart / len(sharing) if sharing else 1.0,
    )
