"""The sheet of a town in which everything can be counted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graphrisk.analysis.evaluation.sheet import Evaluation, evaluate
from graphrisk.analysis.evaluation.timing import first_alert, payments_of, stoppable_share
from graphrisk.analysis.evaluation.truth import Ring, read_truth
from graphrisk.analysis.expansion import ring_behind
from graphrisk.analysis.model import Finding, Member
from graphrisk.analysis.records import Records
from graphrisk.analysis.service import Findings
from graphrisk.store.contract import Store
from graphrisk.store.operations.database import Database
from tests.algorithms.towns import DAY, HOUR
from tests.analysis.evaluation.factory import BEGAN, PAID, PEOPLE, Robbery, robbery
from tests.analysis.samples import Graph, finding, saved_run


@pytest.fixture
def town(store: Store) -> Robbery:
    return robbery(store)


@pytest.fixture
def operations(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'operations.db'}")
    database.migrate()
    yield database
    database.dispose()


def _sheet(town: Robbery, operations: Database, folder: Path, *findings: Finding) -> Evaluation:
    Records(operations).save(saved_run("run-1", *findings))
    return evaluate(Findings(operations, Graph()), town.reader, town.truth(folder / "truth"))


def _ring(town: Robbery, folder: Path) -> Ring:
    return read_truth(town.reader, town.truth(folder)).rings[0]


def _with(found: Finding, kind: str, nid: int, role: str) -> Finding:
    return replace(found, members=(*found.members, Member(nid, kind, role)))


def test_a_ring_told_whole_is_recovered_with_all_its_figures(
    town: Robbery, operations: Database, tmp_path: Path
) -> None:
    sheet = _sheet(town, operations, tmp_path, town.found(0.8))
    assert sheet["rings"] == {
        "planted": 1,
        "found": 1,
        "recovered_at_k": 1.0,
        "recall_03": 1.0,
        "recall_05": 1.0,
        "precision_at_20": 1.0,
        "hard_negatives_at_k": 0.0,
    }
    assert set(sheet["by_kind"]) == {"mule_ladder"}
    assert set(sheet["by_level"]) == {"2"}
    people = sheet["nodes"]["Person"]
    assert (people["nodes"], people["offenders"], people["suspected"]) == (PEOPLE, 2, 2)
    assert people["auc"] == people["average_precision"] == 1.0
    # Two of twenty said to be offenders with 0.8, and they are.
    assert people["ece"] == pytest.approx(0.02, abs=1e-4)
    assert people["ece_suspected"] == pytest.approx(0.2, abs=1e-4)
    assert people["brier_skill"] == pytest.approx(1 - 2 * 0.04 / 20 / (0.1 * 0.9), abs=1e-4)
    assert sheet["alerts"]["precision_at_20"] == 0.1
    assert sheet["victims"] == {
        "suspected": 0,
        "in_top_1_percent": 0.0,
        "in_population": 2 / PEOPLE,
    }


def test_wrong_findings_and_accused_victims_stand_on_the_sheet(
    town: Robbery, operations: Database, tmp_path: Path
) -> None:
    honest = town.nid("Person", town.others[0].person)
    wrong = replace(finding("ring_0", 0.9), members=(Member(honest, "Person", "mule"),))
    victim = town.nid("Person", town.victims[1].person)
    sheet = _sheet(town, operations, tmp_path, wrong, _with(town.found(), "Person", victim, "mule"))
    assert sheet["rings"]["recovered_at_k"] == 0.0, "K is 1, and a wrong finding stands first"
    assert sheet["rings"]["recall_05"] == 1.0
    assert sheet["rings"]["precision_at_20"] == 0.5
    assert sheet["rings"]["hard_negatives_at_k"] == 1.0, "half of a group's two nodes"
    assert sheet["hard_negatives"] == {"family": {"groups": 1, "flagged": 1, "at_k": 1}}
    assert sheet["by_finding"] == {"scam_cell": {"found": 2, "false": 1}}
    assert sheet["victims"]["suspected"] == 1
    assert sheet["false_alerts"]["days"] == 20.0
    assert sheet["false_alerts"]["findings"] == pytest.approx(1 / PEOPLE * 100_000 / 20)
    assert sheet["false_alerts"]["persons"] == pytest.approx(2 / PEOPLE * 100_000 / 20)
    told = sheet["alerts"]["precision_at_prevalence"]["0.5"]
    assert told["1"] == 0.5
    assert told["5"] == pytest.approx(10 / (10 + 2 * 10 / 18), abs=1e-4)
    assert told["25"] is None


def test_the_first_alert_is_when_enough_of_the_ring_was_seen(town: Robbery, tmp_path: Path) -> None:
    ring = _ring(town, tmp_path)
    alert = first_alert(ring, town.found(), town.reader)
    assert alert is not None
    # The first payment shows one mule and, as its holder, one person: a Jaccard of one half.
    assert alert.at == PAID[0]
    assert alert.days == pytest.approx((PAID[0] - BEGAN) / DAY)
    assert alert.stoppable == 1.0, "nothing has left the first mule yet"
    late = _with(_with(town.found(), "Person", 0, "x"), "Account", 0, "x")
    assert (
        first_alert(replace(ring, offenders=frozenset({-5, -6, -7, -8})), late, town.reader) is None
    )


def test_money_that_left_the_ring_can_no_longer_be_stopped(town: Robbery, tmp_path: Path) -> None:
    ring = _ring(town, tmp_path)
    payments = payments_of(ring.offenders, town.reader)
    assert len(payments) == 6
    shares = [stoppable_share(ring, payments, at) for at in (0, PAID[0] + 6 * HOUR, PAID[1] + DAY)]
    assert shares == [1.0, pytest.approx((3_000 + 200) / 4_000), pytest.approx(800 / 4_000)]
    assert stoppable_share(replace(ring, victims=frozenset()), payments, 0) is None


def test_one_number_leads_to_the_ring_behind_it(
    town: Robbery, operations: Database, tmp_path: Path
) -> None:
    sheet = _sheet(town, operations, tmp_path, town.found())
    findings = Findings(operations, Graph())

    def behind(kind: str, nid: int) -> str | None:
        found = ring_behind(findings, town.reader, town.nid(kind, nid))
        return None if found is None else found.finding_id

    assert behind("Account", town.mules[0].account) == "ring_1"
    assert behind("Phone", town.mules[1].phone) == "ring_1", "by its owner"
    assert behind("Account", town.victims[1].account) == "ring_1", "by whom it paid"
    assert behind("Account", town.others[5].account) == "ring_1", "by who paid it"
    assert behind("Phone", town.victims[0].phone) == "ring_1", "by its owner's account"
    assert behind("Phone", town.others[9].phone) is None
    assert sheet["reach"] == {
        "numbers": 4,
        "mean_jaccard": 1.0,
        "from_members": 1.0,
        "from_victims": 1.0,
    }


def test_a_second_record_of_an_offender_is_the_offender(
    town: Robbery, operations: Database, tmp_path: Path
) -> None:
    folder = town.truth(tmp_path / "truth")
    first, second = (f"Person{one.person}" for one in (town.mules[0], town.others[3]))
    (folder / "later_records.csv").write_text(f"record,person\n{second},{first}\n")
    record = town.nid("Person", town.others[3].person)
    found = replace(finding("ring_1", 0.9), members=(Member(record, "Person", "mule"),))
    Records(operations).save(saved_run("run-1", found))
    people = evaluate(Findings(operations, Graph()), town.reader, folder)["nodes"]["Person"]
    assert (people["nodes"], people["suspected"]) == (PEOPLE - 1, 1)
    assert people["auc"] == pytest.approx(0.75)
