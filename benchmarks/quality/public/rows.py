"""One row of the public page: what was ranked how well, beside what simple counts do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.quality.measures import Bools, Floats, auc, average_precision

SEEDS = (1, 2, 3, 4, 5)
Document = dict[str, object]
Figures = Mapping[str, float]
#: Of these measures less is better.
LESS = ("days to alarm", "false alarms", "rings with < 10 % spam")


@dataclass(frozen=True, slots=True)
class Row:
    """A way to rank, judged; ``values`` has one entry a seed, a single one if nothing is random."""

    goal: str  # of the table of goals; empty: none was set
    what: str
    values: Sequence[Figures]
    baselines: Mapping[str, Figures]
    labels: bool = False  # whether labels were used to rank
    seeds: Sequence[int] = field(default=())

    def document(self) -> Document:
        """Mean and worst of each measure, with all values and the baselines."""
        return {
            "goal": self.goal,
            "what": self.what,
            "labels": self.labels,
            "seeds": list(self.seeds),
            "figures": {name: self._figure(name) for name in self.values[0]},
            "baselines": {
                name: {measure: round(value, 4) for measure, value in figures.items()}
                for name, figures in self.baselines.items()
            },
        }

    def _figure(self, measure: str) -> Document:
        values = [one[measure] for one in self.values]
        worst = max(values) if measure in LESS else min(values)
        return {
            "mean": round(float(np.mean(values)), 4),
            "worst": round(worst, 4),
            "values": [round(value, 4) for value in values],
        }


def ranked(scores: Floats, positive: Bools) -> Figures:
    """AUC and average precision of a ranking."""
    return {"AUC": auc(scores, positive), "AP": average_precision(scores, positive)}


def all_ranked(scores: Mapping[str, Floats], positive: Bools) -> dict[str, Figures]:
    """AUC and average precision of several rankings."""
    return {name: ranked(one, positive) for name, one in scores.items()}


def mean_figures(found: Sequence[Mapping[str, Figures]]) -> dict[str, Figures]:
    """Mean over seeds of each measure of each ranking."""
    return {
        name: {
            measure: float(np.mean([one[name][measure] for one in found]))
            for measure in found[0][name]
        }
        for name in found[0]
    }


def drawn(positive: Bools, share: float, seed: int) -> Bools:
    """Mask of a random ``share`` of both kinds of labels, at least two of each."""
    rng = np.random.default_rng(seed)
    chosen = np.zeros(len(positive), np.bool_)
    for kind in (True, False):
        rows = np.flatnonzero(positive == kind)
        chosen[rng.permutation(rows)[: max(2, round(share * len(rows)))]] = True
    return chosen


def with_seen_labels(
    goal: str,
    what: str,
    positive: Bools,
    baselines: Mapping[str, Floats],
    rank: Callable[[Bools, int], Floats],
    share: float = 0.1,
) -> Row:
    """A row in which a random ``share`` of the labels is seen and the rest judged.

    ``rank(seen, seed)`` gives a score to everybody; it may look at the labels of ``seen`` only.
    """
    values, beside = [], []
    for seed in SEEDS:
        seen = drawn(positive, share, seed)
        rest = ~seen
        values.append(ranked(rank(seen, seed)[rest], positive[rest]))
        beside.append(
            all_ranked({name: one[rest] for name, one in baselines.items()}, positive[rest])
        )
    return Row(goal, what, values, mean_figures(beside), labels=True, seeds=SEEDS)
