"""Scores of the nodes, outside the sequence of facts."""

from __future__ import annotations

import apsw
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphrisk.core.errors import Conflict
from graphrisk.store.columns import SCORES
from graphrisk.store.contract import Int64Array
from graphrisk.store.sqlite.rows import array, table
from graphrisk.store.sqlite.transaction import Transaction
from graphrisk_schema.reader import load_schema

Float64Array = npt.NDArray[np.float64]


def write_scores(
    tx: Transaction, model: str, run: str, nids: Int64Array, scores: Float64Array
) -> int:
    """Write what differs, remove what is not named; ``Conflict`` when a nid is gone.

    A score that stays keeps the run that gave it. Returns the scores written.
    """
    _refuse_unknown(tx, nids)
    stored = tx.run("SELECT nid, score FROM score WHERE model = ?", (model,))
    held = np.array([row[0] for row in stored], np.int64)
    held_scores = np.array([row[1] for row in stored], np.float64)
    gone = held[~np.isin(held, nids)]
    if len(gone):
        tx.run(
            "DELETE FROM score WHERE model = ? AND nid IN (SELECT value FROM carray(?))",
            (model, array(gone)),
        )
    written = _differs(nids, scores, held, held_scores)
    tx.connection.executemany(
        "INSERT OR REPLACE INTO score (nid, model, score, run) VALUES (?1, ?3, ?2, ?4)",
        (
            (nid, score, model, run)
            for nid, score in zip(nids[written].tolist(), scores[written].tolist(), strict=True)
        ),
    )
    return int(written.sum())


def read_scores(connection: apsw.Connection, nids: Int64Array) -> pa.Table:
    """All scores of the nodes, in (nid, model) order."""
    if not len(nids):
        return SCORES.empty_table()
    rows = connection.execute(
        "SELECT nid, model, score, run FROM score WHERE nid IN (SELECT value FROM carray(?)) "
        "ORDER BY nid, model",
        (array(nids),),
    ).fetchall()
    return table(rows, SCORES)


def _refuse_unknown(tx: Transaction, nids: Int64Array) -> None:
    unknown = np.unique(nids)
    for kind in load_schema().nodes:
        if not len(unknown):
            return
        found = tx.numbers(
            f'SELECT nid FROM carray(?) CROSS JOIN "{kind}" ON nid = value', (array(unknown),)
        )
        unknown = np.setdiff1d(unknown, found[:, 0], assume_unique=True)
    if len(unknown):
        raise Conflict("a scored node was erased since the snapshot; nothing was written")


def _differs(
    nids: Int64Array, scores: Float64Array, held: Int64Array, held_scores: Float64Array
) -> npt.NDArray[np.bool_]:
    if not len(held):
        return np.ones(len(nids), np.bool_)
    order = np.argsort(held)
    spot = order[np.minimum(np.searchsorted(held[order], nids), len(held) - 1)]
    same: npt.NDArray[np.bool_] = (held[spot] == nids) & (held_scores[spot] == scores)
    return ~same
