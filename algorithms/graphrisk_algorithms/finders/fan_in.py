"""Many payers into one account, where transfers are all there is to see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from graphrisk_algorithms.algorithm import Candidate, Clue, Value
from graphrisk_algorithms.evidence.candidates import Judge
from graphrisk_algorithms.evidence.nulls import corrected, poisson_surprise
from graphrisk_algorithms.evidence.transfers import DAY, Transfers, transfers_of
from graphrisk_algorithms.graph import Float64Array, Int64Array, RiskGraph
from graphrisk_algorithms.kernels.joins import distinct_pairs, groups_of
from graphrisk_algorithms.kernels.pairs import edges_of


@dataclass(frozen=True, slots=True)
class FanIns:
    """Accounts paid by unusually many at once, or by several the very same sum.

    A fallback for ledgers without calls: where calls are known, payers of a market stall and of a
    swindler differ by who called them, and this finder stays silent.
    Null: payers reach an account at its own average rate (Poisson, corrected for the windows
    looked at); of its payers, as many send some sum as send that sum in the whole ledger
    (Poisson). Both corrected for all accounts with as many payers.
    Cannot see slow collection of unequal sums, and calls a donation drive or a subscription what
    it is: a fan-in. ``m log m`` in transfers.
    Source: fan-in typology of AMLSim and AMLworld, arXiv 2306.16424.
    """

    name: ClassVar[str] = "fan_in"
    window_days: float
    least_payers: int
    least_surprise: float

    def run(self, graph: RiskGraph) -> list[Candidate]:
        """One candidate an account at most: its busiest window or its most collected sum."""
        transfers = transfers_of(graph)
        if not len(transfers) or len(edges_of(graph, "CALLED")):
            return []
        payees, _ = distinct_pairs(transfers.dst, transfers.src)
        payers = np.bincount(payees, minlength=transfers.n)
        looked_at = int((payers >= self.least_payers).sum())
        judge = Judge(self.name, looked_at, self.least_surprise)
        found: dict[int, Candidate] = {}
        for burst, clue in [
            *self._busy_windows(transfers, payers),
            *self._equal_sums(transfers, payers),
        ]:
            account = int(transfers.dst[burst[0]])
            candidate = _candidate(judge, transfers, account, burst, clue)
            other = found.get(account)
            if candidate and (other is None or candidate.surprise > other.surprise):
                found[account] = candidate
        return judge.ranked(found.values())

    def _busy_windows(
        self, transfers: Transfers, payers: Int64Array
    ) -> list[tuple[Int64Array, Clue]]:
        """The busiest window of each account with enough payers in it, and what it tells."""
        from graphrisk_algorithms.kernels.flow_kernels import busiest_windows

        window = int(self.window_days * DAY)
        order = transfers.by_payee.positions.astype(np.int64)
        columns = (transfers.by_payee.indptr, order, transfers.src, transfers.at)
        first, last, seen = busiest_windows(transfers.n, *columns, window)
        span = max(int(transfers.at[-1] - transfers.at[0]) + 1, window)
        told = []
        for account in np.flatnonzero(seen >= self.least_payers).tolist():
            burst = order[first[account] : last[account]]
            usual = float(payers[account]) * window / span
            windows = int(
                transfers.by_payee.indptr[account + 1] - transfers.by_payee.indptr[account]
            )
            surprise = corrected(poisson_surprise(int(seen[account]), usual), windows)
            values: dict[str, Value] = {
                "payers": int(seen[account]),
                "days": self.window_days,
                "amount": int(transfers.amount[burst].sum()),
                "usual": round(usual, 1),
            }
            told.append((burst, Clue("many_payers", surprise, values)))
        return told

    def _equal_sums(
        self, transfers: Transfers, payers: Int64Array
    ) -> list[tuple[Int64Array, Clue]]:
        """The transfers of one sum into one account by enough payers, and what they tell."""
        sums, kind = np.unique(transfers.amount, return_inverse=True)
        usual: Float64Array = np.bincount(kind) / len(kind)
        _, cell, size = np.unique(
            transfers.dst * len(sums) + kind, return_inverse=True, return_counts=True
        )
        often = np.flatnonzero(size[cell] >= self.least_payers)
        told = []
        for group in (often[rows] for rows in groups_of(cell[often])):
            seen = len(np.unique(transfers.src[group]))
            if seen < self.least_payers:
                continue
            account, amount = int(transfers.dst[group[0]]), int(transfers.amount[group[0]])
            # One payer sets the sum; it is the others that are told by it.
            expected = (float(payers[account]) - 1.0) * float(usual[kind[group[0]]])
            values = {"payers": seen, "transfers": len(group), "amount": amount}
            told.append((group, Clue("equal_sums", poisson_surprise(seen - 1, expected), values)))
        return told


def _candidate(
    judge: Judge, transfers: Transfers, account: int, burst: Int64Array, clue: Clue
) -> Candidate | None:
    payers = np.unique(transfers.src[burst])
    members = np.union1d(payers, [account])
    roles = ["collector" if one == account else "feeder" for one in members.tolist()]
    return judge.candidate(members, roles, np.sort(transfers.eid[burst]), [clue])
