"""Many payers at once into one account, where transfers are all there is to see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from graphrisk_algorithms.algorithm import Candidate, Clue
from graphrisk_algorithms.candidates import Judge
from graphrisk_algorithms.graph import Int64Array, RiskGraph
from graphrisk_algorithms.nulls import binomial_surprise, corrected, poisson_surprise
from graphrisk_algorithms.pairs import edges_of
from graphrisk_algorithms.transfers import DAY, Transfers, transfers_of


@dataclass(frozen=True, slots=True)
class FanIns:
    """Accounts paid by unusually many at once, in amounts that resemble each other.

    A fallback for ledgers without calls: where calls are known, payers of a market stall and of a
    swindler differ by who called them, and this finder stays silent.
    Null: payers reach an account at its own average rate (Poisson, corrected for the windows
    looked at); amounts resemble each other as those of any two transfers do (binomial).
    Cannot see slow collection, and calls a donation drive what it is: a fan-in.
    Linear in transfers. Source: fan-in typology of AMLSim and AMLworld, arXiv 2306.16424.
    """

    name: ClassVar[str] = "fan_in"
    window_days: float
    least_payers: int
    alike: float
    least_surprise: float
    half_surprise: float

    def run(self, graph: RiskGraph) -> list[Candidate]:
        """One candidate an account at most: its busiest window."""
        transfers = transfers_of(graph)
        if not len(transfers) or len(edges_of(graph, "CALLED")):
            return []
        from graphrisk_algorithms.flow_kernels import busiest_windows

        window = int(self.window_days * DAY)
        first, last, payers = busiest_windows(
            transfers.n,
            transfers.by_payee.indptr,
            transfers.by_payee.positions.astype(np.int64),
            transfers.src,
            transfers.at,
            window,
        )
        accounts = np.flatnonzero(payers >= self.least_payers)
        judge = Judge(self.name, len(accounts), self.least_surprise, self.half_surprise)
        span = max(int(transfers.at[-1] - transfers.at[0]) + 1, window)
        usual = self._alike(transfers.amount[:-1], transfers.amount[1:])
        order = transfers.by_payee.positions.astype(np.int64)
        return judge.ranked(
            self._candidate(
                judge,
                transfers,
                account,
                order[first[account] : last[account]],
                window / span,
                usual,
            )
            for account in accounts.tolist()
        )

    def _candidate(
        self,
        judge: Judge,
        transfers: Transfers,
        account: int,
        burst: Int64Array,
        share: float,
        usual: float,
    ) -> Candidate | None:
        into = transfers.paid_to(np.array([account]))
        all_payers = len(np.unique(transfers.src[into]))
        payers = np.unique(transfers.src[burst])
        amounts = transfers.amount[burst]
        middle = int(np.sort(amounts)[len(amounts) // 2])
        near = round(self._alike(amounts, np.full(len(amounts), middle)) * len(amounts))
        clues = (
            Clue(
                "many_payers",
                corrected(poisson_surprise(len(payers), all_payers * share), len(into)),
                {
                    "payers": len(payers),
                    "transfers": len(burst),
                    "usual": round(all_payers * share, 2),
                    "amount": int(amounts.sum()),
                },
            ),
            Clue(
                "amounts_alike",
                binomial_surprise(near - 1, len(burst) - 1, usual),
                {"near": near, "transfers": len(burst), "usual": round(usual, 4)},
            ),
        )
        members = np.union1d(payers, [account])
        roles = ["collector" if one == account else "feeder" for one in members.tolist()]
        return judge.candidate(members, roles, np.sort(transfers.eid[burst]), clues)

    def _alike(self, left: Int64Array, right: Int64Array) -> float:
        """Share of the pairs of amounts that differ by at most ``alike``."""
        near = np.abs(left - right) <= self.alike * np.maximum(left, right)
        return float(near.mean()) if len(near) else 1.0
