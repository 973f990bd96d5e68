"""Rehearsals of a deployment: on its store, by whoever runs a command, or by the worker."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.analysis.publish import ScoreBoard
from graphrisk.analysis.rules import records
from graphrisk.analysis.rules.facts import Float64Array, GraphFacts
from graphrisk.analysis.rules.history import history
from graphrisk.analysis.rules.model import Rule
from graphrisk.analysis.rules.rehearsal import (
    Progress,
    Rehearsed,
    document,
    kinds_of,
    rehearse,
    warm_ms,
)
from graphrisk.core.clock import Clock
from graphrisk.core.errors import NotFound, StoreUnavailable
from graphrisk.store.contract import Store
from graphrisk.store.operations.database import Database
from graphrisk.store.snapshot.snapshot import Snapshot
from graphrisk_algorithms.graph import RiskGraph

PURPOSE: Final = Purpose("evaluation")
_SCORES: Final = "scores"


def rehearse_on(
    store: Store,
    folder: Path,
    rules: Sequence[Rule],
    period: tuple[int, int],
    progress: Progress,
) -> list[Rehearsed]:
    """Rehearse rules on what a deployment has loaded; arguments as for ``rehearsal.rehearse``.

    Args:
        store: The graph.
        folder: The deployment's folder beside it (``Settings.folder``).
        rules: Together, as they would judge.
        period: Epoch ms UTC, half-open.
        progress: Hears events judged, and of how many.
    """
    graph, facts = seen(store, folder)
    begin = period[0] - warm_ms(rules)
    reader = store.reader(EVERYTHING, PURPOSE)
    events = history(kinds_of(rules), graph, reader, folder, (begin, period[1]))
    return rehearse(rules, events, graph, facts, period, progress)


def seen(store: Store, folder: Path) -> tuple[RiskGraph, GraphFacts]:
    """The graph as it is now and as rules ask it, with the scores of the latest run."""
    snapshot = Snapshot.open(
        folder / "snapshot", store.reader(EVERYTHING, PURPOSE), store.health().store_id
    )
    snapshot.refresh()
    graph = snapshot.graph()
    return graph, GraphFacts(graph, _scores(folder))


def do_rehearsal(
    store: Store, database: Database, folder: Path, clock: Clock, rehearsal_id: str
) -> str:
    """Do a rehearsal that was asked for; killed in between it is done again from the beginning.

    ``NotFound`` when nobody asked for it.
    """
    with database.reading() as session:
        asked = records.rehearsals(session, rehearsal_id=rehearsal_id)
    if not asked:
        raise NotFound("no such rehearsal")
    one = asked[0]

    def progress(_label: str, done: int, total: int) -> None:
        with database.session() as session:
            records.note_rehearsal(session, rehearsal_id, done=done, total=total)

    (told,) = rehearse_on(store, folder, [one.rule], (one.since, one.until), progress)
    with database.session() as session:
        values = {"finished_at": clock.now_ms(), "result": document(told)}
        records.note_rehearsal(session, rehearsal_id, **values)
    return f"{told.hits} hits among {told.events} events"


def _scores(folder: Path) -> Float64Array | None:
    try:
        published = ScoreBoard(folder / _SCORES).present()
    except StoreUnavailable:
        return None
    scores = np.zeros(published.nodes)
    scores[published.nids] = published.scores
    return scores
