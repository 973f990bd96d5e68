"""Detection runs again, rings change, and cases hear of it and stay whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graphrisk.analysis.model import Finding, Lineage
from graphrisk.analysis.records import Records
from graphrisk.analysis.service import Findings
from graphrisk.centre.cases.model import Case
from graphrisk.centre.rings.model import kept_rings
from graphrisk.centre.rings.service import Rings
from graphrisk.store.operations.database import Database
from graphrisk.store.sqlite.store import SqliteStore
from tests.analysis.samples import Graph, finding, saved_run
from tests.centre.factory import Office
from tests.contract.deliveries import nodes


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Office]:
    database = Database(f"sqlite:///{tmp_path / 'operations.db'}")
    database.migrate()
    yield Office(database)
    database.dispose()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[tuple[SqliteStore, list[int]]]:
    store = SqliteStore(tmp_path / "graph.db")
    store.migrate()
    yield store, nodes(store, "Account", ["a", "b", "c", "d"])
    store.close()


def _run(
    desk: Office, name: str, found: list[Finding], *lineage: tuple[str, str, str | None]
) -> None:
    told = [Lineage(finding_id, event, other, 0.5) for finding_id, event, other in lineage]
    Records(desk.database).save(replace(saved_run(name, *found), lineage=told))


def _heard(desk: Office, case: Case) -> list[tuple[object, object]]:
    entries = desk.cases.timeline(case.case_id, 0, 100)
    return [(e.detail["finding"], e.detail["event"]) for e in entries if e.action == "hear"]


def test_a_case_hears_once_what_became_of_its_rings(
    desk: Office, town: tuple[SqliteStore, list[int]]
) -> None:
    store, (a, b, c, d) = town
    rings = Rings(store, desk.database, Findings(desk.database, Graph()), desk.cases)
    first, second = finding("ring_1", nids=(a, b)), finding("ring_2", nids=(c,))
    _run(desk, "run-1", [first, second], ("ring_1", "born", None), ("ring_2", "born", None))
    one, two = (desk.open(*kept_rings(store, [item])) for item in (first, second))
    assert [m.key for m in desk.cases.findings(one.case_id)[0].members] == ["a", "b"]
    assert rings.hear() == 2
    assert _heard(desk, one) == [("ring_1", "born")]
    grown, fresh = finding("ring_1", 0.9, nids=(a, b, d)), finding("ring_3", nids=(c, d))
    _run(
        desk,
        "run-2",
        [grown, fresh],
        ("ring_1", "grown", None),
        ("ring_2", "merged", "ring_3"),
        ("ring_3", "split", "ring_1"),
    )
    assert rings.hear() == 3
    assert rings.hear() == 0
    assert _heard(desk, one)[1:] == [("ring_1", "grown"), ("ring_3", "split")]
    (kept,) = desk.cases.findings(one.case_id)
    assert ([m.key for m in kept.members], kept.score) == (["a", "b", "d"], 0.9)
    assert desk.findings(two) == ["ring_2", "ring_3"], "what its ring became comes with it"
    _run(desk, "run-3", [fresh], ("ring_1", "dissolved", None), ("ring_3", "kept", None))
    assert rings.hear() == 1
    assert _heard(desk, one)[-1] == ("ring_1", "dissolved")
    assert [m.key for m in desk.cases.findings(one.case_id)[0].members] == ["a", "b", "d"]


def test_a_kill_between_two_cases_tells_nobody_twice(
    desk: Office, town: tuple[SqliteStore, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, (a, b, *_) = town
    rings = Rings(store, desk.database, Findings(desk.database, Graph()), desk.cases)
    found = [finding("ring_1", nids=(a,)), finding("ring_2", nids=(b,))]
    _run(desk, "run-1", found)
    cases = [desk.open(*kept_rings(store, [item])) for item in found]
    _run(desk, "run-2", [], ("ring_1", "dissolved", None), ("ring_2", "dissolved", None))
    act, calls = desk.cases.act, iter(range(10))

    def dying(*args: object, **kwargs: object) -> object:
        if next(calls) == 1:
            raise KeyboardInterrupt
        return act(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(desk.cases, "act", dying)
    with pytest.raises(KeyboardInterrupt):
        rings.hear()
    monkeypatch.undo()
    rings.hear()
    assert [_heard(desk, case) for case in cases] == [
        [("ring_1", "dissolved")],
        [("ring_2", "dissolved")],
    ]
