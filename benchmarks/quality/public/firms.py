"""Enterprises with a label "illegal fund-raising": annual reports, taxes, news, judgments.

No edges are known; only what registers say of each firm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.quality.measures import Bools, Floats, Ints
from benchmarks.quality.public.files import Columns, numbered, read
from benchmarks.quality.public.learning import boosted, folds
from benchmarks.quality.public.rows import SEEDS, Row, all_ranked, mean_figures, ranked

NEEDED = {
    "labels": ("id", "label"),
    "annual_report_info": ("id", "ANCHEYEAR"),
    "tax_info": ("id", "START_DATE", "TAX_CATEGORIES", "TAX_ITEMS"),
    "news_info": ("id", "positive_negtive", "public_date"),
    "other_info": ("id",),
}
#: Columns of text, of which the most frequent values are counted, and of dates.
_TEXTS = {
    "annual_report_info": ("BUSSTNAME",),
    "tax_info": ("TAX_CATEGORIES", "TAX_ITEMS"),
    "news_info": ("positive_negtive",),
}
_DATES = {"tax_info": ("START_DATE", "END_DATE"), "news_info": ("public_date",)}
_MOST = 20  # values of a column of text


@dataclass(frozen=True, slots=True)
class Register:
    """Rows of one file, each of the firm at ``firm``; -1 for firms that are not judged."""

    rows: Columns
    firm: Ints
    firms: int

    def count(self, chosen: Bools) -> Floats:
        """Chosen rows of each firm."""
        held = chosen & (self.firm >= 0)
        return np.bincount(self.firm[held], minlength=self.firms).astype(np.float64)

    def figures(self, values: Floats) -> dict[str, Floats]:
        """Mean, least and greatest value, how many, and the change from the first to the last."""
        known = np.flatnonzero((self.firm >= 0) & np.isfinite(values))
        firm, value = self.firm[known], values[known]
        count = np.bincount(firm, minlength=self.firms)
        most, least = np.full(self.firms, -np.inf), np.full(self.firms, np.inf)
        np.maximum.at(most, firm, value)
        np.minimum.at(least, firm, value)
        mean = np.bincount(firm, value, self.firms) / np.maximum(count, 1)
        told = {"mean": mean, "most": most, "least": least}
        empty = count == 0
        found = {name: np.where(empty, np.nan, one) for name, one in told.items()}
        return {**found, "known": count.astype(np.float64)}


def registers(folder: Path) -> tuple[Floats, dict[str, Floats], Bools]:
    """Features of each firm with a label, the rows that each file has of it, and its label."""
    labels = read(folder, "labels")
    keys, (own,) = numbered(labels.keys("id"))
    fraud = np.zeros(len(keys), np.bool_)
    fraud[own] = labels.flags("label")
    columns: list[Floats] = []
    rows: dict[str, Floats] = {}
    for stem in list(NEEDED)[1:]:
        file = read(folder, stem)
        ids = file.keys("id")
        place = np.minimum(np.searchsorted(keys, ids), len(keys) - 1)
        register = Register(file, np.where(keys[place] == ids, place, -1), len(keys))
        rows[f"rows of {stem}"] = register.count(np.ones(len(file), np.bool_))
        columns += _features(stem, register)
    return np.column_stack([*rows.values(), *columns]), rows, fraud


def _features(stem: str, register: Register) -> list[Floats]:
    texts, dates = _TEXTS.get(stem, ()), _DATES.get(stem, ())
    found: list[Floats] = []
    for name in sorted(register.rows.table.column_names):
        if name in texts:
            found += _counted(register, name)
        elif name in dates:
            found += register.figures(_months(register.rows, name)).values()
        elif name != "id":
            found += register.figures(register.rows.numbers(name)).values()
    return found


def _counted(register: Register, name: str) -> list[Floats]:
    """Rows of each firm with each of the most frequent values, and how many values it has."""
    values = register.rows.texts(name)
    every, place, often = np.unique(values, return_inverse=True, return_counts=True)
    chosen = np.argsort(-often, kind="stable")[:_MOST]
    counts = [register.count(values == every[one]) for one in chosen.tolist()]
    held = register.firm >= 0
    pairs = np.unique(np.column_stack([register.firm[held], place[held]]), axis=0)
    return [*counts, np.bincount(pairs[:, 0], minlength=register.firms).astype(np.float64)]


def _months(rows: Columns, name: str) -> Floats:
    """Months since year 0 of dates like 2017-08-09 and 2017/08/09; NaN for whatever else."""
    texts = rows.texts(name)
    year, month = (
        np.array([text[part] if text[part].isdigit() else "nan" for text in texts.tolist()])
        for part in (slice(0, 4), slice(5, 7))
    )
    found: Floats = 12.0 * year.astype(np.float64) + month.astype(np.float64)
    return found


def judge(folder: Path) -> list[Row]:
    """D15."""
    features, counts, fraud = registers(folder)
    everybody = np.ones(len(fraud), np.bool_)
    values, beside = [], []
    for seed in SEEDS:
        found: list[Mapping[str, float]] = []
        for seen, judged in folds(fraud, everybody, seed):
            score = boosted(features, fraud, seen, seed, leaves=15, rounds=300, models=1)
            found.append(ranked(score[judged], fraud[judged]))
            simple = {name: one[judged] for name, one in counts.items()}
            beside.append(all_ranked(simple, fraud[judged]))
        values.append({name: float(np.mean([one[name] for one in found])) for name in found[0]})
    what = "what registers say, 5-fold"
    return [Row("D15", what, values, mean_figures(beside), labels=True, seeds=SEEDS)]
