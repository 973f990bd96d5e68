"""Verdicts on cases change the next detection's scores, if a lot had its part in opening them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from graphrisk.analysis.explain import sentence
from graphrisk.analysis.lessons import Lessons
from graphrisk.analysis.model import DetectionReport, Finding
from graphrisk.analysis.run import detect
from graphrisk.analysis.service import Findings
from graphrisk.analysis.verdicts import LEAST_AUDITS
from graphrisk.centre.cases.model import CaseFilter
from graphrisk.centre.rings.model import kept_rings
from graphrisk.centre.timeline.model import Order
from graphrisk.centre.verdicts.model import Outcome, Ruling
from graphrisk.centre.verdicts.service import Verdicts, told_by
from graphrisk.store.operations.database import Database
from graphrisk.store.sqlite.store import SqliteStore
from tests.algorithms.planted import plant_cycle, plant_scam_cell
from tests.algorithms.towns import ordinary_town
from tests.analysis.stores import fill
from tests.centre.factory import Office

_CYCLE, _CELL = "laundering_cycle", "scam_cell"
_EACH = 28


class Bureau:
    """A town with many rings of two kinds, its detections and those who judge them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = SqliteStore(folder / "graph.db")
        self.store.migrate()
        self.database = Database(f"sqlite:///{folder / 'operations.db'}")
        self.database.migrate()
        self.office = Office(self.database)
        cases, clock = self.office.cases, self.office.clock
        self.verdicts = Verdicts(self.store, self.database, cases, clock)
        self.findings = Findings(self.database, self.store)

    def close(self) -> None:
        self.database.dispose()
        self.store.close()

    def detect(self, capacity: int = 40) -> DetectionReport:
        self.office.clock.advance(1_000)
        lessons = Lessons(lambda: told_by(self.database), capacity, 0.8)
        where = (self.store, self.folder / "snapshot", self.database, self.office.clock)
        return detect(*where, progress=lambda *_: None, lessons=lessons)

    def listed(self) -> list[Finding]:
        return list(self.findings.page(None, 500).items)

    def scores(self, kind: str) -> list[float]:
        return [one.score for one in self.listed() if one.kind == kind]

    def cases(self) -> list[str]:
        """All cases, newest first."""
        return [one.case_id for one in self.office.cases.page(CaseFilter(("35",)), None, 500).items]

    def judge(self, found: list[Finding], outcome: Outcome) -> None:
        """Close a case on each."""
        for one in found:
            self.office.clock.advance(1_000)
            case = self.office.held(*kept_rings(self.store, [one]))
            self.verdicts.close(Order(case.case_id, "li", "查明"), Ruling(outcome))


@pytest.fixture(scope="module")
def detected_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of such a town after its first detection."""
    town, citizens = ordinary_town(people=300)
    for number in range(_EACH):
        plant_scam_cell(town, citizens, seed=number)
        plant_cycle(town, [town.citizen() for _ in range(6)])
    made = Bureau(tmp_path_factory.mktemp("bureau"))
    fill(made.store, town.graph())
    assert made.detect().shifts == {}
    made.close()
    return made.folder


@pytest.fixture
def bureau(detected_once: Path, tmp_path: Path) -> Iterator[Bureau]:
    made = Bureau(copytree(detected_once, tmp_path / "bureau"))
    yield made
    made.close()


def _proposed(bureau: Bureau, by_lot: bool) -> list[Finding]:
    """Whom the run proposes by lot, or as many of the others; the kinds in turn."""
    drawn = bureau.findings.proposed_by_lot()
    some = [one for one in bureau.listed() if (one.finding_id in drawn) is by_lot]
    kinds = [[one for one in some if one.kind == kind] for kind in (_CYCLE, _CELL)]
    return [one for pair in zip(*kinds, strict=False) for one in pair]


@pytest.mark.parametrize("outcome", [Outcome.CONFIRMED, Outcome.NOT_CONFIRMED])
def test_verdicts_move_the_next_runs_scores_both_ways_and_say_so(
    bureau: Bureau, outcome: Outcome
) -> None:
    before = {kind: bureau.scores(kind)[0] for kind in (_CYCLE, _CELL)}
    drawn = _proposed(bureau, by_lot=True)
    assert len(drawn) >= LEAST_AUDITS
    bureau.judge(drawn, outcome)
    chance = bureau.findings.proposed_by_lot()
    told = {one.finding_id: one.chance for one in bureau.verdicts.standing()}
    assert told == {one.finding_id: chance[one.finding_id] for one in drawn}
    assert all(0.0 < one < 1.0 for one in told.values())

    report = bureau.detect()
    assert report.shifts == bureau.findings.shifts()
    up = outcome is Outcome.CONFIRMED
    assert all((shift > 0.0) is up for shift in report.shifts.values())
    for one in bureau.listed():
        assert (one.score > before[one.kind]) is up
        assert sum(reason.contribution for reason in one.reasons) == pytest.approx(one.score)
        moved = one.reasons[-1]
        assert moved.code == "verdicts"
        assert (moved.contribution > 0.0) is up
        assert moved.values["by_lot"] == len(drawn)
        assert str(len(drawn)) in sentence(moved, "zh")
        assert f"{one.score:.2f}" in sentence(moved, "en")


def test_what_the_machine_proposed_by_itself_teaches_nothing(bureau: Bureau) -> None:
    """As many verdicts, but none on a case of the lot: nobody knows what was never proposed."""
    before = bureau.scores(_CYCLE), bureau.scores(_CELL)
    bureau.judge(_proposed(bureau, by_lot=False), Outcome.NOT_CONFIRMED)
    assert len(bureau.verdicts.standing()) > LEAST_AUDITS
    assert bureau.detect().shifts == {}
    assert (bureau.scores(_CYCLE), bureau.scores(_CELL)) == before


def test_withdrawn_verdicts_are_forgotten(bureau: Bureau) -> None:
    before = bureau.scores(_CELL)
    bureau.judge(_proposed(bureau, by_lot=True), Outcome.NOT_CONFIRMED)
    assert bureau.detect().shifts
    for case in bureau.cases():
        bureau.verdicts.reopen(Order(case, "wu", "新证据"))
    assert bureau.detect().shifts == {}
    assert bureau.scores(_CELL) == before


def test_few_verdicts_teach_nothing(bureau: Bureau) -> None:
    bureau.judge(_proposed(bureau, by_lot=True)[: LEAST_AUDITS - 1], Outcome.NOT_CONFIRMED)
    assert bureau.detect().shifts == {}
