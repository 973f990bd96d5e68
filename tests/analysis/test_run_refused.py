"""A detection that may not write, or is ended half-way: all is as before, or made good by the next.

Each on both engines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.analysis.model import DetectionReport
from graphrisk.analysis.publish import ScoreBoard
from graphrisk.analysis.records import Records
from graphrisk.analysis.run import detect, digest_of
from graphrisk.analysis.scoring import shipped_scale
from graphrisk.analysis.service import Findings
from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import Conflict, StoreUnavailable
from graphrisk.store.contract import Store
from graphrisk.store.neo4j.connection import Connection
from graphrisk.store.neo4j.local import Address
from graphrisk.store.operations.database import Database
from graphrisk_algorithms.parameters import shipped_parameters
from tests.algorithms.planted import plant_cycle, plant_identity_ring
from tests.algorithms.towns import ordinary_town
from tests.analysis.stores import fill
from tests.servers import open_neo4j

Told = dict[str, tuple[str, dict[int, float]]]


class Service:
    """A deployment, and what each of its doors says of the last run."""

    def __init__(self, store: Store, database: Database, folder: Path) -> None:
        self.store, self.database, self.folder = store, database, folder
        self._clock = ManualClock(1_000)
        self._town, citizens = ordinary_town(people=120)
        plant_cycle(self._town, citizens)
        fill(store, self._town.graph())

    def detect(self, at: Callable[[str, int], None] = lambda _label, _done: None) -> str:
        """Run one; ``at`` is told how far it is. The run's id."""
        self._clock.advance(1)  # ids of runs grow
        report: DetectionReport = detect(
            self.store,
            self.folder / "snapshot",
            self.database,
            self._clock,
            progress=lambda label, done, _total: at(label, done),
        )
        return report.run.run_id

    def deliver_another_ring(self) -> None:
        """After this the next run finds more than the last."""
        plant_identity_ring(self._town)
        fill(self.store, self._town.graph())

    def erase_a_scored_node(self) -> None:
        """One that the last run gave a score."""
        with self.store.writer("erasure") as writer:
            writer.delete(np.array([min(self._in_graph()[1])]))
            writer.commit()

    def told(self) -> Told:
        """Run and scores: of the operations database, the look-up process and the graph."""
        run = Findings(self.database, self.store).latest_run()
        scored = Findings(self.database, self.store).node_scores(self._nids().tolist())
        assert run is not None
        assert scored is not None
        published = ScoreBoard(self.folder / "scores").present()
        shown = dict(zip(published.nids.tolist(), published.scores.tolist(), strict=True))
        return {
            "saved": (run.run_id, {nid: one.score for nid, one in scored.scores.items()}),
            "published": (published.run.run_id, shown),
            "graph": self._in_graph(),
        }

    def is_current(self) -> bool:
        """Whether a scheduled detection would find nothing to do."""
        version, digest = (
            self.store.health().version,
            digest_of(shipped_parameters(), shipped_scale()),
        )
        return Records(self.database).is_current(self.store, version, digest)

    def _in_graph(self) -> tuple[str, dict[int, float]]:
        """The newest run a score in the graph is of, and all scores."""
        rows = self.store.reader(EVERYTHING, Purpose("test")).scores(self._nids()).to_pylist()
        return max(row["run"] for row in rows), {row["nid"]: row["score"] for row in rows}

    def _nids(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.arange(10_000)


@pytest.fixture
def operations(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'operations.db'}")
    database.migrate()
    yield database
    database.dispose()


@pytest.fixture
def service(store: Store, operations: Database, tmp_path: Path) -> Service:
    return Service(store, operations, tmp_path)


def test_a_detection_while_another_writes_leaves_every_door_as_it_was(
    service: Service, other: Store
) -> None:
    service.detect()
    before = service.told()
    service.deliver_another_ring()
    with other.writer("load"), pytest.raises(Conflict, match="load"):
        service.detect()
    assert service.told() == before
    run = service.detect()
    after = service.told()
    assert {name: told[0] for name, told in after.items()} == dict.fromkeys(after, run)
    assert after["graph"][1] == after["published"][1] == after["saved"][1]
    assert len(after["graph"][1]) > len(before["graph"][1])


def test_a_node_erased_under_a_detection_leaves_every_door_as_it_was(service: Service) -> None:
    service.detect()
    service.deliver_another_ring()

    def erase(label: str, _done: int) -> None:
        if label == "save":
            service.erase_a_scored_node()

    runs = service.told()["saved"][0]
    with pytest.raises(Conflict, match="erased"):
        service.detect(erase)
    told = service.told()
    assert {name: run for name, (run, _) in told.items()} == dict.fromkeys(told, runs)


@pytest.mark.parametrize(("label", "done"), [("save", 0), ("scores", 0), ("scores", 1)])
def test_a_detection_ended_anywhere_is_made_good_by_the_next(
    service: Service, label: str, done: int
) -> None:
    service.detect()
    service.deliver_another_ring()

    def end(reached: str, so_far: int) -> None:
        if reached == label and min(so_far, 1) == done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        service.detect(end)
    assert service.is_current() == (done == 1)  # else the worker sees that there is work left
    service.detect()
    told = service.told()
    assert told["graph"][1] == told["published"][1] == told["saved"][1]
    assert told["published"][0] == told["saved"][0]
    assert service.is_current()


def test_a_lease_lost_at_the_very_end_does_not_say_that_nothing_was_kept(
    neo4j_address: Address, operations: Database, tmp_path: Path
) -> None:
    store = open_neo4j(neo4j_address)
    store.migrate()
    service = Service(store, operations, tmp_path)
    first = service.detect()
    service.deliver_another_ring()
    connection = Connection(neo4j_address.uri, neo4j_address.user, neo4j_address.password)

    def usurp(label: str, done: int) -> None:
        if (label, done) == ("scores", 0):
            _end_idle_transactions(connection)
            with store.writer("successor"):
                pass

    with pytest.raises(StoreUnavailable) as refused:
        service.detect(usurp)
    told = service.told()
    assert told["saved"][0] == told["published"][0] != first
    assert told["graph"][0] == first
    assert told["saved"][0] in str(refused.value)
    assert not service.is_current()
    connection.close()
    store.close()


def _end_idle_transactions(connection: Connection) -> None:
    """End the transaction that keeps a lease alive, as an operator or a broken network would."""
    for found in connection.command(
        "SHOW TRANSACTIONS YIELD transactionId, metaData WHERE metaData.graphrisk_lease IS NOT NULL"
    ):
        connection.command(f"TERMINATE TRANSACTION '{found['transactionId']}'")
