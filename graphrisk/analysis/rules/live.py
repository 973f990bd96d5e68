"""What has come since the last look is judged by the rules that are live, in the order of time.

The counters stand in a file that the row of the position names: killed before the row is written,
the next look goes on from the file before and judges the same events to the same hits, which are
kept once. Where the file is missing, or other versions judge now, the counters are warmed by the
events that were judged before, as long as the longest window.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.analysis.rules import records
from graphrisk.analysis.rules.batch import EventBatch
from graphrisk.analysis.rules.bench import Bench
from graphrisk.analysis.rules.history import Arrived, history, marks
from graphrisk.analysis.rules.ladder import Ladder
from graphrisk.analysis.rules.records import Position, Version
from graphrisk.analysis.rules.rehearsal import kinds_of, warm_ms
from graphrisk.analysis.rules.rehearsals import seen
from graphrisk.core.clock import Clock
from graphrisk.core.files import private_folder
from graphrisk.core.files import replace as put
from graphrisk.core.ids import uuid7
from graphrisk.store.contract import Store
from graphrisk.store.operations.database import Database
from graphrisk_algorithms.graph import RiskGraph

PURPOSE: Final = Purpose("operation")
#: Beside the graph; holds the counters of the rules that judge.
FOLDER: Final = "rules"
_BATCH: Final = 4_096


@dataclass(frozen=True, slots=True)
class Judged:
    """What a look found."""

    rules: int  # versions that judge
    events: int  # that had come since
    hits: int  # that are new


class Look:
    """Looks at what has come to a graph, and has it judged.

    Args:
        store: The graph.
        database: Keeps versions, hits and the position.
        folder: The deployment's, beside the graph.
        ladder: What a machine may do.
        clock: The present.
    """

    def __init__(
        self, store: Store, database: Database, folder: Path, ladder: Ladder, clock: Clock
    ) -> None:
        self._store, self._database, self._folder = store, database, folder
        self._ladder, self._clock = ladder, clock
        self._reader = store.reader(EVERYTHING, PURPOSE)

    def judge(self) -> Judged:
        """Judge what has come since the last look; each event once a version.

        A version judges what comes after the first look that sees it. A graph that was put back
        from a backup is judged from its present on.

        Raises:
            Conflict: Another process looked at the same moment.

        Cost: a refresh of the snapshot; of what has come 2 µs a node of the rules' trees and batch.
        """
        store_id = self._store.health().store_id
        with self._database.reading() as session:
            held, judging = records.position(session, store_id), records.judging(session)
        if not judging:
            self._move(store_id, held, None)
            return Judged(0, 0, 0)
        by = tuple((one.number, one.state != "live") for one in judging)
        version = self._reader.version()
        graph, facts = seen(self._store, self._folder)
        there = marks(graph, self._reader, self._folder)
        after = Position(version, self._reader.stamp(version), there, by, None)
        if held is None or self._reader.stamp(held.version) != held.stamp:
            self._move(store_id, held, after)
            return Judged(len(judging), 0, 0)
        came = self._events(judging, graph, None, Arrived(held.marks, there))
        if not len(came):
            after = replace(after, judging=held.judging, counted=held.counted)
            self._move(store_id, held, after)
            return Judged(len(judging), 0, 0)
        bench = Bench(self._database, self._ladder, self._clock, judging, facts)
        if held.judging != by or not self._restored(bench, held):
            bench = Bench(self._database, self._ladder, self._clock, judging, facts)
            begin = int(came.at.min()) - warm_ms([one.rule for one in judging])
            period = (begin, int(came.at.max()) + 1)
            bench.count(self._events(judging, graph, period, Arrived({}, held.marks)))
        hits = sum(bench.judge(part) for part in _parts(came))
        self._move(store_id, held, replace(after, counted=self._kept(bench.state())))
        return Judged(len(judging), len(came), hits)

    def _events(
        self,
        judging: Sequence[Version],
        graph: RiskGraph,
        period: tuple[int, int] | None,
        arrived: Arrived,
    ) -> EventBatch:
        kinds = kinds_of([one.rule for one in judging])
        return history(kinds, graph, self._reader, self._folder, period, arrived)

    def _restored(self, bench: Bench, held: Position) -> bool:
        """Whether the bench goes on from what was counted up to a position."""
        if held.counted is None:
            return False
        try:
            bench.restore((self._folder / FOLDER / held.counted).read_bytes())
        except (OSError, ValueError):
            return False
        return True

    def _kept(self, state: bytes) -> str:
        """The name of a new file that holds the counters."""
        name = f"{uuid7(self._clock.now_ms())}.npz"
        private_folder(self._folder / FOLDER)
        put(self._folder / FOLDER / name, state)
        return name

    def _move(self, store_id: str, before: Position | None, after: Position | None) -> None:
        """Move the position; files of counters that it names no more go."""
        if before == after:
            return
        with self._database.session() as session:
            records.move(session, store_id, before, after)
        named = None if after is None else after.counted
        for file in (self._folder / FOLDER).glob("*.npz"):
            if file.name != named:
                file.unlink(missing_ok=True)


def _parts(events: EventBatch) -> Iterator[EventBatch]:
    for start in range(0, len(events), _BATCH):
        yield events.cut(start, min(start + _BATCH, len(events)))
