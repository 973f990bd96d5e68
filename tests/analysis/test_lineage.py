"""Findings keep their ids from run to run."""

from __future__ import annotations

from graphrisk.analysis.lineage import Group, born_id, continued, lineage


def _group(*nids: int, kind: str = "scam_cell") -> Group:
    return Group(kind, frozenset(nids))


def test_a_new_id_depends_on_kind_and_members_only() -> None:
    keys = [("Phone", "1"), ("Account", "2")]
    assert born_id("scam_cell", keys, set()) == born_id("scam_cell", keys[::-1], set())
    assert born_id("scam_cell", keys, set()) != born_id("identity_ring", keys, set())
    assert born_id("scam_cell", keys, set()) != born_id("scam_cell", keys[:1], set())


def test_an_id_that_lives_on_under_other_members_is_not_given_twice() -> None:
    first = born_id("scam_cell", [("Phone", "1")], set())
    second = born_id("scam_cell", [("Phone", "1")], {first})
    assert second != first
    assert second == born_id("scam_cell", [("Phone", "1")], {first})


def test_a_group_goes_on_under_the_id_it_overlaps_most() -> None:
    before = {"a": _group(1, 2, 3, 4), "b": _group(4, 5, 6)}
    assert continued(before, [_group(4, 5, 6, 7), _group(1, 2, 3)]) == {
        0: ("b", 0.75),
        1: ("a", 0.75),
    }


def test_a_group_of_another_kind_or_with_little_overlap_gets_a_new_id() -> None:
    before = {"a": _group(1, 2, 3, 4)}
    assert continued(before, [_group(1, 2, 3, 4, kind="identity_ring")]) == {}
    assert continued(before, [_group(4, 5, 6, 7)]) == {}


def test_one_id_is_never_given_to_two_groups() -> None:
    before = {"a": _group(1, 2, 3, 4, 5, 6)}
    assert continued(before, [_group(1, 2, 3), _group(4, 5, 6)]) == {0: ("a", 0.5)}


def test_lineage_names_what_became_of_each() -> None:
    before = {
        "same": _group(1, 2),
        "more": _group(3, 4),
        "less": _group(5, 6, 7),
        "eaten": _group(8, 9),
        "gone": _group(20, 21),
        "torn": _group(30, 31, 32, 33),
    }
    now = {
        "same": _group(1, 2),
        "more": _group(3, 4, 8, 9, 10),
        "less": _group(5, 6),
        "torn": _group(30, 31, 34),
        "part": _group(32, 33),
        "new": _group(40, 41),
    }
    told = {item.finding_id: (item.event, item.other_id) for item in lineage(before, now)}
    assert told == {
        "same": ("kept", None),
        "more": ("grown", None),
        "less": ("shrunk", None),
        "eaten": ("merged", "more"),
        "gone": ("dissolved", None),
        "torn": ("changed", None),
        "part": ("split", "torn"),
        "new": ("born", None),
    }
