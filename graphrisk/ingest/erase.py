"""A person's right to be forgotten: out of the graph, and out of what was judged of him."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.core.clock import Clock
from graphrisk.core.errors import NotFound
from graphrisk.ingest.resolve.records import Decisions
from graphrisk.store.contract import Store
from graphrisk.store.operations.database import Database

_PURPOSE = Purpose("operation")


@dataclass(frozen=True, slots=True)
class Erased:
    """What is gone: records of persons, and judgements that no longer name them."""

    persons: int
    judgements: int


def erase_persons(store: Store, database: Database, clock: Clock, keys: Sequence[str]) -> Erased:
    """Erase the records with these keys for good: facts, history, ties, scores, keys.

    Of what a person judged of them it stays who judged, what and when; neither key nor reason.
    The graph goes first, so that nobody judges them any more; after a kill in between the same
    call erases the rest. What columns and published scores hold goes with the next detection.

    Raises:
        NotFound: Neither the graph nor a judgement knows any of the keys.
        Conflict: Another process is writing.
    """
    with store.writer("erase") as writer:
        nids = store.reader(EVERYTHING, _PURPOSE).lookup("Person", keys)
        persons = writer.delete(nids[nids >= 0])
        writer.commit()
    judgements = Decisions(database).forget(keys, clock.now_ms())
    if not persons and not judgements:
        raise NotFound("no person and no judgement has any of these keys")
    return Erased(persons, judgements)
