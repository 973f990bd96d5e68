"""Circles that talk among themselves, on numbers of their own or seen meeting each other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from graphrisk_algorithms.algorithm import BoolArray, Candidate, Clue
from graphrisk_algorithms.evidence.candidates import Judge
from graphrisk_algorithms.evidence.circles import Contacts
from graphrisk_algorithms.evidence.columns import NOBODY, source_of, state_of
from graphrisk_algorithms.evidence.nulls import binomial_surprise
from graphrisk_algorithms.graph import Int64Array, RiskGraph
from graphrisk_algorithms.kernels.circles import Search, closed_surprise
from graphrisk_algorithms.kernels.components import component_labels
from graphrisk_algorithms.kernels.pairs import edges_of, eids_among

_BELONGING = ("CALLED", "ASSOCIATED_WITH", "OWNS_PHONE", "HOLDS", "TRANSFERRED")


@dataclass(frozen=True, slots=True)
class CovertCells:
    """Cells of those who supply drugs or prepare a crime, among ordinary callers.

    Sees circles (``kernels.circles``) among second numbers, that is such as their owners keep
    beside a busier one, among the numbers of people who were seen meeting, and among both; each is
    widened by whoever has more contacts in it than any number of the city would have by chance.
    Nearly everybody has a second number, but these talk with everyday ones: a circle of second
    numbers that talk with each other is rare. Contacts of people who share a home or a handset do
    not count.
    Null: every number has as many contacts as it has, but with anybody, and of all circles as large
    the closest is taken (``closed_surprise``); pairs who talk were seen meeting as often as in the
    whole city (binomial).
    A circle is suspect where a share ``second_share`` of its contacts are between second numbers,
    or where meetings, beyond those that led to it, reach ``seen_surprise``; second numbers are no
    clue of their own, as circles were looked for among them.
    Kin talk and lend each other handsets, but live together: in a cell a share ``homes`` of the
    owners have a home of their own. Whoever answers a firm's calls talks with its customers; who
    comes to work with a new number has no other.
    Cannot see cells on everyday numbers that nobody saw meeting, members with one contact in it and
    many outside, nor people whose other numbers stand in no register.
    Cost: three searches, each at most so many steps a second number as one over ``restart`` and
    ``precision``, and some passes over the calls.
    Source: sizes and ties of the covert networks in github.com/schochastics/networkdata; circles as
    Andersen, Chung and Lang 2006, doi:10.1109/FOCS.2006.44.
    """

    name: ClassVar[str] = "covert_cell"
    least_members: int
    most_members: int
    restart: float
    precision: float
    homes: float
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
            circles = self._circles(contacts, of)
            looked_at += len(circles)
            for circle in circles:
                clues = self._clues(scene, circle, of)
                if clues:
                    suspects.append((scene.beyond(circle), circle, clues))
        suspects.sort(key=lambda one: (-one[0], one[1].tolist()))
        judge = Judge(self.name, looked_at, self.least_surprise)
        told: list[Int64Array] = []
        candidates: list[Candidate | None] = []
        for _, circle, clues in suspects:
            if not any(contacts.touches(circle, stronger) for stronger in told):
                told.append(circle)
                candidates.append(_candidate(judge, scene, circle, clues))
        return judge.ranked(candidates)

    def _circles(self, contacts: Contacts, of: BoolArray) -> list[Int64Array]:
        """The circles after widening."""
        search = Search(self.restart, self.precision, self.least_members // 2, self.most_members)
        least = float(np.log10(max((contacts.count > 0).sum(), 1)))  # none of the city by chance
        found = contacts.circles(of, search)
        wide = (contacts.widened(one, least, self.most_members) for one in found)
        return [one for one in wide if one is not None and len(one) >= self.least_members]

    def _clues(self, scene: _Scene, circle: Int64Array, of: BoolArray) -> list[Clue]:
        """What speaks against the circle; nothing where it is ordinary, kin or without any sign."""
        ends, entries = scene.contacts.inside(circle)
        keeps = scene.keeps(circle, of)
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

    def keeps(self, circle: Int64Array, of: BoolArray) -> Clue:
        """Contacts that stay inside, against chance; ``of``: where the circle was looked for."""
        count, own = self.contacts.count, of[circle]
        inside = len(self.contacts.inside(circle)[1]) // 2  # each stands at both its ends
        ends, all_ends = int(count[circle].sum()), int(count.sum())
        choices = {int(of.sum()): int(own.sum()), int((count[~of] > 0).sum()): int((~own).sum())}
        values = {
            "numbers": len(circle),
            "second": int(self.contacts.second[circle].sum()),
            "inside": inside,
            "contacts": ends - inside,
            "share": round(2 * inside / ends, 4),
            "usual": round(ends / all_ends, 6),
        }
        surprise = closed_surprise(inside, ends, all_ends, choices)
        return Clue("circle_keeps_to_itself", surprise, values)

    def beyond(self, circle: Int64Array) -> float:
        """Contacts inside beyond those of chance, in units of what chance adds."""
        inside = len(self.contacts.inside(circle)[1]) // 2
        ends, all_ends = (int(self.contacts.count[of].sum()) for of in (circle, slice(None)))
        chance = ends * ends / (2.0 * all_ends)
        return (inside - chance) / math.sqrt(max(chance, 1.0))

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
