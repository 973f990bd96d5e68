"""Few devices behind many names: groups of identities that one hand may hold."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar

import numpy as np

from graphrisk_algorithms.algorithm import BoolArray, Candidate, Clue
from graphrisk_algorithms.evidence.candidates import Judge
from graphrisk_algorithms.evidence.contacts import Contacts, contacts
from graphrisk_algorithms.evidence.device_use import DeviceUse, Usual, device_use, sharing_groups
from graphrisk_algorithms.evidence.names import one_character_apart
from graphrisk_algorithms.evidence.nulls import (
    binomial_surprise,
    combined_surprise,
    poisson_surprise,
)
from graphrisk_algorithms.evidence.transfers import transfers_of
from graphrisk_algorithms.graph import Int64Array, RiskGraph
from graphrisk_algorithms.kernels.components import component_labels
from graphrisk_algorithms.kernels.joins import distinct_pairs


@dataclass(frozen=True, slots=True)
class IdentityRings:
    """Phones and accounts of several persons on few devices: strangers, or hardly differing names.

    One person under several names is such a group as well, where his records are known as his:
    holders count by their records.

    Devices are joined by common holders, and shared devices by money: when more accounts on one
    pay those on another than chance has it (Poisson by whom they pay and who pays them).
    Null: users fall on devices at the city's rate (Poisson). Who shares a device, but has none of
    his own and lives apart from most who use it, is a strange guest; there are as many as among the
    other sharers of the city, and two persons of one surname have nearly one name and one year of
    birth as often as any two do (binomial); a person has as many records beyond the first as
    others in the city have (Poisson) and names a number of his own for emergencies as seldom
    (binomial). A family shares a device but lives together, a crew
    shares handsets but each has one of his own. Sharing alone accuses nobody: the others
    together must reach ``stranger_surprise``.
    Devices with more than ``hub_holders`` holders are shops, firms or shared pseudonyms: they join
    nobody; beyond ``most_holders`` a group is a crowd. Cannot see identities that share nothing,
    nor unlike names in one cell.
    Linear in holders and devices but for sorting, quadratic in the holders of one group.
    Source: PBoC notice 261/2016, which has one phone behind many people's accounts cleaned up.
    """

    name: ClassVar[str] = "identity_ring"
    least_holders: int
    most_holders: int
    hub_holders: int
    purse_surprise: float
    stranger_surprise: float
    least_surprise: float

    def run(self, graph: RiskGraph) -> list[Candidate]:
        """Groups of holders joined by devices and purses, strongest first."""
        use = device_use(graph).without_hubs(self.hub_holders)
        if not len(use):
            return []
        usual, named = Usual.of(graph, use), contacts(graph)
        labels = component_labels(graph.n, use.holder, use.device)[use.holder]
        records = usual.records
        shared = sharing_groups(labels, use.holder, records, 2, self.most_holders)
        joined = self._joined_by_money(graph, use, labels, shared)
        groups = sharing_groups(joined, use.holder, records, self.least_holders, self.most_holders)
        judge = Judge(self.name, len(groups), self.least_surprise)
        return judge.ranked(self._candidate(judge, usual, named, use.rows(rows)) for rows in groups)

    def _joined_by_money(
        self, graph: RiskGraph, use: DeviceUse, labels: Int64Array, shared: list[Int64Array]
    ) -> Int64Array:
        """Labels of the rows after joining shared devices whose accounts pay each other.

        Two accounts count once, however often they meet: people have standing payees.
        """
        from scipy import stats

        transfers = transfers_of(graph)
        label = np.full(graph.n, -1, np.int64)
        for rows in shared:
            label[use.item[rows]] = labels[rows[0]]
        payer, payee = distinct_pairs(transfers.src, transfers.dst)
        src, dst = label[payer], label[payee]
        between = (src >= 0) & (dst >= 0) & (src != dst)
        pair, seen = np.unique(
            np.column_stack([src[between], dst[between]]), axis=0, return_counts=True
        )
        paid = np.bincount(src[src >= 0], minlength=graph.n)
        got = np.bincount(dst[dst >= 0], minlength=graph.n)
        expected = paid[pair[:, 0]] * got[pair[:, 1]] / max(len(payer), 1)
        tail = stats.poisson.logsf(seen - 1, expected) / -np.log(10.0)
        kept = pair[tail >= self.purse_surprise]
        return component_labels(graph.n, kept[:, 0], kept[:, 1])[labels]

    def _candidate(
        self, judge: Judge, usual: Usual, named: Contacts, use: DeviceUse
    ) -> Candidate | None:
        holders, devices, items = (
            np.unique(column) for column in (use.holder, use.device, use.item)
        )
        strange = _of_one_hand(usual, named, holders)
        if len(holders) > 1:
            strange += [_near_names(usual, holders.tolist()), _strange_guests(usual, holders)]
        if combined_surprise([clue.surprise for clue in strange]) < self.stranger_surprise:
            return None
        shares = []
        if len(holders) > 1:
            shares = [_shares(usual, use, len(holders), len(items), len(devices))]
        members = np.concatenate([holders, devices, items])
        roles = ["identity"] * len(holders) + ["device"] * len(devices) + ["item"] * len(items)
        order = np.argsort(members)
        evidence = np.unique(np.concatenate([use.held, use.used]))
        told = [clue for clue in strange if clue.surprise > 0]
        return judge.candidate(
            members[order], [roles[place] for place in order], evidence, [*shares, *told]
        )


def _shares(usual: Usual, use: DeviceUse, holders: int, items: int, devices: int) -> Clue:
    more = len(distinct_pairs(use.holder, use.device)[0]) - devices
    values = {"holders": holders, "items": items, "devices": devices}
    return Clue("shares_devices", poisson_surprise(more, usual.more_users * devices), values)


def _of_one_hand(usual: Usual, named: Contacts, holders: Int64Array) -> list[Clue]:
    """What records tell that are judged to be one person: none where nobody has several."""
    if len(holders) == usual.records[holders].sum():
        return []
    mine = np.isin(named.person, holders)
    clues = [_many_records(usual, holders)]
    return [*clues, _own_contact(named, mine)] if mine.any() else clues


def _near_names(usual: Usual, holders: list[int]) -> Clue:
    kin = near = 0
    for left, right in combinations(holders, 2):
        one, two = usual.names[left], usual.names[right]
        if one and two and one[0] == two[0]:
            kin += 1
            same_year = usual.born[left] == usual.born[right]
            near += bool(same_year and one_character_apart(one, two))
    values = {"near": near, "pairs": kin, "usual": round(usual.near_names, 6)}
    return Clue("near_names", binomial_surprise(near, kin, usual.near_names), values)


def _strange_guests(usual: Usual, holders: Int64Array) -> Clue:
    guests, count = int(usual.is_strange[holders].sum()), len(holders)
    share = usual.strange(guests, count)
    values = {"guests": guests, "holders": count, "usual": round(share, 4)}
    return Clue("strange_guests", binomial_surprise(guests, count, share), values)


def _many_records(usual: Usual, holders: Int64Array) -> Clue:
    """Names and numbers that differ by slips, registered again and again for one person."""
    records, persons = int(usual.records[holders].sum()), len(holders)
    values = {"records": records, "persons": persons, "usual": round(usual.further, 4)}
    expected = usual.further * persons
    return Clue("many_records", poisson_surprise(records - persons, expected), values)


def _own_contact(named: Contacts, mine: BoolArray) -> Clue:
    """One hand that has to name somebody names itself under another name."""
    seen, count = int(named.is_own[mine].sum()), int(mine.sum())
    share = named.usual(seen, count)
    values = {"own": seen, "named": count, "usual": round(share, 6)}
    return Clue("own_contact", binomial_surprise(seen, count, share), values)
