"""Who is who: rounds of the machine, judgements of persons, and their way into the graph."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from graphrisk.access.model import EVERYTHING
from graphrisk.core.clock import Clock
from graphrisk.core.errors import BadInput, Conflict, NotFound, StoreUnavailable
from graphrisk.ingest.resolve.judgements import PURPOSE, judge_by_machine, state_decisions
from graphrisk.ingest.resolve.known import Known, known
from graphrisk.ingest.resolve.model import Judged, Verdict
from graphrisk.ingest.resolve.persons import match_persons
from graphrisk.ingest.resolve.records import Decisions
from graphrisk.store.contract import Store
from graphrisk.store.operations.database import Database
from graphrisk.store.snapshot.snapshot import Snapshot
from graphrisk_loaders.conversions import CONTROLS

LONGEST_JUDGE, LONGEST_REASON = 200, 2_000
#: One line: no control signs, no ends of lines, no halves of surrogate pairs.
_LINE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
#: Lines: as a value that comes in by a file.
_LINES = re.compile(rf"(?:(?!{CONTROLS})[^\ud800-\udfff])+")


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a round looked at and judged."""

    records: int
    compared: int
    skipped_blocks: int
    same: int
    unsure: int
    conflicts: int  # judgements not followed because others contradict them


class Identities:
    """What is judged of the records of a deployment."""

    def __init__(self, store: Store, database: Database, clock: Clock) -> None:
        self._store = store
        self._database = database
        self._decisions = Decisions(database)
        self._clock = clock
        self._lock = Lock()
        self._last: tuple[tuple[int, int, int], Known] | None = None

    def judge(self, records: tuple[str, str], verdict: Verdict, by: str, why: str) -> Judged:
        """A person judges two records, by their keys; the judgement stands above the machine's.

        It is kept before the graph hears of it. While another process writes to the graph it
        stays there: the next detection, round of the machine or turn of the worker brings it.

        Raises:
            BadInput: The records are one, or who judged or why is not named or is no such text.
            NotFound: A record is not known, or nothing stands that could be withdrawn.
            Conflict: Somebody else judged the same records at the same moment.
        """
        by = _text(by, _LINE, LONGEST_JUDGE, "who judged")
        why = _text(why, _LINES, LONGEST_REASON, "its reason")
        self._check(records)
        judged = self._decisions.take(records, verdict, by, why, self._clock.now_ms())
        with suppress(Conflict, StoreUnavailable):
            project(self._store, self._database, self._clock)
        return judged

    def known(self) -> Known:
        """All judgements now; read anew when the graph changed or somebody judged.

        They name records by number only: whoever shows a record reads it in his own name.
        """
        reader = self._store.reader(EVERYTHING, PURPOSE)
        with self._lock:
            version = reader.version()
            state = (version, reader.stamp(version), self._decisions.last())
            if self._last is None or self._last[0] != state:
                self._last = state, known(reader, self._decisions.every())
            return self._last[1]

    def _check(self, records: tuple[str, str]) -> None:
        nids = self._store.reader(EVERYTHING, PURPOSE).lookup("Person", records).tolist()
        for key, nid in zip(records, nids, strict=True):
            if nid < 0:
                raise NotFound(f"no person has the key {key[:40]!r}")
        if nids[0] == nids[1]:
            raise BadInput("a record is judged against another one, not against itself")


def _text(said: str, form: re.Pattern[str], longest: int, what: str) -> str:
    if not form.fullmatch(said) or not said.strip() or len(said) > longest:
        signs = f"at most {longest:,} signs, none of them a control sign"
        raise BadInput(f"a judgement names {what}, in {signs}")
    return said.strip()


def project(store: Store, database: Database, clock: Clock) -> int:
    """Bring what persons judged into the graph where it is not there yet; how many judgements.

    A kill between the two databases leaves a judgement that waits; one after the graph's commit
    has it stated again, which changes nothing.

    Raises:
        Conflict: Another process is writing.
    """
    decisions = Decisions(database)
    return _project(store, database, clock) if decisions.pending() else 0


def resolve(store: Store, database: Database, snapshot_folder: Path, clock: Clock) -> Resolved:
    """Match all persons' records as they were delivered, and keep what the machine judges.

    What persons judged is stated anew, so that a graph that was put back or built anew has it.

    Raises:
        Conflict: Another process is writing.
    """
    _project(store, database, clock)
    reader = store.reader(EVERYTHING, PURPOSE)
    snapshot = Snapshot.open(snapshot_folder, reader, store.health().store_id)
    snapshot.refresh()
    graph = snapshot.graph(resolved=False)
    found = match_persons(graph)
    judged = judge_by_machine(store, clock, found)
    snapshot.refresh()
    return Resolved(
        records=len(graph.nodes["Person"]),
        compared=found.compared,
        skipped_blocks=found.skipped_blocks,
        same=judged[Verdict.SAME],
        unsure=judged[Verdict.UNSURE],
        conflicts=len(snapshot.identities().conflicts),
    )


def _project(store: Store, database: Database, clock: Clock) -> int:
    decisions, reader = Decisions(database), store.reader(EVERYTHING, PURPOSE)
    with store.writer("judge") as writer:  # first: who states later has seen all that came before
        pending = decisions.pending()
        state_decisions(writer, reader, clock, decisions.standing())
    decisions.mark_projected(pending, clock.now_ms())
    return len(pending)
