"""Money that comes back: cycles of transfers in rising time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from graphrisk_algorithms.algorithm import Candidate, Clue
from graphrisk_algorithms.candidates import Judge
from graphrisk_algorithms.components import component_labels
from graphrisk_algorithms.graph import Int64Array, RiskGraph
from graphrisk_algorithms.joins import groups_of
from graphrisk_algorithms.nulls import binomial_surprise, poisson_surprise
from graphrisk_algorithms.transfers import HOUR, Links, Transfers, money_links, transfers_of


@dataclass(frozen=True, slots=True)
class LaunderingCycles:
    """Accounts that pass about the same sum on in rising time until it is back where it began.

    Null: continuations meet accounts at random by in-degree; the number of cycles a group should
    then close is Poisson. Members of a savings club also close cycles, but there everybody pays
    everybody: groups denser than ``club_density`` transfers-pairs an account are left out.
    Cannot see money that leaves the data between two hops, comes back later than the window, or
    is split into unequal parts on the way.
    Cost: ``branch ** (longest - 1)`` steps a transfer at worst, near-linear on sparse ledgers.
    Source: temporal cycles as in AMLworld, arXiv 2306.16424; 2SCENT, doi:10.14778/3229863.3229874.
    """

    name: ClassVar[str] = "laundering_cycle"
    window_hours: float
    shortest: int
    longest: int
    keep: float
    branch: int
    limit: int
    club_density: float
    least_surprise: float
    half_surprise: float

    def run(self, graph: RiskGraph) -> list[Candidate]:
        """Groups of accounts joined by cycles that share a hop, strongest first."""
        transfers = transfers_of(graph)
        if not len(transfers):
            return []
        flat, ends, trials = self._walk(transfers)
        cycle = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
        groups = groups_of(_joined(transfers, flat, cycle, len(ends)))
        judge = Judge(self.name, len(groups), self.least_surprise, self.half_surprise)
        links = money_links(transfers, int(self.window_hours * HOUR))
        hops_of = np.split(flat, ends[:-1])
        found = [
            self._candidate(judge, transfers, links, trials, [hops_of[one] for one in group])
            for group in groups
        ]
        return judge.ranked(found)

    def _walk(self, transfers: Transfers) -> tuple[Int64Array, Int64Array, Int64Array]:
        from graphrisk_algorithms.flow_kernels import cycle_walks

        return cycle_walks(
            transfers.by_payer.indptr,
            transfers.by_payer.positions.astype(np.int64),
            transfers.src,
            transfers.dst,
            transfers.at,
            transfers.amount,
            int(self.window_hours * HOUR),
            self.shortest,
            self.longest,
            self.keep,
            self.branch,
            self.limit,
        )

    def _candidate(
        self,
        judge: Judge,
        transfers: Transfers,
        links: Links,
        trials: Int64Array,
        cycles: list[Int64Array],
    ) -> Candidate | None:
        hops = np.unique(np.concatenate(cycles))
        accounts = np.unique(transfers.src[hops])
        out, into = transfers.paid_by(accounts), transfers.paid_to(accounts)
        inside = out[np.isin(transfers.dst[out], accounts)]
        pairs = len(np.unique(transfers.src[inside] * transfers.n + transfers.dst[inside]))
        if pairs > self.club_density * len(accounts):
            return None
        expected = float(trials[out].sum()) * len(into) / len(accounts) / len(transfers)
        passed = int((links.drained[hops] >= self.keep).sum())
        usual = float((links.drained >= self.keep).mean())
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
                {"passed": passed, "transfers": len(hops), "usual": round(usual, 4)},
            ),
        )
        roles = ("launderer",) * len(accounts)
        return judge.candidate(accounts, roles, np.sort(transfers.eid[hops]), clues)


def _span(transfers: Transfers, hops: Int64Array) -> int:
    return int(transfers.at[hops].max() - transfers.at[hops].min())


def _joined(transfers: Transfers, flat: Int64Array, cycle: Int64Array, cycles: int) -> Int64Array:
    """Label of each cycle: cycles that share a hop (payer and payee) are one group."""
    pair = transfers.src[flat] * transfers.n + transfers.dst[flat]
    _, hop = np.unique(pair, return_inverse=True)
    labels = component_labels(cycles + int(hop.max(initial=-1)) + 1, cycle, cycles + hop)
    return labels[:cycles]
