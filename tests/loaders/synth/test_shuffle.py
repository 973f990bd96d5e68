"""The control: edges torn apart, everything else as it was."""

from __future__ import annotations

from collections import Counter

import pyarrow.parquet as pq
import pytest

from graphrisk_loaders.synth.city import write_city
from graphrisk_loaders.synth.shuffle import shuffle_edges
from tests.loaders.synth.raw import RawCity


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[RawCity, RawCity]:
    folder = tmp_path_factory.mktemp("city")
    write_city("small", 5, folder / "whole", lambda *_: None)
    shuffle_edges(folder / "whole", folder / "torn", seed=1)
    return RawCity(folder / "whole"), RawCity(folder / "torn")


def test_ends_change_places_and_every_one_keeps_its_number_of_edges(
    pair: tuple[RawCity, RawCity],
) -> None:
    whole, torn = pair
    for name, ends in (
        ("transfers.csv", ("from_account", "to_account")),
        ("phones.csv", ("owner_id", "imei")),
        ("accounts.csv", ("holder_id", "device_id")),
        ("persons.csv", ("grid_code",)),
        ("households.csv", ("address_code",)),
    ):
        before, after = whole.rows(name), torn.rows(name)
        for column in before[0]:
            same = [row[column] for row in before] == [row[column] for row in after]
            assert same == (column not in ends), (name, column)
            assert Counter(row[column] for row in before) == Counter(row[column] for row in after)


def test_calls_keep_their_times_and_lengths(pair: tuple[RawCity, RawCity]) -> None:
    before, after = (pq.read_table(one.folder / "calls.parquet") for one in pair)
    kept = ["call_id", "start", "seconds", "answered"]
    assert before.select(kept).equals(after.select(kept))
    assert not before["callee"].equals(after["callee"])


def test_what_is_no_edge_is_copied(pair: tuple[RawCity, RawCity]) -> None:
    whole, torn = (one.folder for one in pair)
    for name in ("scam_numbers.jsonl", "areas.csv", "truth/rings.csv", "truth/members.csv"):
        assert (whole / name).read_bytes() == (torn / name).read_bytes()
