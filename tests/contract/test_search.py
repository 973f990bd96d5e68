"""Found by words, pinyin and fragments; the terms themselves are tested in tests/store."""

from __future__ import annotations

import pytest

from graphrisk.store.contract import Store
from tests.contract.deliveries import (
    add_nodes,
    assertions,
    batch,
    column,
    ids,
    nodes,
    read,
    write,
)

ALL = ["Person", "Phone", "Account", "Area", "Device"]


@pytest.fixture
def town(store: Store) -> Store:
    people = nodes(store, "Person", ["p1", "p2", "p3"])
    names = ["曾伟民", "李𠮷", "Anna-Maria O'Neil"]
    add_nodes(store, "Person", assertions(people, [1, 2, 3], name=names), batch(1_000, "persons"))
    nodes(store, "Phone", ["8613912345678", "8613900000000"])
    area = nodes(store, "Area", ["330106"])
    add_nodes(store, "Area", assertions(area, [1], name=["杭州市 西湖区"]))
    return store


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("曾伟民", ["p1"]),
        ("伟民", ["p1"]),
        ("民", ["p1"]),
        ("𠮷", ["p2"]),
        ("zengweimin", ["p1"]),
        ("ZWM", ["p1"]),
        ("zw", ["p1"]),
        ("weim", ["p1"]),
        ("anna neil", ["p3"]),
        ("nna", ["p3"]),
        ("anna wei", []),
        ("139", ["8613912345678", "8613900000000"]),
        ("1391234", ["8613912345678"]),
        ("8613900000000", ["8613900000000"]),
        ("西湖", ["330106"]),
        ("hangzhou xihu", ["330106"]),
        ("3301", ["330106"]),
        ("p1", []),
        ("", []),
        ('*" OR 1=1 --', []),
    ],
)
def test_texts_find_nodes(town: Store, text: str, keys: list[str]) -> None:
    page = read(town).search(text, ALL)
    assert column(page.rows, "key") == keys
    assert (page.total, page.truncated) == (len(keys), False)


def test_rows_come_by_kind_and_nid_and_are_capped(store: Store) -> None:
    nodes(store, "Phone", [f"139{n:08}" for n in range(30)])
    nodes(store, "Account", [f"139{n:08}" for n in range(30)])
    page = read(store).search("139", ["Phone", "Account"], limit=35)
    assert column(page.rows, "kind") == ["Account"] * 30 + ["Phone"] * 5
    assert column(page.rows, "nid") == [*range(30, 60), *range(5)]
    assert (page.total, page.truncated) == (60, True)
    only = read(store).search("139", ["Phone"], limit=30)
    assert (only.total, only.truncated) == (30, False)


def test_a_name_that_changed_or_ended_is_no_longer_found(town: Store) -> None:
    renamed = assertions([0], [1], [2], name=["赵六"])
    add_nodes(town, "Person", renamed, batch(2_000, "persons"))
    assert read(town).search("曾", ALL).total == 0
    assert column(read(town).search("赵六", ALL).rows, "key") == ["p1"]
    closing = batch(3_000, "persons")
    write(town, lambda w: w.close_absent("Person", "persons", ids(2), closing))
    assert read(town).search("赵六", ALL).total == 0
    assert column(read(town).search("李", ALL).rows, "key") == ["p2"]
