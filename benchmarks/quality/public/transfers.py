"""Bank transfers with flagged accounts (AMLSim): unusual accounts, and with a tenth of the flags.

Raw, and with each pair counted once: laundering pairs of AMLSim repeat, so counting repeats
alone ranks well there and says nothing of structure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.quality.measures import Bools, Floats, Ints, pair_baselines
from benchmarks.quality.public.cycles import CYCLE_SEEDS, with_cycles
from benchmarks.quality.public.files import numbered, read
from benchmarks.quality.public.learning import boosted
from benchmarks.quality.public.rows import Figures, Row, all_ranked, mean_figures, with_seen_labels
from graphrisk_algorithms.evidence.account_traits import AccountTraits
from graphrisk_algorithms.evidence.transfers import DAY, transfers_of
from graphrisk_algorithms.graph import EdgeColumns, RiskGraph

NEEDED = {"transactions": ("src", "dst", "amount", "step"), "accounts": ("id", "is_fraud")}
_STRUCTURE = ("closed", "returned")


@dataclass(frozen=True, slots=True)
class Ledger:
    """Transfers between ``n`` accounts, in time order; a step is taken for a day."""

    n: int
    src: Ints
    dst: Ints
    amount: Ints  # hundredths
    step: Ints

    def once(self) -> Ledger:
        """The first transfer of each pair."""
        rows = np.sort(np.unique(self.src * self.n + self.dst, return_index=True)[1])
        return Ledger(self.n, self.src[rows], self.dst[rows], self.amount[rows], self.step[rows])

    def traits(self) -> Mapping[str, Floats]:
        """What the product finds unusual about each account."""
        columns = {"at": self.step * DAY, "amount": self.amount}
        edges = EdgeColumns(np.arange(len(self.src)), self.src, self.dst, columns)
        graph = RiskGraph(n=self.n, nodes={}, edges={"TRANSFERRED": edges})
        return AccountTraits().traits(transfers_of(graph))

    def baselines(self) -> dict[str, Floats]:
        """Degree and triangles on pairs, and how many transfers repeat a pair."""
        ends = np.concatenate([self.src, self.dst])
        pairs = np.unique(self.src * self.n + self.dst)
        once = np.concatenate([pairs // self.n, pairs % self.n])
        repeats = np.bincount(ends, minlength=self.n) - np.bincount(once, minlength=self.n)
        simple = pair_baselines(self.n, self.src, self.dst)
        return {**simple, "repeats": repeats.astype(np.float64)}


def ledger(folder: Path) -> tuple[Ledger, Bools]:
    """The transfers and the flag of each account."""
    rows, accounts = read(folder, "transactions"), read(folder, "accounts")
    keys = accounts.keys("id")
    names, (src, dst, own) = numbered(rows.keys("src"), rows.keys("dst"), keys)
    flag = np.zeros(len(names), np.bool_)
    flag[own] = accounts.flags("is_fraud")
    step = rows.known("step").astype(np.int64)
    amount = np.round(100 * rows.known("amount")).astype(np.int64)
    order = np.lexsort((dst, src, amount, step))
    return Ledger(len(names), *(part[order] for part in (src, dst, amount, step))), flag


def scores(one: Ledger) -> dict[str, Floats]:
    """Rankings of accounts without any label."""
    traits = one.traits()
    total: Floats = np.sum(list(traits.values()), axis=0)
    structure: Floats = np.sum([traits[name] for name in _STRUCTURE], axis=0)
    return {"all traits": total, "structure only": structure}


def judge(folder: Path) -> list[Row]:
    """D1, D3 and D4."""
    raw, flag = ledger(folder)
    once = raw.once()
    rows = []
    for goal, what, one in (("D1", "each pair once", once), ("D3", "raw multigraph", raw)):
        beside = all_ranked(one.baselines(), flag)
        found = all_ranked(scores(one), flag)
        rows += [Row(goal, f"{what}, {name}", [figures], beside) for name, figures in found.items()]
    return [*rows, _some_flags(once, flag), *_cycles(raw)]


def _some_flags(once: Ledger, flag: Bools) -> Row:
    """Structure alone, boosted on a tenth of the flags."""
    traits, simple = once.traits(), once.baselines()
    paid = np.bincount(once.src, minlength=once.n).astype(np.float64)
    got = np.bincount(once.dst, minlength=once.n).astype(np.float64)
    features = np.column_stack(
        [
            *(traits[name] for name in _STRUCTURE),
            scores(once)["structure only"],
            simple["triangles"],
            paid,
            got,
        ]
    )

    def rank(seen: Bools, seed: int) -> Floats:
        return boosted(features, flag, seen, seed)

    return with_seen_labels("D4", "each pair once, structure, 10 % labels", flag, simple, rank)


def _cycles(raw: Ledger) -> list[Row]:
    """Cycles planted among the set's own degrees and sums, dealt anew."""
    values: dict[str, list[Figures]] = {}
    beside = []
    for seed in CYCLE_SEEDS:
        made, planted = with_cycles(raw.src, raw.dst, raw.amount, raw.step, raw.n, seed)
        one = Ledger(raw.n, *made).once()
        beside.append(all_ranked(one.baselines(), planted))
        for name, figures in all_ranked(scores(one), planted).items():
            values.setdefault(name, []).append(figures)
    return [
        Row("D1", f"made cycles, each pair once, {name}", found, mean_figures(beside), False, seeds)
        for seeds in [CYCLE_SEEDS]
        for name, found in values.items()
    ]
