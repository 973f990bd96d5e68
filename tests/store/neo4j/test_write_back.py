"""Scores go to the nodes they were computed for, or nowhere."""

from __future__ import annotations

import neo4j
import numpy as np
import pytest

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.core.errors import Conflict
from graphrisk.store.neo4j import scores as scores_module
from graphrisk.store.neo4j.local import Address
from graphrisk.store.neo4j.store import Neo4jStore


def _phones(store: Neo4jStore, keys: list[str]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    with store.writer("test") as writer:
        nids = writer.resolve("Phone", keys)
        writer.commit()
    return nids


def _scores(store: Neo4jStore) -> dict[int, float]:
    reader = store.reader(EVERYTHING, Purpose("test"))
    table = reader.scores(np.arange(100))
    return dict(
        zip(table["nid"].to_numpy().tolist(), table["score"].to_numpy().tolist(), strict=True)
    )


def test_nodes_deleted_and_others_loaded_meanwhile_are_refused(neo4j_store: Neo4jStore) -> None:
    scored = _phones(neo4j_store, ["861", "862", "863"])
    with neo4j_store.writer("test") as writer:
        writer.delete(scored[:2])
        writer.commit()
    _phones(neo4j_store, ["864", "865"])  # may take the internal ids that became free

    with neo4j_store.writer("test") as writer:
        with pytest.raises(Conflict):
            writer.write_scores("risk", "run-1", scored, np.array([0.9, 0.8, 0.7]), 1)
        writer.commit()
    assert _scores(neo4j_store) == {}


def test_id_taken_over_between_look_and_write_is_refused(
    neo4j_store: Neo4jStore, neo4j_address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another client erases a node and loads a new one after this writer read the internal ids."""
    scored = _phones(neo4j_store, ["861", "862"])
    look = scores_module._present

    def look_then_swap(*arguments: object) -> object:
        found = look(*arguments)  # type: ignore[arg-type]
        _swap_behind_our_back(neo4j_address)
        return found

    monkeypatch.setattr(scores_module, "_present", look_then_swap)
    with neo4j_store.writer("test") as writer, pytest.raises(Conflict):
        writer.write_scores("risk", "run-1", scored, np.array([0.9, 0.8]), 1)
    assert _scores(neo4j_store) == {}


def _swap_behind_our_back(address: Address) -> None:
    auth = (address.user, address.password)
    with neo4j.GraphDatabase.driver(address.uri, auth=auth) as driver:
        driver.execute_query("MATCH (n:Phone {key: '861'}) SET n.nid = 77, n.key = '877'")


def test_only_what_differs_is_written_and_the_rest_removed(neo4j_store: Neo4jStore) -> None:
    nids = _phones(neo4j_store, ["861", "862", "863"])
    with neo4j_store.writer("test") as writer:
        assert writer.write_scores("risk", "run-1", nids, np.array([0.1, 0.2, 0.3]), 1) == 3
        writer.commit()
        assert writer.write_scores("risk", "run-2", nids[1:], np.array([0.2, 0.4]), 1) == 1
        writer.commit()
    reader = neo4j_store.reader(EVERYTHING, Purpose("test"))
    assert reader.scores(nids).to_pylist() == [
        {"nid": int(nids[1]), "model": "risk", "score": 0.2, "run": "run-1"},
        {"nid": int(nids[2]), "model": "risk", "score": 0.4, "run": "run-2"},
    ]
    assert reader.version() == 1


def test_model_name_is_data_not_cypher(neo4j_store: Neo4jStore) -> None:
    nids = _phones(neo4j_store, ["861"])
    name = "a` = 1 SET n.`b"
    with neo4j_store.writer("test") as writer:
        writer.write_scores(name, "run-1", nids, np.array([0.5]), 1)
        writer.commit()
    found = neo4j_store.reader(EVERYTHING, Purpose("test")).scores(nids)
    assert found["model"].to_pylist() == [name]
