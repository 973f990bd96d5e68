"""Files that are loaded reach the rules that are live: each event once, in time, through kills."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphrisk.analysis.rules import live, records
from graphrisk.analysis.rules.bench import Bench
from graphrisk.analysis.rules.form import read_rules
from graphrisk.analysis.rules.live import Look
from graphrisk.analysis.rules.model import Rule
from graphrisk.analysis.rules.service import RuleBook
from graphrisk.core.clock import ManualClock
from graphrisk.ingest.load import load
from graphrisk.store.operations import outbox
from graphrisk.store.operations.database import Database
from graphrisk.store.sqlite.store import SqliteStore
from tests.analysis.rules.test_service import (
    CHECKER,
    LADDER,
    MAKER,
    NOW,
    PURPOSE,
    Audit,
    put_live,
)

MINUTE = 60_000
CALLER, CALLEE = "8613900000001", "8613900000002"


def burst(least: int = 3) -> Rule:
    return read_rules(
        f"""
rules:
  - id: burst
    title: {{zh: 频繁呼叫, en: Burst}}
    event: call
    about: caller
    reasons:
      - measure: {{count: calls_1h}}
        bands: [{{from: {least}, points: 10}}]
        reason: {{zh: "{{value}}次", en: "{{value}} calls"}}
    alert: 10
counters:
  calls_1h: {{event: call, by: caller, what: count, within: 1 hour}}
