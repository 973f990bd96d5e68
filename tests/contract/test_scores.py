"""Scores: written in bulk, outside the sequence, refused on nodes that are gone."""

from __future__ import annotations

import numpy as np
import pytest

from graphrisk.core.errors import Conflict
from graphrisk.store.contract import Int64Array, Store
from tests.contract.deliveries import ids, nodes, read, write


def _score(store: Store, nids: Int64Array, scores: list[float], run: str, model: str = "m") -> int:
    values = np.array(scores)
    return write(store, lambda w: w.write_scores(model, run, nids, values, 1))


def test_scores_come_by_nid_and_model_and_leave_the_version(store: Store) -> None:
    nodes(store, "Person", ["a", "b"])
    nodes(store, "Phone", ["1"])
    assert _score(store, ids(2, 0), [0.5, 1.0], "r1") == 2
    assert _score(store, ids(0), [0.25], "r2", "another `model`") == 1
    assert read(store).scores(ids(2, 1, 0, 99)).to_pylist() == [
        {"nid": 0, "model": "another `model`", "score": 0.25, "run": "r2"},
        {"nid": 0, "model": "m", "score": 1.0, "run": "r1"},
        {"nid": 2, "model": "m", "score": 0.5, "run": "r1"},
    ]
    assert read(store).scores(ids()).num_rows == 0
    assert read(store).version() == 2


def test_only_what_differs_is_written_and_what_is_not_named_goes(store: Store) -> None:
    nodes(store, "Person", ["a", "b", "c"])
    _score(store, ids(0, 1), [0.1, 0.2], "r1")
    assert _score(store, ids(0, 1), [0.1, 0.2], "r1") == 0
    assert _score(store, ids(1, 2), [0.3, 0.4], "r2") == 2
    found = read(store).scores(ids(0, 1, 2)).to_pylist()
    assert [(row["nid"], row["score"]) for row in found] == [(1, 0.3), (2, 0.4)]
    assert _score(store, ids(), [], "r3") == 0
    assert read(store).scores(ids(0, 1, 2)).num_rows == 0


def test_a_score_for_an_erased_node_refuses_all(store: Store) -> None:
    nodes(store, "Person", ["a", "b"])
    _score(store, ids(0), [0.1], "r1")
    write(store, lambda w: w.delete(ids(1)))
    nodes(store, "Person", ["c", "d"])
    for nids in (ids(0, 1), ids(0, 99)):
        with pytest.raises(Conflict):
            _score(store, nids, [0.9, 0.9], "r2")
    found = read(store).scores(ids(0, 1, 2, 3)).to_pylist()
    assert [(row["nid"], row["score"]) for row in found] == [(0, 0.1)]


def test_many_scores_stand_where_they_belong(store: Store) -> None:
    nids = np.array(nodes(store, "Account", [f"{n}" for n in range(30_000)]))
    order = np.random.default_rng(4).permutation(nids)
    values = write(store, lambda w: w.write_scores("m", "r", order, order / 30_000, 1))
    assert values == 30_000
    found = read(store).scores(nids)
    assert (found["nid"].to_numpy() == nids).all()
    assert (found["score"].to_numpy() == nids / 30_000).all()
