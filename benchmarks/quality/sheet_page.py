"""The score sheet on the page of cities: figures over several cities, the worst beside the mean."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, median
from typing import Any

from benchmarks.quality.tables import table

Document = dict[str, Any]

#: What is told of every city: name, where it stands in the sheet, whether more is better.
_LINES: tuple[tuple[str, str, bool], ...] = (
    ("rings recovered (Jaccard ≥ .5) by the first K findings", "rings.recovered_at_k", True),
    ("rings touched (Jaccard ≥ .3) by any finding", "rings.recall_03", True),
    ("precision of the first 20 findings (Jaccard ≥ .3)", "rings.precision_at_20", True),
    ("look-alikes among the first K findings, share of K", "rings.hard_negatives_at_k", False),
    ("Jaccard reached from one reported number", "reach.mean_jaccard", True),
    ("persons: AUC", "nodes.Person.auc", True),
    ("persons: average precision", "nodes.Person.average_precision", True),
    ("persons: precision of the first 20", "alerts.precision_at_20", True),
    ("persons: precision of the first 50", "alerts.precision_at_50", True),
    ("persons: precision of the first 100", "alerts.precision_at_100", True),
    ("persons: calibration error", "nodes.Person.ece", False),
    ("persons: calibration error of scores ≥ .2", "nodes.Person.ece_suspected", False),
    ("persons: Brier skill", "nodes.Person.brier_skill", True),
    ("victims with a score ≥ .2", "victims.suspected", False),
    ("share of victims in the top 1 % of persons", "victims.in_top_1_percent", False),
    ("share of victims in the population", "victims.in_population", False),
    ("days to the first alert, median ring", "time.days_to_alert", False),
    ("money still stoppable then, median ring", "time.stoppable", True),
    ("false findings per 100,000 people and day", "false_alerts.findings", False),
    ("persons wrongly ≥ .2 per 100,000 and day", "false_alerts.persons", False),
)


def sheet_section(cities: Sequence[Document]) -> str:
    """The sheets of several cities; nothing for results of before there was one."""
    sheets = [city["sheet"] for city in cities if "sheet" in city]
    if not sheets:
        return ""
    rows = [
        (name, *_spread([_at(sheet, path) for sheet in sheets], more))
        for name, path, more in _LINES
    ]
    head = ("a city", "mean", "worst", "best")
    return "\n".join(
        [
            "The score sheet ([how each is measured](detection.md#how-it-is-measured)):\n",
            table(head, rows),
            _by_kind(sheets),
            _prevalence(sheets),
        ]
    )


def _at(sheet: Document, path: str) -> float | None:
    found: Any = sheet
    for name in path.split("."):
        found = found[name]
    return None if found is None else float(found)


def _spread(values: Sequence[float | None], more_is_better: bool) -> tuple[str, str, str]:
    told = sorted(value for value in values if value is not None)
    if not told:
        return ("", "", "")
    worst, best = (told[0], told[-1]) if more_is_better else (told[-1], told[0])
    return (_number(fmean(told)), _number(worst), _number(best))


def _by_kind(sheets: Sequence[Document]) -> str:
    rows = []
    for kind in sorted({kind for sheet in sheets for kind in sheet["by_kind"]}):
        every = [sheet["by_kind"][kind] for sheet in sheets if kind in sheet["by_kind"]]
        planted = sum(one["planted"] for one in every)
        recovered = sum(one["recovered_at_k"] * one["planted"] for one in every)
        days, money, reach = (
            _median([one["time"]["days_to_alert"] for one in every]),
            _median([one["time"]["stoppable"] for one in every]),
            _median([one["reach"] for one in every]),
        )
        name = kind.replace("_", " ")
        rows.append((name, f"{recovered:.0f} / {planted}", days, money, reach))
    head = ("kind", "recovered by the first K", "days to alert", "stoppable", "from one number")
    return "By kind, medians over cities:\n\n" + table(head, rows)


def _prevalence(sheets: Sequence[Document]) -> str:
    told = [sheet["alerts"]["precision_at_prevalence"] for sheet in sheets]
    rows = [
        (f"≥ {least}", *(_median([one[least][times] for one in told]) for times in told[0][least]))
        for least in told[0]
    ]
    head = ("score of persons", *(f"{times}×" for times in told[0]["0.2"]))
    return "Precision if offenders were so many times as frequent (re-weighted), median:\n\n" + (
        table(head, rows)
    )


def _median(values: Sequence[float | None]) -> str:
    told = [value for value in values if value is not None]
    return _number(median(told)) if told else ""


def _number(value: float) -> str:
    return f"{value:.4g}" if abs(value) >= 1 else f"{value:.3f}"