""",
        "test.yaml",
    )[0]


@dataclass
class Deployment:
    """A graph in a file, and rules over it."""

    folder: Path
    database: Database
    clock: ManualClock = field(default_factory=lambda: ManualClock(NOW))
    loaded: int = 0

    def __post_init__(self) -> None:
        self.store = SqliteStore(self.folder / "graph.db")
        self.store.migrate()
        self.book = RuleBook(self.database, LADDER, self.clock, Audit())

    def deliver(self, ats: Sequence[int]) -> None:
        """Load a file of calls at these moments."""
        delivery = self.folder / f"delivery{self.loaded}"
        delivery.mkdir()
        calls = {
            "call_id": [f"C{self.loaded + n}" for n in range(len(ats))],
            "caller": [CALLER] * len(ats),
            "callee": [CALLEE] * len(ats),
            "start": pa.array(ats, pa.timestamp("ms", "UTC")),
            "seconds": [30] * len(ats),
        }
        pq.write_table(pa.table(calls), delivery / "calls.parquet")
        load(self.store, self.folder, delivery, clock=self.clock, progress=lambda *_: None)
        self.loaded += len(ats)

    def look(self) -> tuple[int, int]:
        """How many events a look judges, and how many hits are new."""
        found = Look(self.store, self.database, self.folder, LADDER, self.clock).judge()
        return found.events, found.hits

    def hits(self) -> list[tuple[int, float]]:
        """Minutes and the calls that were counted of each hit, in the order they were kept."""
        items = self.book.hits(MAKER, PURPOSE, None, 200).items
        return [((one.at - NOW) // MINUTE, one.told[0][1]) for one in reversed(items)]

    def told(self) -> int:
        """Events of hits in the outbox."""
        with self.database.session() as session:
            outbox.relay(session)
            return outbox.count(session, "rule.hit")

    @property
    def counted(self) -> list[Path]:
        return sorted((self.folder / live.FOLDER).glob("*"))


@pytest.fixture
def deployment(tmp_path: Path, database: Database) -> Iterator[Deployment]:
    opened = Deployment(tmp_path, database)
    yield opened
    opened.store.close()


def minutes(*ats: int) -> list[int]:
    return [NOW + at * MINUTE for at in ats]


def test_what_is_loaded_after_a_rule_is_live_is_judged_once_and_counted_over_deliveries(
    deployment: Deployment,
) -> None:
    put_live(deployment.book, burst())
    assert deployment.look() == (0, 0), "from here on it judges"
    deployment.deliver(minutes(-30, -40))
    assert deployment.look() == (2, 0)
    deployment.deliver(minutes(-10, -20))
    assert deployment.look() == (2, 2), "the calls of the file before count"
    assert deployment.hits() == [(-20, 3.0), (-10, 4.0)], "in the order of time"
    assert deployment.look() == (0, 0)
    assert deployment.told() == 2
    assert len(deployment.counted) == 1


def test_counters_that_are_lost_are_warmed_by_what_was_judged(deployment: Deployment) -> None:
    put_live(deployment.book, burst())
    deployment.look()
    deployment.deliver(minutes(-50, -40, -5))
    assert deployment.look() == (3, 1)
    (file,) = deployment.counted
    file.write_bytes(file.read_bytes()[:100])
    deployment.deliver(minutes(-3))
    assert deployment.look() == (1, 1)
    (file,) = deployment.counted
    file.unlink()
    deployment.deliver(minutes(-1))
    assert deployment.look() == (1, 1)
    assert deployment.hits() == [(-5, 3.0), (-3, 4.0), (-1, 5.0)]


def test_a_new_version_judges_what_comes_next_and_knows_what_came_before(
    deployment: Deployment,
) -> None:
    deployment.deliver(minutes(-50, -40, -30, -20))
    assert deployment.look() == (0, 0), "nothing judges"
    put_live(deployment.book, burst())
    assert deployment.look() == (0, 0), "what came before it was live is judged by nobody"
    shadow = burst(least=6)
    deployment.book.submit(MAKER, PURPOSE, shadow, "quieter")
    deployment.book.set_shadow(MAKER, PURPOSE, "burst", shadow.version, "a week", on=True)
    deployment.deliver(minutes(-10, -5))
    assert deployment.look() == (2, 3)
    assert sorted(deployment.hits()) == [(-10, 5.0), (-5, 6.0), (-5, 6.0)]
    assert deployment.told() == 2, "nobody is told of a shadow"
    live_one = burst().version
    deployment.book.retire(CHECKER, PURPOSE, "burst", live_one, "over")
    deployment.book.set_shadow(MAKER, PURPOSE, "burst", shadow.version, "seen", on=False)
    deployment.deliver(minutes(-4))
    assert deployment.look() == (0, 0)
    assert not deployment.counted, "counters of nobody are not kept"


@pytest.mark.parametrize(
    ("owner", "name", "turn", "kept"),
    [
        pytest.param(Bench, "judge", 1, 2, id="after a batch"),
        pytest.param(Bench, "judge", 3, 6, id="after three"),
        pytest.param(live, "put", 1, 7, id="after the counters"),
        pytest.param(records, "move", 1, 7, id="before the commit"),
    ],
)
def test_a_kill_neither_loses_nor_doubles_a_hit(
    deployment: Deployment,
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    name: str,
    turn: int,
    kept: int,
) -> None:
    monkeypatch.setattr(live, "_BATCH", 2)
    put_live(deployment.book, burst())
    deployment.look()
    deployment.deliver(minutes(-50, -40))
    deployment.look()
    deployment.deliver(minutes(*range(-30, -23)))
    deployment.database.dispose()
    assert _killed(deployment, monkeypatch, owner, name, turn) == -signal.SIGKILL
    assert deployment.look() == (7, 7 - kept), "what was kept is known, what was not is made good"
    assert deployment.hits() == [(at, at + 33.0) for at in range(-30, -23)]
    assert deployment.told() == 7
    assert deployment.look() == (0, 0)
    assert len(deployment.counted) == 1


def _killed(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, turn: int
) -> int:
    """How a process ended that looked, and was killed when it had called something so often."""
    child = os.fork()
    if not child:
        done: Callable[..., object] = getattr(owner, name)
        left = [turn]

        def then_killed(*arguments: object) -> object:
            found = done(*arguments)
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            return found

        monkeypatch.setattr(owner, name, then_killed)
        try:
            deployment.look()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
