"""Nodes: keys, assertions of several sources, and their merge."""

from __future__ import annotations

import numpy as np

from graphrisk.store.contract import AsOf, Store
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


def test_keys_and_nids_lead_to_each_other(store: Store) -> None:
    nids = nodes(store, "Person", ["甲-1", "𠮷", 'it\'s "quoted"'])
    found = read(store).lookup("Person", ["𠮷", "nobody", 'it\'s "quoted"', "甲-1", "𠮷"])
    assert found.tolist() == [1, -1, 2, 0, 1]
    assert read(store).lookup("Phone", ["𠮷"]).tolist() == [-1]
    assert read(store).lookup("Phone", []).tolist() == []
    rows = read(store).get_nodes(ids(*reversed(nids)))["Person"]
    assert column(rows, "nid") == nids
    assert column(rows, "key") == ["甲-1", "𠮷", 'it\'s "quoted"']


def test_the_same_text_names_different_nodes_of_different_kinds(store: Store) -> None:
    assert nodes(store, "Person", ["1"]) != nodes(store, "Account", ["1"])
    assert read(store).get_nodes(ids(0, 1)).keys() == {"Person", "Account"}


def test_a_mentioned_node_has_null_properties(store: Store) -> None:
    nodes(store, "Person", ["a"])
    row = read(store).get_nodes(ids(0, 99))["Person"].to_pylist()
    assert row == [
        {
            "nid": 0,
            "key": "a",
            "name": None,
            "birth_year": None,
            "id_token": None,
            "id_halves": None,
            "id_cipher": None,
        }
    ]
    assert read(store).get_nodes(ids(99)) == {}
    assert read(store).get_nodes(ids()) == {}


def test_every_property_type_comes_back_as_it_was(store: Store) -> None:
    nids = nodes(store, "GridCell", ["g"]) + nodes(store, "Account", ["c"])
    grid = assertions(nids[:1], [1], name=["三里\n屯 “网格”"], kind=[None], lon=[116.4], lat=[-0.0])
    add_nodes(store, "GridCell", grid)
    account = assertions(nids[1:], [1], bank=["银行"], opened_at=[-1], balance=[2**53 + 1])
    add_nodes(store, "Account", account)
    found = read(store).get_nodes(ids(*nids))
    assert found["GridCell"].to_pylist()[0] | {"nid": 0} == {
        "nid": 0,
        "key": "g",
        "name": "三里\n屯 “网格”",
        "kind": None,
        "lon": 116.4,
        "lat": 0.0,
        "boundary": None,
    }
    assert found["Account"].to_pylist()[0]["balance"] == 2**53 + 1
    assert found["Account"].to_pylist()[0]["opened_at"] == -1


def test_sources_merge_per_property_and_the_last_known_value_wins(store: Store) -> None:
    nids = nodes(store, "Phone", ["1"])
    register = assertions(nids, [1], operator=["移动"], opened_at=[10])
    scam_list = assertions(nids, [2], scam_category=["刷单"])
    add_nodes(store, "Phone", scam_list, batch(2_000, "scam_numbers"))
    add_nodes(store, "Phone", register, batch(3_000, "phones"))
    add_nodes(store, "Phone", assertions(nids, [3], operator=["联通"]), batch(1_000, "survey"))
    row = read(store).get_nodes(ids(0))["Phone"].to_pylist()[0]
    assert (row["operator"], row["opened_at"], row["scam_category"]) == ("移动", 10, "刷单")


def test_of_two_sources_learnt_together_the_later_name_wins(store: Store) -> None:
    nids = nodes(store, "Person", ["a"])
    add_nodes(store, "Person", assertions(nids, [1], name=["乙源"]), batch(1_000, "b"))
    add_nodes(store, "Person", assertions(nids, [2], name=["甲源"]), batch(1_000, "a"))
    assert column(read(store).get_nodes(ids(0))["Person"], "name") == ["乙源"]


def test_an_assertion_counts_once_and_a_changed_one_adds_a_version(store: Store) -> None:
    nids = nodes(store, "Person", ["a", "b"])
    first = assertions(nids, [1, 2], [10, 20], name=["甲", "乙"])
    assert add_nodes(store, "Person", first).loaded == 2
    changed = assertions(nids, [1, 2], [10, 21], name=["甲", "乙改"])
    result = add_nodes(store, "Person", changed, batch(2_000))
    assert (result.loaded, result.unchanged, len(result.conflicts)) == (1, 1, 0)
    assert column(read(store).get_nodes(ids(0, 1))["Person"], "name") == ["甲", "乙改"]
    before = read(store).get_nodes(ids(0, 1), AsOf(known_at=1_999))["Person"]
    assert column(before, "name") == ["甲", "乙"]
    assert column(read(store).get_nodes(ids(1), AsOf(known_at=999))["Person"], "name") == [None]


def test_a_node_can_be_told_to_have_moved_to_another(store: Store) -> None:
    nids = nodes(store, "Person", ["a", "b"])
    add_nodes(store, "Person", assertions(nids[:1], [1], [10], name=["甲"]))
    add_nodes(store, "Person", assertions(nids[1:], [1], [11], name=["甲"]), batch(2_000))
    assert column(read(store).get_nodes(ids(0, 1))["Person"], "name") == [None, "甲"]


def test_properties_count_within_their_validity_only(store: Store) -> None:
    nids = nodes(store, "Person", ["a"])
    add_nodes(store, "Person", assertions(nids, [1], valid=(100, 200), name=["甲"]))
    names = [
        column(read(store).get_nodes(ids(0), AsOf(valid_at=at))["Person"], "name")[0]
        for at in (99, 100, 199, 200)
    ]
    assert names == [None, "甲", "甲", None]
    assert column(read(store).get_nodes(ids(0))["Person"], "name") == [None]


def test_a_scan_pages_through_one_kind_in_nid_order(store: Store) -> None:
    people = nodes(store, "Person", [f"p{n}" for n in range(5)])
    nodes(store, "Phone", ["x"])
    people += nodes(store, "Person", ["p5", "p6"])
    add_nodes(store, "Person", assertions(people[2:3], [1], name=["丙"]))
    seen: list[object] = []
    after = -1
    while (page := read(store).scan_nodes("Person", after, limit=3)).num_rows:
        seen += column(page, "key")
        after = int(page["nid"][-1].as_py())
    assert seen == [f"p{n}" for n in range(7)]
    assert column(read(store).scan_nodes("Person", people[1], 1), "name") == ["丙"]


def test_many_nodes_keep_their_order(store: Store) -> None:
    keys = [f"k{n}" for n in np.random.default_rng(1).permutation(50_000)]
    first = write(store, lambda w: w.resolve("Phone", [*keys, *keys]))
    assert first.tolist() == [*range(50_000), *range(50_000)]
    assert read(store).lookup("Phone", keys[::-1]).tolist() == list(range(49_999, -1, -1))
