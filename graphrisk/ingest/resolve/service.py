"""One round of resolution: from the store's records to the machine's judgements in the store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from graphrisk.access.model import EVERYTHING
from graphrisk.core.clock import Clock
from graphrisk.ingest.resolve.judgements import PURPOSE, Verdict, judge_by_machine
from graphrisk.ingest.resolve.persons import match_persons
from graphrisk.store.contract import Store
from graphrisk.store.snapshot.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a round looked at and judged."""

    records: int
    compared: int
    skipped_blocks: int
    same: int
    unsure: int
    conflicts: int  # judgements not followed because others contradict them


def resolve(store: Store, snapshot_folder: Path, clock: Clock) -> Resolved:
    """Match all persons' records as they were delivered, and keep what the machine judges.

    Raises:
        Conflict: Another process is writing.
    """
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
