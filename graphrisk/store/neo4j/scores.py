"""Scores of the nodes: two properties a model, written in bulk by internal id."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphrisk.core.errors import Conflict
from graphrisk.store.columns import SCORES
from graphrisk.store.contract import Int64Array
from graphrisk.store.neo4j.connection import CHUNK, Connection
from graphrisk.store.neo4j.lists import Column, chunks, numbers, table
from graphrisk.store.neo4j.shapes import BY_NID
from graphrisk.store.neo4j.transaction import Transaction

Float64Array = npt.NDArray[np.float64]

#: Stands for "no score" in a list of scores.
_NONE = -1.7976931348623157e308


def property_names(model: str) -> tuple[str, str]:
    """Names of the properties that hold a model's score and run."""
    return f"score {model}", f"run {model}"


def score_properties(model: str) -> tuple[str, str]:
    """The same names quoted for Cypher."""
    score, run = (name.replace("`", "``") for name in property_names(model))
    return f"`{score}`", f"`{run}`"


def write_scores(
    tx: Transaction, model: str, run: str, nids: Int64Array, scores: Float64Array
) -> int:
    """Set what differs, remove what is not named; ``Conflict`` when a nid is gone.

    Reads all nids with their internal ids and scores first (about a second a million nodes), so
    only the differences travel back. Returns the scores set.
    """
    score, run_of = score_properties(model)
    ids, stored = _present(tx, score)
    if len(nids) and (nids.max() >= len(ids) or (ids[nids] < 0).any()):
        raise _gone()
    tx.run("MERGE (:Model {name: $model})", model=model)
    differs = stored[nids] != scores
    written = nids[differs]
    values: dict[str, Column] = {"score": scores[differs]}
    _each_node(tx, f"SET n.{score} = $score[i], n.{run_of} = $run", ids, written, values, run)
    scored = stored != _NONE
    scored[nids] = False
    _each_node(tx, f"REMOVE n.{score}, n.{run_of}", ids, np.flatnonzero(scored), {}, run)
    return len(written)


def _present(tx: Transaction, score: str) -> tuple[Int64Array, Float64Array]:
    """Internal id (-1: no node) and score of every nid."""
    end = tx.following("next_nid")
    ids = np.full(end, -1, np.int64)
    stored = np.full(end, _NONE)
    for part in tx.stream(
        "UNWIND range(0, $end, $chunk) AS start CALL { WITH start "
        f"MATCH (n:Node) {BY_NID} WHERE n.nid >= start AND n.nid < start + $chunk "
        f"RETURN collect(n.nid) AS nid, collect(id(n)) AS id, "
        f"collect(coalesce(n.{score}, $none)) AS score }} RETURN nid, id, score",
        end=end,
        chunk=CHUNK,
        none=_NONE,
    ):
        nids = numbers(part["nid"])
        ids[nids] = numbers(part["id"])
        stored[nids] = part["score"]
    return ids, stored


def _each_node(
    tx: Transaction,
    action: str,
    ids: Int64Array,
    nids: Int64Array,
    values: dict[str, Column],
    run: str,
) -> None:
    """Do ``action`` on nodes by internal id; one that is no longer ours refuses all."""
    if not len(nids):
        return
    parts = tx.each(
        f"MATCH (n) WHERE id(n) = $id[i] AND n.nid = $nid[i] {action} RETURN count(n) AS n",
        {"id": ids[nids], "nid": nids, **values},
        run=run,
    )
    if sum(part["n"] for part in parts) != len(nids):
        raise _gone()


def _gone() -> Conflict:
    return Conflict("a scored node was erased since the snapshot; nothing was written")


def read_scores(connection: Connection, nids: Int64Array) -> pa.Table:
    """All scores of the nodes, in (nid, model) order."""
    rows: list[tuple[int, str, float, str]] = []
    models = [r["name"] for r in connection.read("MATCH (m:Model) RETURN m.name AS name")]
    for model in models:
        score, run_of = score_properties(model)
        for part in chunks(len(nids)):
            found = connection.read(
                f"UNWIND $nids AS nid MATCH (n:Node {{nid: nid}}) {BY_NID} "
                f"WHERE n.{score} IS NOT NULL RETURN collect(n.nid) AS nid, "
                f"collect(n.{score}) AS score, collect(n.{run_of}) AS run",
                nids=np.unique(nids[part]).tolist(),
            )[0]
            rows += [
                (nid, model, value, run)
                for nid, value, run in zip(found["nid"], found["score"], found["run"], strict=True)
            ]
    return table(rows, SCORES).sort_by([("nid", "ascending"), ("model", "ascending")])
