"""Rows that say no labels have read none: other labels, the same scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from benchmarks.quality.measures import Floats
from benchmarks.quality.public import communities, reviews, telecom, transfers
from tests.benchmarks.quality.public.factory import rewritten, write


def _of_transfers(folder: Path) -> Mapping[str, Floats]:
    return transfers.scores(transfers.ledger(folder)[0])


def _of_telecom(folder: Path) -> Mapping[str, Floats]:
    return telecom.scores(telecom.subscribers(folder)[0])


def _of_communities(folder: Path) -> Mapping[str, Floats]:
    view, _, _ = communities.ties(folder)
    return {"consensus": communities.consensus(view, 1).astype(np.float64)}


def _of_reviews(folder: Path) -> Mapping[str, Floats]:
    found = reviews.groups(reviews.reviews(folder)[0])
    assert found
    return {str(place): one.astype(np.float64) for place, one in enumerate(found)}


UNSUPERVISED: Mapping[str, Callable[[Path], Mapping[str, Floats]]] = {
    "transfers": _of_transfers,
    "telecom": _of_telecom,
    "reviews": _of_reviews,
    "communities": _of_communities,
}


def _other_labels(table: pa.Table, column: str) -> pa.Table:
    values = table.column(column).to_numpy()[::-1].copy()
    return table.set_column(table.column_names.index(column), column, pa.array(values))


@pytest.mark.parametrize("name", UNSUPERVISED)
def test_other_labels_change_no_score(name: str, tmp_path: Path) -> None:
    before = UNSUPERVISED[name](write(name, tmp_path, 2))
    rewritten(name, tmp_path, _other_labels)
    after = UNSUPERVISED[name](tmp_path)
    for one in before:
        np.testing.assert_array_equal(before[one], after[one])
