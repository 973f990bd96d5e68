"""Findings against a truth folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.analysis.evaluation.sheet import Evaluation, evaluate
from graphrisk.analysis.records import Records
from graphrisk.analysis.service import Findings
from graphrisk.core.errors import BadInput
from graphrisk.store.operations.database import Database
from graphrisk.store.sqlite.store import SqliteStore
from tests.analysis.samples import Graph, finding, saved_run


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """Accounts ``a0`` to ``a9`` with nids 0 to 9."""
    store = SqliteStore(tmp_path / "graph.db")
    store.migrate()
    with store.writer("test") as writer:
        writer.resolve("Account", [f"a{number}" for number in range(10)])
        writer.commit()
    yield store
    store.close()


@pytest.fixture
def operations(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'operations.db'}")
    database.migrate()
    yield database
    database.dispose()


def _write_truth(folder: Path, members: list[str], decoys: list[str]) -> Path:
    folder.mkdir(exist_ok=True)
    rings = sorted({line.split(",")[0] for line in members})
    (folder / "rings.csv").write_text(
        "ring_id,kind,level,started,ended,taken_fen\n"
        + "".join(f"{ring},scam_cell,0,,,\n" for ring in rings)
    )
    (folder / "members.csv").write_text(
        "ring_id,node_kind,key,role,is_offender\n" + "".join(f"{line}\n" for line in members)
    )
    (folder / "hard_negatives.csv").write_text(
        "group_id,kind,node_kind,key\n" + "".join(f"{line}\n" for line in decoys)
    )
    return folder


def _evaluate(store: SqliteStore, operations: Database, truth: Path) -> Evaluation:
    return evaluate(
        Findings(operations, Graph()), store.reader(EVERYTHING, Purpose("evaluation")), truth
    )


def _member(ring: str, key: str, offender: str = "true") -> str:
    return f"{ring},Account,{key},mule,{offender}"


def test_a_ring_is_matched_at_half_an_overlap_and_victims_do_not_count(
    store: SqliteStore, operations: Database, tmp_path: Path
) -> None:
    Records(operations).save(saved_run("run-1", finding("f", nids=(0, 1, 2))))
    members = [_member("r1", "a0"), _member("r1", "a1"), _member("r1", "a3"), _member("r2", "a4")]
    members += [_member("r1", "a9", offender="false"), _member("r2", "a0"), _member("r2", "a5")]
    result = _evaluate(store, operations, _write_truth(tmp_path / "truth", members, []))
    assert (result["planted"], result["found"], result["matched"]) == (2, 1, 1)
    assert result["overlaps"] == {"r1": 0.5, "r2": 0.2}
    kind = result["by_kind"]["scam_cell"]
    assert (kind["planted"], kind["matched"], kind["recovered_at_k"]) == (2, 1, 0.5)
    assert result["by_level"]["0"] == kind
    assert (result["first_matching"], result["false_findings"]) == (1, 0)


def test_only_twice_as_many_findings_as_rings_are_judged(
    store: SqliteStore, operations: Database, tmp_path: Path
) -> None:
    false = [finding(f"f{n}", 0.9, nids=(6, 7)) for n in range(2)]
    Records(operations).save(saved_run("run-1", *false, finding("late", 0.1, nids=(0, 1))))
    members = [_member("r1", "a0"), _member("r1", "a1")]
    result = _evaluate(store, operations, _write_truth(tmp_path / "truth", members, []))
    assert (result["found"], result["judged"], result["matched"]) == (3, 2, 0)
    assert (result["first_matching"], result["false_findings"]) == (0, 2)


def test_a_hard_negative_is_flagged_when_a_finding_holds_half_of_it(
    store: SqliteStore, operations: Database, tmp_path: Path
) -> None:
    Records(operations).save(saved_run("run-1", finding("f", nids=(0, 1, 6))))
    decoys = ["g1,payroll,Account,a6", "g1,payroll,Account,a7", "g2,family,Account,a8"]
    truth = _write_truth(tmp_path / "truth", [_member("r1", "a0"), _member("r1", "a1")], decoys)
    result = _evaluate(store, operations, truth)
    assert result["hard_negatives"] == {
        "family": {"groups": 1, "flagged": 0, "at_k": 0},
        "payroll": {"groups": 1, "flagged": 1, "at_k": 1},
    }
    assert result["rings"]["hard_negatives_at_k"] == 1.0


def test_members_the_graph_does_not_know_count_as_missed(
    store: SqliteStore, operations: Database, tmp_path: Path
) -> None:
    Records(operations).save(saved_run("run-1", finding("f", nids=(0,))))
    members = [_member("r1", "a0"), _member("r1", "nobody"), "r1,Phone,nobody,caller,true"]
    result = _evaluate(store, operations, _write_truth(tmp_path / "truth", members, []))
    assert result["overlaps"] == {"r1": 0.3333}


def test_before_the_first_run_nothing_is_matched(
    store: SqliteStore, operations: Database, tmp_path: Path
) -> None:
    truth = _write_truth(tmp_path / "truth", [_member("r1", "a0")], [])
    assert _evaluate(store, operations, truth)["matched"] == 0


def test_a_truth_without_a_file_or_column_is_named(
    store: SqliteStore, operations: Database, tmp_path: Path
) -> None:
    truth = _write_truth(tmp_path / "truth", [_member("r1", "a0")], [])
    (truth / "members.csv").write_text("ring_id,key\nr1,a0\n")
    with pytest.raises(BadInput, match=r"members\.csv: columns missing: is_offender, node_kind"):
        _evaluate(store, operations, truth)
    (truth / "members.csv").unlink()
    with pytest.raises(BadInput, match=r"members\.csv"):
        _evaluate(store, operations, truth)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"ring_id,node_kind,key,role,is_offender\nr,Account,a0,mule,1\nr,Account\n", ":3: fewer"),
        (b"ring_id,node_kind,key,role,is_offender\n\nr,Account,\xff,mule,1\n", ":3: not UTF-8"),
        (b'ring_id,node_kind,key,role,is_offender\nr,Account,"a0"x,mule,1\n', ":2: not CSV"),
    ],
)
def test_a_damaged_truth_is_named_with_its_line(
    store: SqliteStore, operations: Database, tmp_path: Path, data: bytes, told: str
) -> None:
    truth = _write_truth(tmp_path / "truth", [_member("r", "a0")], [])
    (truth / "members.csv").write_bytes(data)
    with pytest.raises(BadInput, match=f"^members.csv{told}"):
        _evaluate(store, operations, truth)


def test_a_member_by_another_of_his_records_is_the_same_member(
    store: SqliteStore, operations: Database, tmp_path: Path
) -> None:
    truth = _write_truth(tmp_path / "truth", [_member("r1", f"a{n}") for n in (7, 8)], [])
    run = saved_run("run-1", finding("f", nids=(0, 1)))
    Records(operations).save(run)
    assert _evaluate(store, operations, truth)["matched"] == 0
    Records(operations).save(replace(run, run=replace(run.run, run_id="2"), records={7: 0, 8: 1}))
    assert _evaluate(store, operations, truth)["overlaps"] == {"r1": 1.0}
