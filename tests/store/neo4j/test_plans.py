"""Statements find their rows by an index even when planned on an empty store.

The server keeps a plan for a while. One made when a scan cost nothing would, in a first load, scan
all rows so far for every row: each statement names its index instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

import neo4j
import pytest

from graphrisk.store.neo4j.local import Address
from graphrisk.store.neo4j.store import Neo4jStore
from tests.contract.histories import History
from tests.contract.test_oracle import _compare_exports, _compare_some
from tests.servers import driver_of

#: Few rows, or a pass over all rows that is meant.
MEANT = (":Store", ":Model", ":Part", ":Batch {source", "max(f.", "RETURN [COUNT { (:")


def test_no_statement_scans(
    neo4j_store: Neo4jStore, neo4j_address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = _recorded(monkeypatch)
    history = History(neo4j_store, 1)
    for _ in islice(history.transactions(), 12):
        _compare_some(history)
    _compare_exports(history, 0, 3)
    _compare_exports(history, 1, history.oracle.counters.version)
    monkeypatch.undo()
    statements = [text for text in said if not any(part in text for part in MEANT)]
    assert len(statements) > 60
    with driver_of(neo4j_address) as driver, driver.session() as session:
        session.run("MATCH (n) DETACH DELETE n").consume()
        scans = {text: found for text in statements if (found := _scans(session, text))}
    assert scans == {}


def _recorded(monkeypatch: pytest.MonkeyPatch) -> dict[str, None]:
    """The distinct statements run from now on."""
    said: dict[str, None] = {}
    for runner in (neo4j.Transaction, neo4j.ManagedTransaction, neo4j.Session):
        monkeypatch.setattr(runner, "run", _heard(runner.run, said))
    return said


def _heard(run: Callable[..., neo4j.Result], said: dict[str, None]) -> Callable[..., neo4j.Result]:
    def heard(runner: object, query: str, *given: object, **named: object) -> neo4j.Result:
        said[query] = None
        return run(runner, query, *given, **named)

    return heard


def _scans(session: neo4j.Session, text: str) -> list[str]:
    plan = session.run(f"EXPLAIN {text}").consume().plan
    assert plan is not None
    return [name for name in _operators(plan) if "Scan" in name and "ById" not in name]


def _operators(plan: dict[str, object]) -> Iterator[str]:
    yield str(plan["operatorType"])
    for child in plan.get("children", []):  # type: ignore[attr-defined]
        yield from _operators(child)
