"""The score sheet of a run: findings and scores against what a synthetic city planted.

The rules of measurement stand in ``docs/detection.md``. K is the number of planted rings; figures
``at_k`` look at the first K findings, *matched* and *false* at the first 2 K.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TypedDict

from graphrisk.analysis.evaluation.groups import GroupFigures, Judged, TimeFigures, alerts_of
from graphrisk.analysis.evaluation.nodes import (
    SUSPECTED,
    AlertFigures,
    NodeFigures,
    Population,
    VictimFigures,
    populations,
    victim_figures,
)
from graphrisk.analysis.evaluation.reach import ReachFigures, reach_figures, reached
from graphrisk.analysis.evaluation.rings import (
    RECOVERED,
    TOUCHED,
    Compared,
    DecoyFigures,
    RingFigures,
    grouped,
)
from graphrisk.analysis.evaluation.timing import DAY
from graphrisk.analysis.evaluation.truth import read_truth
from graphrisk.analysis.model import Finding, Place
from graphrisk.analysis.service import Findings
from graphrisk.store.contract import Reader

_PAGE = 1_000
_PEOPLE = 100_000
_DIGITS = 4


class FoundFigures(TypedDict):
    """Findings of one kind."""

    found: int
    false: int  # overlap no ring by .3


class FalseAlertFigures(TypedDict):
    """Wrong alerts per 100,000 people and day; ``None`` where no ring has dates."""

    days: float | None  # from the first ring's beginning to the last one's end
    findings: float | None  # that overlap no ring by .3
    persons: float | None  # with a score of .2 or more who did nothing


class Evaluation(TypedDict):
    """How a run compares with the truth."""

    planted: int
    found: int  # all findings of the run
    judged: int  # the first 2 x planted of them
    matched: int
    first_matching: int  # of the first `planted` findings, those that match a ring
    false_findings: int  # judged findings that match no ring
    rings: RingFigures
    by_kind: dict[str, GroupFigures]
    by_level: dict[str, GroupFigures]
    by_finding: dict[str, FoundFigures]
    hard_negatives: dict[str, DecoyFigures]
    nodes: dict[str, NodeFigures]
    alerts: AlertFigures  # of persons
    victims: VictimFigures
    time: TimeFigures
    false_alerts: FalseAlertFigures
    reach: ReachFigures
    overlaps: dict[str, float]  # best Jaccard of each ring with a judged finding


def evaluate(findings: Findings, reader: Reader, truth: Path) -> Evaluation:
    """Compare the latest run with the truth of the city it saw.

    Cost: reads of what was planted and found, of the evidence of findings that fit a ring, and of
    the surroundings of planted numbers that are in no finding.

    Raises:
        BadInput: A file of the folder is missing or lacks a column, a row a value.
    """
    told = read_truth(reader, truth)
    listed = _listed(findings)
    compared = Compared.of(told.seen(findings.stands_for()), listed)
    rings = compared.truth.rings
    judged = Judged(
        compared,
        alerts_of(compared, listed, reader),
        reached(compared.truth, findings, reader),
    )
    scores = findings.scores()
    people = populations(told, scores, reader)
    count = compared.planted
    return {
        "planted": count,
        "found": len(listed),
        "judged": len(listed[: 2 * count]),
        "matched": sum(value >= RECOVERED for value in compared.best(2 * count).values()),
        "first_matching": len(listed[:count]) - len(compared.false_findings(RECOVERED, count)),
        "false_findings": len(compared.false_findings(RECOVERED, 2 * count)),
        "rings": compared.figures(),
        "by_kind": {
            kind: judged.figures(some) for kind, some in grouped(rings, lambda r: r.kind).items()
        },
        "by_level": {
            level: judged.figures(some) for level, some in grouped(rings, lambda r: r.level).items()
        },
        "by_finding": _by_finding(listed, compared),
        "hard_negatives": compared.decoys(),
        "nodes": {kind: population.figures() for kind, population in people.items()},
        "alerts": people["Person"].alerts(),
        "victims": victim_figures(told, scores, people["Person"]),
        "time": judged.time(ring.ring_id for ring in rings),
        "false_alerts": _false_alerts(compared, people["Person"]),
        "reach": reach_figures(judged.reach.values()),
        "overlaps": {
            name: round(value, _DIGITS) for name, value in sorted(compared.best(2 * count).items())
        },
    }


def _by_finding(listed: list[Finding], compared: Compared) -> dict[str, FoundFigures]:
    found = Counter(one.kind for one in listed)
    false = Counter(listed[place].kind for place in compared.false_findings(TOUCHED))
    return {kind: {"found": found[kind], "false": false[kind]} for kind in sorted(found)}


def _false_alerts(compared: Compared, people: Population) -> FalseAlertFigures:
    begun = [ring.started for ring in compared.truth.rings if ring.started is not None]
    ended = [ring.ended for ring in compared.truth.rings if ring.ended is not None]
    days = (max(ended) - min(begun)) / DAY if begun and ended else 0.0
    if days <= 0 or not len(people.scores):
        return {"days": None, "findings": None, "persons": None}
    scale = _PEOPLE / len(people.scores) / days
    persons = int(((people.scores >= SUSPECTED) & ~people.offender).sum())
    return {
        "days": round(days, 1),
        "findings": round(len(compared.false_findings(TOUCHED)) * scale, _DIGITS),
        "persons": round(persons * scale, _DIGITS),
    }


def _listed(findings: Findings) -> list[Finding]:
    """The latest run's findings, strongest first."""
    found: list[Finding] = []
    place: Place | None = None
    while True:
        page = findings.page(place, _PAGE)
        found.extend(page.items)
        if not page.has_next:
            return found
        place = page.place(found[-1])
