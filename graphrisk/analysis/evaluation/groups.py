"""Rings judged one by one, then told together: by kind, by level of camouflage, in all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypedDict

from graphrisk.analysis.evaluation.reach import mean_reach
from graphrisk.analysis.evaluation.rings import RECOVERED, TOUCHED, Compared, share
from graphrisk.analysis.evaluation.timing import Alert, first_alert
from graphrisk.analysis.evaluation.truth import Ring
from graphrisk.analysis.model import Finding
from graphrisk.store.contract import Reader

_DIGITS = 4


class TimeFigures(TypedDict):
    """When rings could first be told, over those that the first K findings touch."""

    told: int  # rings with a first alert
    days_to_alert: float | None  # after the ring began; median
    days_to_alert_worst: float | None
    stoppable: float | None  # share of the victims' money at that moment; median


class GroupFigures(TypedDict):
    """Rings of one kind, or of one level of camouflage."""

    planted: int
    matched: int  # a Jaccard of .5 or more with one of the first 2 x planted findings
    recovered_at_k: float
    recall_03: float
    recall_05: float
    time: TimeFigures
    reach: float | None  # mean Jaccard from one reported number


@dataclass(frozen=True, slots=True)
class Judged:
    """What each planted ring came to."""

    compared: Compared
    alerts: Mapping[str, Alert | None]
    reach: Mapping[str, list[list[float]]]

    def figures(self, rings: Sequence[Ring]) -> GroupFigures:
        """Of some rings together."""
        names = [ring.ring_id for ring in rings]
        planted = self.compared.planted
        judged, first = self.compared.best(2 * planted), self.compared.best(planted)
        best = self.compared.best()
        return {
            "planted": len(names),
            "matched": sum(judged[name] >= RECOVERED for name in names),
            "recovered_at_k": share(first[name] >= RECOVERED for name in names),
            "recall_03": share(best[name] >= TOUCHED for name in names),
            "recall_05": share(best[name] >= RECOVERED for name in names),
            "time": self.time(names),
            "reach": mean_reach([self.reach[name] for name in names]),
        }

    def time(self, names: Iterable[str]) -> TimeFigures:
        """First alerts of some rings."""
        told = [alert for name in names if (alert := self.alerts[name]) is not None]
        days = [alert.days for alert in told if alert.days is not None]
        saved = [alert.stoppable for alert in told if alert.stoppable is not None]
        return {
            "told": len(told),
            "days_to_alert": _rounded(median(days)) if days else None,
            "days_to_alert_worst": _rounded(max(days)) if days else None,
            "stoppable": _rounded(median(saved)) if saved else None,
        }


def alerts_of(
    compared: Compared, findings: Sequence[Finding], reader: Reader
) -> dict[str, Alert | None]:
    """First alert of each ring by the finding among the first K that fits it best, if any."""
    found: dict[str, Alert | None] = {}
    first = compared.overlaps[: compared.planted]
    for ring in compared.truth.rings:
        fits = [overlaps.get(ring.ring_id, 0.0) for overlaps in first]
        best = max(fits, default=0.0)
        near = findings[fits.index(best)] if best >= TOUCHED else None
        found[ring.ring_id] = None if near is None else first_alert(ring, near, reader)
    return found


def _rounded(value: float) -> float:
    return round(value, _DIGITS)
