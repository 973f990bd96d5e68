"""No single raw column tells who was planted."""

from __future__ import annotations

import numpy as np
import pytest

from graphrisk_loaders.synth.city import write_city
from tests.loaders.synth.raw import RawCity, auc

SEEDS = (11, 12, 13)
MOST = 0.75
CAMOUFLAGED = (1, 2, 3)


@pytest.fixture(scope="module")
def cities(tmp_path_factory: pytest.TempPathFactory) -> list[RawCity]:
    found = []
    for seed in SEEDS:
        folder = tmp_path_factory.mktemp(f"city{seed}")
        write_city("small", seed, folder, lambda *_: None)
        found.append(RawCity(folder))
    return found


@pytest.mark.parametrize(
    ("kind", "file", "key"),
    [
        ("persons", "persons.csv", "person_id"),
        ("phones", "phones.csv", "number"),
        ("accounts", "accounts.csv", "account_no"),
    ],
)
def test_no_raw_column_tells_members_of_camouflaged_rings(
    cities: list[RawCity], kind: str, file: str, key: str
) -> None:
    columns, members = [], []
    for city in cities:
        keys = np.array([row[key] for row in city.rows(file)])
        shown = ~np.isin(keys, list(city.keys_of({0})))
        members.append(np.isin(keys, list(city.keys_of(CAMOUFLAGED)))[shown])
        raw = {"persons": city.persons, "phones": city.phones, "accounts": city.accounts}[kind]()
        columns.append({name: values[shown] for name, values in raw.items()})
    pooled = np.concatenate(members)
    assert pooled.sum() > 100
    told = {
        name: round(auc(np.concatenate([one[name] for one in columns]), pooled), 3)
        for name in columns[0]
    }
    assert {name: area for name, area in told.items() if area > MOST} == {}
    for name in ("row", "key", "opened_at"):
        assert told.get(name, 0.5) < 0.6, told


def test_members_and_honest_look_alikes_pay_about_as_often(cities: list[RawCity]) -> None:
    degrees, members = [], []
    for city in cities:
        keys = np.array([row["account_no"] for row in city.rows("accounts.csv")])
        planted = np.isin(keys, list(city.keys_of(CAMOUFLAGED)))
        honest = np.isin(keys, [row["key"] for row in city.rows("truth/hard_negatives.csv")])
        either = planted | honest
        degrees.append(city.accounts()["degree"][either])
        members.append(planted[either])
    assert auc(np.concatenate(degrees), np.concatenate(members)) < MOST


def test_ring_rows_stand_everywhere_in_the_files(cities: list[RawCity]) -> None:
    for city in cities:
        planted = city.keys_of({0, *CAMOUFLAGED})
        places = [
            place / len(city.transfers)
            for place, row in enumerate(city.transfers)
            if row["from_account"] in planted and row["to_account"] in planted
        ]
        assert min(places) < 0.25
        assert max(places) > 0.75
