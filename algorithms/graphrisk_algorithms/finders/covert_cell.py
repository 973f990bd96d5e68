"""Circles that talk among themselves, on numbers of their own or seen meeting each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from graphrisk_algorithms.algorithm import Candidate, Clue
from graphrisk_algorithms.evidence.candidates import Judge
from graphrisk_algorithms.evidence.circles import Contacts
from graphrisk_algorithms.evidence.columns import NOBODY, source_of, state_of
from graphrisk_algorithms.evidence.nulls import binomial_surprise, outlier_surprise
from graphrisk_algorithms.graph import Float64Array, Int64Array, RiskGraph
from graphrisk_algorithms.kernels.components import component_labels
from graphrisk_algorithms.kernels.pairs import edges_of, eids_among

_RESOLUTIONS = (1.0, 4.0, 16.0)  # cells of some dozens among hundreds to ten thousands of numbers
_BELONGING = ("CALLED", "ASSOCIATED_WITH", "OWNS_PHONE", "HOLDS", "TRANSFERRED")


@dataclass(frozen=True, slots=True)
class CovertCells:
    """Cells of those who supply drugs or prepare a crime, among ordinary callers.

    Sees communities among the numbers that their owners use beside another one, among the numbers
    of people who were seen meeting, and among both, at three resolutions; each is widened by
    whoever has more contacts in it than any number of the city would have by chance. Contacts of
    people who share a home or a handset do not count.
    Null: what the other communities found in the same way keep among themselves (median and
    spread; less than ``keep_surprise`` is ordinary); pairs who talk were seen meeting as often as
    in the whole city (binomial).
    A circle is suspect where a share ``second_share`` of its numbers are second ones, or where
    meetings, beyond those that led to it, reach ``seen_surprise``; second numbers are no clue of
    their own, as circles were looked for among them.
    Kin talk and lend each other handsets, but live together: in a cell a share ``homes`` of the
    owners have a home of their own. Whoever answers a firm's calls talks with its customers.
    Cannot see cells on everyday numbers that nobody saw meeting, nor members with one contact in
    it. Nine times Leiden on few numbers, and some passes over the calls.
    Source: sizes and ties of the covert networks in github.com/schochastics/networkdata;
    communities as Newman and Girvan 2004, doi:10.1103/PhysRevE.69.026113.
    """

    name: ClassVar[str] = "covert_cell"
    least_members: int
    most_members: int
    homes: float
    seed: int
    ordinary_surprise: float
    keep_surprise: float
    second_share: float
    seen_surprise: float
    least_surprise: float

    def run(self, graph: RiskGraph) -> list[Candidate]:
        """Cells, strongest first; of two that touch only the one with more contacts inside."""
        if not len(edges_of(graph, "CALLED")):
            return []
        contacts = Contacts.of(graph)
        scene = _Scene.of(graph, contacts)
        suspects: list[tuple[float, Int64Array, list[Clue]]] = []
        looked_at = 0
        for of in (contacts.second, contacts.met, contacts.second | contacts.met):
            for resolution in _RESOLUTIONS:
                communities = contacts.communities(of, resolution, self.seed)
                circles, kept = self._circles(contacts, communities)
                looked_at += len(circles)
                for circle in circles:
                    clues = self._clues(scene, circle, kept)
                    if clues:
                        suspects.append((scene.excess(circle, kept), circle, clues))
        suspects.sort(key=lambda one: (-one[0], one[1].tolist()))
        judge = Judge(self.name, looked_at, self.least_surprise)
        told: list[Int64Array] = []
        candidates: list[Candidate | None] = []
        for _, circle, clues in suspects:
            if not any(contacts.touches(circle, stronger) for stronger in told):
                told.append(circle)
                candidates.append(_candidate(judge, scene, circle, clues))
        return judge.ranked(candidates)

    def _circles(
        self, contacts: Contacts, communities: list[Int64Array]
    ) -> tuple[list[Int64Array], Float64Array]:
        """The communities after widening, and the share of contacts that each keeps inside."""
        least = float(np.log10((contacts.count > 0).sum()))  # not one number of the city by chance
        wide = (contacts.widened(one, least, self.most_members) for one in communities)
        circles = [one for one in wide if one is not None and len(one) >= self.least_members]
        kept = [len(contacts.inside(one)[1]) / contacts.count[one].sum() for one in circles]
        return circles, np.array(kept)

    def _clues(self, scene: _Scene, circle: Int64Array, others: Float64Array) -> list[Clue]:
        """What speaks against the circle; nothing where it is ordinary, kin or without any sign."""
        ends, entries = scene.contacts.inside(circle)
        keeps = scene.keeps(circle, len(entries), others)
        if keeps.surprise < self.ordinary_surprise:
            return []
        owners = scene.owners(circle)
        kin = len(np.unique(scene.home[owners])) < self.homes * len(owners)
        seen = scene.seen_meeting(circle, ends, entries)
        hides = keeps.surprise >= self.keep_surprise and scene.contacts.between_second(
            circle
        ) >= self.second_share * len(entries)
        if kin or not (hides or seen.surprise >= self.seen_surprise):
            return []
        return [keeps, *([seen] if seen.surprise > 0 else [])]


@dataclass(frozen=True, slots=True)
class _Scene:
    """The city that a circle is held against."""

    graph: RiskGraph
    contacts: Contacts
    home: Int64Array  # of each person: address, else himself
    holder: Int64Array  # of each account

    @classmethod
    def of(cls, graph: RiskGraph, contacts: Contacts) -> _Scene:
        lives = state_of(graph, "RESIDES_AT")
        home = np.where(lives == NOBODY, np.arange(graph.n), lives)
        return cls(graph, contacts, home, source_of(graph, "HOLDS"))

    def owners(self, circle: Int64Array) -> Int64Array:
        """The persons whose numbers these are."""
        return np.setdiff1d(self.contacts.owner[circle], [NOBODY])

    def keeps(self, circle: Int64Array, inside: int, others: Float64Array) -> Clue:
        """Share of the contacts that stays inside, against other circles."""
        contacts = int(self.contacts.count[circle].sum())
        usual = float(np.median(others))
        values = {
            "numbers": len(circle),
            "second": int(self.contacts.second[circle].sum()),
            "inside": inside // 2,
            "contacts": contacts - inside // 2,
            "share": round(inside / contacts, 4),
            "usual": round(usual, 4),
        }
        # Half of the entries inside are the other half turned round.
        surprise = outlier_surprise(inside / contacts, others, contacts - inside // 2)
        return Clue("circle_keeps_to_itself", surprise, values)

    def excess(self, circle: Int64Array, others: Float64Array) -> float:
        """Contacts inside beyond what is usual, in units of what chance adds."""
        contacts = int(self.contacts.count[circle].sum())
        usual = (float(np.median(others)) * len(others) + 1) / (len(others) + 2)
        luck = np.sqrt(contacts * usual * (1 - usual))
        return float((len(self.contacts.inside(circle)[1]) - usual * contacts) / luck)

    def seen_meeting(self, circle: Int64Array, ends: Int64Array, entries: Int64Array) -> Clue:
        """How many who talk with each other were seen meeting, against all who do.

        The first meeting of those who are joined by meetings may have brought them here: it does
        not count.
        """
        met = self.contacts.seen[entries]
        left, right = circle[ends[met]], self.contacts.view.indices[entries[met]].astype(np.int64)
        person = self.contacts.owner[np.append(left, right)]
        who, place = np.unique(person, return_inverse=True)
        one, other = np.split(place, 2)
        parts = len(np.unique(component_labels(len(who), one, other)))
        seen, pairs = len(one) // 2, len(entries) // 2
        usual = (int(self.contacts.seen.sum()) // 2 - seen + 1) / (
            len(self.contacts.seen) // 2 - pairs + 2
        )
        values = {"seen": seen, "pairs": pairs, "usual": round(usual, 6)}
        surprise = binomial_surprise(seen - parts, pairs - parts, usual)
        return Clue("seen_meeting", surprise, values)

    def paying(self, owners: Int64Array) -> Int64Array:
        """Accounts by which the owners paid each other."""
        paid = edges_of(self.graph, "TRANSFERRED")
        payer, payee = self.holder[paid.src], self.holder[paid.dst]
        own = np.zeros(self.graph.n + 1, np.bool_)  # the last place stands for nobody
        own[owners] = True
        among = own[payer] & own[payee] & (payer != payee)
        return np.union1d(paid.src[among], paid.dst[among])


def _candidate(
    judge: Judge, scene: _Scene, circle: Int64Array, clues: list[Clue]
) -> Candidate | None:
    """The circle with its owners and the accounts by which they pay each other."""
    owners = scene.owners(circle)
    members = np.sort(np.concatenate([circle, owners, scene.paying(owners)]))
    ties = np.bincount(scene.contacts.inside(circle)[0], minlength=len(circle))
    heads = circle[ties == ties.max()]
    core = np.append(heads, scene.contacts.owner[heads])
    roles = np.where(np.isin(members, core), "core", "member").tolist()
    evidence = eids_among(scene.graph, _BELONGING, members)
    return judge.candidate(members, roles, evidence, clues)
