"""Money that comes back: cycles of transfers in rising time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from graphrisk_algorithms.algorithm import BoolArray, Candidate, Clue
from graphrisk_algorithms.evidence.candidates import Judge
from graphrisk_algorithms.evidence.columns import NOBODY, source_of
from graphrisk_algorithms.evidence.cycles import CycleSearch, cycles_of
from graphrisk_algorithms.evidence.nulls import binomial_surprise, poisson_surprise
from graphrisk_algorithms.evidence.transfers import (
    HOUR,
    Links,
    Transfers,
    links_of,
    transfers_of,
)
from graphrisk_algorithms.graph import Int64Array, RiskGraph
from graphrisk_algorithms.kernels.components import component_labels
from graphrisk_algorithms.kernels.joins import groups_of
from graphrisk_algorithms.kernels.pairs import eids_among


@dataclass(frozen=True, slots=True)
class _Passing:
    """Which transfers were passed on, and how usual that is for transfers of some size."""

    passed: BoolArray
    amounts: Int64Array  # ascending
    at_least: Int64Array  # passed-on transfers from each of these amounts up

    @classmethod
    def of(cls, transfers: Transfers, links: Links, keep: float) -> _Passing:
        passed = links.drained >= keep
        order = np.argsort(transfers.amount, kind="stable")
        return cls(
            passed, transfers.amount[order], np.cumsum(passed[order][::-1], dtype=np.int64)[::-1]
        )

    def usual(self, amount: int, own: Int64Array) -> float:
        """Share of the transfers of at least ``amount``, but the ``own``, that were passed on.

        At least the largest tenth of the ledger is asked: of a handful, other rings would be most.
        """
        first = min(int(np.searchsorted(self.amounts, amount)), len(self.amounts) * 9 // 10)
        others = len(self.amounts) - first - len(own)
        passed = int(self.at_least[first]) - int(self.passed[own].sum())
        return (passed + 1) / (others + 2)  # Laplace: an empty rest tells nothing


@dataclass(frozen=True, slots=True)
class LaunderingCycles:
    """Accounts that pass about the same sum on in rising time until it is back where it began.

    Null: continuations meet accounts at random by in-degree; the number of cycles a group should
    then close is Poisson. Members of a savings club also close cycles, but there everybody pays
    everybody: groups denser than ``club_density`` transfers-pairs an account are left out. A firm's
    own accounts send money round as well, which hides it from nobody: a cycle is one of at least
    ``shortest`` holders (an account without a known holder counts as one). Friends who send each
    other pocket money close cycles too: all hops are above the quantile ``material`` of amounts.
    Cannot see money that leaves the data between two hops, comes back later than the window, or
    is split into unequal parts on the way.
    Cost: ``branch ** (longest - 1)`` steps a transfer at worst, near-linear on sparse ledgers.
    Source: temporal cycles as in AMLworld, arXiv 2306.16424; 2SCENT, doi:10.14778/3229863.3229874.
    """

    name: ClassVar[str] = "laundering_cycle"
    material: float
    window_hours: float
    shortest: int
    longest: int
    keep: float
    branch: int
    each: int
    limit: int
    single_surprise: float
    club_density: float
    least_surprise: float

    def run(self, graph: RiskGraph) -> list[Candidate]:
        """Groups of accounts joined by cycles that share a hop, strongest first."""
        transfers = transfers_of(graph)
        if not len(transfers):
            return []
        holder = source_of(graph, "HOLDS")
        hand = np.where(holder == NOBODY, np.arange(graph.n) + graph.n, holder)
        cycles, trials = self._walk(transfers, hand)
        groups = groups_of(_joined(transfers, cycles))
        judge = Judge(self.name, len(groups), self.least_surprise)
        links = links_of(graph, int(self.window_hours * HOUR))
        passing = _Passing.of(transfers, links, self.keep)
        found = [
            self._candidate(
                judge, graph, transfers, passing, trials, [cycles[one] for one in group]
            )
            for group in groups
        ]
        return judge.ranked(found)

    def _walk(self, transfers: Transfers, hand: Int64Array) -> tuple[list[Int64Array], Int64Array]:
        """Cycles that stand out, of material sums in enough hands; the trials of each transfer."""
        search = CycleSearch(
            int(self.window_hours * HOUR),
            self.shortest,
            self.longest,
            self.keep,
            self.branch,
            self.each,
            self.limit,
        )
        found = cycles_of(transfers, search)
        flat, ends, trials = found.flat, found.ends, found.trials
        hops = np.split(flat, ends[:-1]) if len(ends) else []
        least = np.quantile(transfers.amount, self.material)
        kept = [
            one
            for one in hops
            if transfers.amount[one].min() >= least
            and len(np.unique(hand[transfers.src[one]])) >= self.shortest
        ]
        return [one for one in kept if self._stands_out(transfers, trials, one)], trials

    def _stands_out(self, transfers: Transfers, trials: Int64Array, hops: Int64Array) -> bool:
        """Whether chance would close a walk from this first transfer so rarely."""
        first = int(hops[0])
        home = transfers.src[[first]]
        expected = int(trials[first]) * len(transfers.paid_to(home)) / len(transfers)
        return poisson_surprise(1, expected) >= self.single_surprise

    def _candidate(
        self,
        judge: Judge,
        graph: RiskGraph,
        transfers: Transfers,
        passing: _Passing,
        trials: Int64Array,
        cycles: list[Int64Array],
    ) -> Candidate | None:
        hops = np.unique(np.concatenate(cycles))
        accounts = np.unique(transfers.src[hops])
        holders = source_of(graph, "HOLDS")[accounts]
        out, into = transfers.paid_by(accounts), transfers.paid_to(accounts)
        inside = out[np.isin(transfers.dst[out], accounts)]
        pairs = len(np.unique(transfers.src[inside] * transfers.n + transfers.dst[inside]))
        if pairs > self.club_density * len(accounts):
            return None
        least, most = int(transfers.amount[hops].min()), int(transfers.amount[hops].max())
        alike = out[(transfers.amount[out] >= least) & (transfers.amount[out] <= most)]
        # Its own transfers are what is to be explained, not part of the null.
        usual_in = (len(into) - len(hops)) / len(accounts) / len(transfers)
        expected = float(trials[alike].sum()) * max(usual_in, 1 / len(transfers))
        passed = int(passing.passed[hops].sum())
        usual = passing.usual(least, hops)
        clues = (
            Clue(
                "money_returns",
                poisson_surprise(len(cycles), expected),
                {
                    "cycles": len(cycles),
                    "accounts": len(accounts),
                    "amount": int(transfers.amount[hops].sum()),
                    "hours": round(_span(transfers, hops) / HOUR, 1),
                },
            ),
            Clue(
                "passes_on",
                binomial_surprise(passed, len(hops), usual),
                {
                    "passed": passed,
                    "transfers": len(hops),
                    "amount": int(transfers.amount[hops[passing.passed[hops]]].sum()),
                    "usual": round(usual, 4),
                },
            ),
        )
        members = np.union1d(accounts, holders[holders >= 0])
        roles = ["passer" if one else "holder" for one in np.isin(members, accounts)]
        evidence = np.union1d(transfers.eid[hops], eids_among(graph, ("HOLDS",), members))
        return judge.candidate(members, roles, evidence, clues)


def _span(transfers: Transfers, hops: Int64Array) -> int:
    return int(transfers.at[hops].max() - transfers.at[hops].min())


def _joined(transfers: Transfers, cycles: list[Int64Array]) -> Int64Array:
    """Label of each cycle: cycles that share a hop (payer and payee) are one group."""
    if not cycles:
        return np.empty(0, np.int64)
    flat = np.concatenate(cycles)
    cycle = np.repeat(np.arange(len(cycles)), [len(one) for one in cycles])
    _, hop = np.unique(transfers.src[flat] * transfers.n + transfers.dst[flat], return_inverse=True)
    labels = component_labels(len(cycles) + int(hop.max()) + 1, cycle, len(cycles) + hop)
    return labels[: len(cycles)]
