"""A load asks the store once for a key, and never takes one key for another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest

from graphrisk.ingest import nids as module
from graphrisk.ingest.hashing import fingerprints
from graphrisk.ingest.nids import Nids
from graphrisk.store.contract import Int64Array
from graphrisk.store.sqlite.writer import SqliteWriter
from tests.ingest.factory import Desk


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keys that the store was asked for."""
    keys: list[str] = []
    resolve = SqliteWriter.resolve

    def listening(self: SqliteWriter, kind: str, wanted: Sequence[str]) -> Int64Array:
        keys.extend(wanted)
        return resolve(self, kind, wanted)

    monkeypatch.setattr(SqliteWriter, "resolve", listening)
    return keys


def test_known_keys_are_not_asked_for_again(desk: Desk, asked: list[str]) -> None:
    with desk.store.writer("test") as writer:
        nids = Nids(writer)
        first = nids.of("Phone", pa.array(["b", "a", "b"]))
        second = nids.of("Phone", pa.array(["a", "c", "b"]))
        other = nids.of("Account", pa.array(["a"]))
        writer.commit()
    assert asked == ["b", "a", "c", "a"]
    assert first.tolist() == [first[0], first[1], first[0]]
    assert second.tolist()[::2] == [first[1], first[0]]
    assert other[0] not in {*first, *second}
    assert desk.reader.lookup("Phone", ["b", "a", "c"]).tolist() == [*first[:2], second[1]]


def test_two_keys_with_one_fingerprint_stay_two(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        module,
        "fingerprints",
        lambda keys, *, other=False: (
            fingerprints(keys, other=True) if other else np.zeros(len(keys), np.int64)
        ),
    )
    with desk.store.writer("test") as writer:
        nids = Nids(writer)
        found = [nids.of("Phone", pa.array([key]))[0] for key in ("a", "b", "a", "b")]
    assert found[0] == found[2] != found[1] == found[3]


def test_it_forgets_rather_than_grow_without_end(
    desk: Desk, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST", 10)
    keys = pa.array([str(i) for i in range(11)])
    with desk.store.writer("test") as writer:
        nids = Nids(writer)
        assert nids.of("Phone", keys).tolist() == nids.of("Phone", keys).tolist()
    assert len(asked) == 22
