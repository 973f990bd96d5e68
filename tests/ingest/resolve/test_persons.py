"""Second records of citizens are found by name, number and what they use; relatives are not one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from benchmarks.quality.measures import pair_figures
from graphrisk.ingest.resolve.matcher import SAME, Matches
from graphrisk.ingest.resolve.persons import match_persons
from graphrisk_algorithms.graph import EdgeColumns, RiskGraph
from graphrisk_algorithms.kernels.components import component_labels
from tests.ingest.resolve.doubles import Doubled, with_doubles
from tests.ingest.resolve.residents import CELLS, residents

HOMES = 700


@pytest.fixture(scope="module")
def town() -> Doubled:
    return with_doubles(residents(HOMES, 1), 0.06, 1)


@pytest.fixture(scope="module")
def found(town: Doubled) -> Matches:
    return match_persons(town.graph)


def _changed(graph: RiskGraph, column: str, values: dict[int, str | None]) -> RiskGraph:
    people = graph.nodes["Person"]
    texts = people.column(column).to_pylist()
    for nid, value in values.items():
        texts[people.column("nid").to_pylist().index(nid)] = value
    place = people.schema.get_field_index(column)
    nodes = {"Person": people.set_column(place, column, pa.array(texts, pa.string()))}
    return replace(graph, nodes=nodes)


def _pair(town: Doubled) -> tuple[int, int]:
    """A person who has two records: nids of both."""
    nids = town.graph.nodes["Person"].column("nid").to_numpy()
    owner, count = np.unique(town.person, return_counts=True)
    one, two = nids[town.person == owner[count == 2][0]].tolist()
    return one, two


def _bits(found: Matches, pair: tuple[int, int], field: str) -> float:
    at = np.flatnonzero((found.left == pair[0]) & (found.right == pair[1]))
    return float(found.bits[at[0], found.fields.index(field)])


def _twins(
    town: Doubled, token: str | None, halves: str | None
) -> tuple[RiskGraph, tuple[int, int]]:
    """Both records of a person have one name; the first has a number, the second what is given."""
    one, two = _pair(town)
    graph = _changed(town.graph, "name", {one: "欧阳千里", two: "欧阳千里"})
    graph = _changed(graph, "id_token", {one: "id:1:a", two: token})
    return _changed(graph, "id_halves", {one: "b c", two: halves}), (one, two)


def test_second_records_are_found_and_hardly_anybody_else(town: Doubled, found: Matches) -> None:
    nids = town.graph.nodes["Person"].column("nid").to_numpy()
    left, right = found.above(SAME)
    figures = pair_figures(component_labels(town.graph.n, left, right)[nids], town.person)
    assert figures["precision"] > 0.98
    assert figures["recall"] > 0.85


def test_members_of_one_home_are_not_one_person(town: Doubled, found: Matches) -> None:
    people = town.graph.nodes["Person"]
    owner = dict(zip(people.column("nid").to_pylist(), town.person.tolist(), strict=True))
    left, right = (side.tolist() for side in found.above(SAME))
    wrong = sum(owner[one] != owner[two] for one, two in zip(left, right, strict=True))
    assert wrong <= 1


def test_a_number_agrees_whole_or_in_part(town: Doubled) -> None:
    whole, half, other = (
        _bits(match_persons(graph), pair, "identity")
        for graph, pair in (
            _twins(town, "id:1:a", "b c"),
            _twins(town, "id:1:z", "b z"),
            _twins(town, "id:1:z", "y z"),
        )
    )
    assert whole > half > 0 > other


def test_a_number_that_was_surely_mistyped_is_nobody_elses(town: Doubled) -> None:
    graph, pair = _twins(town, "id-unsound:1:z", "y z")
    assert _bits(match_persons(graph), pair, "identity") == 0


def test_a_homophone_says_less_than_the_same_signs_but_speaks_for_it(town: Doubled) -> None:
    graph, pair = _twins(town, "id:1:a", "b c")
    same = _bits(match_persons(graph), pair, "name")
    heard = _changed(graph, "name", {pair[1]: "欧阳千礼"})
    assert same > _bits(match_persons(heard), pair, "name") > 0


def test_whoever_lends_a_shop_telephone_is_not_known_by_it(town: Doubled) -> None:
    owns = town.graph.edges["OWNS_PHONE"]
    shop = np.full(len(owns), owns.dst[0])
    edges = {**town.graph.edges, "OWNS_PHONE": replace(owns, dst=shop)}
    found = match_persons(replace(town.graph, edges=edges))
    assert (found.bits[:, found.fields.index("phones")] <= 0).all()


def _with_one_number(town: Doubled, share: float) -> tuple[RiskGraph, list[tuple[int, int]]]:
    """Some persons have the number of another one who was born in the same year."""
    people = town.graph.nodes["Person"].select(["nid", "birth_year", "id_token", "id_halves"])
    rows = [row for row in people.to_pylist() if row["id_token"] and row["birth_year"]]
    rows = sorted(rows[: len(rows) // 2], key=lambda row: row["birth_year"])
    tokens: dict[int, str | None] = {}
    halves: dict[int, str | None] = {}
    pairs = []
    for one, two in list(zip(rows[::2], rows[1::2], strict=False))[: int(share * len(rows))]:
        if one["birth_year"] == two["birth_year"]:
            tokens[two["nid"]], halves[two["nid"]] = one["id_token"], one["id_halves"]
            pairs.append((one["nid"], two["nid"]))
    graph = _changed(town.graph, "id_token", tokens)
    return _changed(graph, "id_halves", halves), pairs


def test_two_who_have_one_number_and_nothing_else_in_common_stay_two(town: Doubled) -> None:
    graph, pairs = _with_one_number(town, 0.1)
    assert len(pairs) > 90
    found = match_persons(graph)
    left, right = (side.tolist() for side in found.above(SAME))
    taken = {frozenset(pair) for pair in zip(left, right, strict=True)}
    assert not [pair for pair in pairs if frozenset(pair) in taken]
    again = _again(town, left, right)
    assert again > 0.85, "and whoever stands twice is found all the same"


def _copied(town: Doubled) -> tuple[RiskGraph, list[tuple[int, int]]]:
    """In one home of four the second has the number of the first, whose handset he uses."""
    people = town.graph.nodes["Person"].select(["nid", "id_token", "id_halves"])
    known = {row["nid"]: row for row in people.to_pylist() if row["id_token"]}
    handset = dict(zip(*_ends(town.graph, "USES_DEVICE"), strict=True))
    phone = dict(zip(*_ends(town.graph, "OWNS_PHONE"), strict=True))
    used = {nid: handset.get(phone.get(nid, -1), -1) for nid in known}
    address = dict(zip(*_ends(town.graph, "RESIDES_AT"), strict=True))
    pairs = [
        (one, one + 1)
        for one in known
        if one + 1 in known
        and address.get(one, -1) == address.get(one + 1, -2)
        and used[one] == used[one + 1] >= 0
    ][::4]
    tokens = {two: known[one]["id_token"] for one, two in pairs}
    halves = {two: known[one]["id_halves"] for one, two in pairs}
    return _changed(_changed(town.graph, "id_token", tokens), "id_halves", halves), pairs


def _ends(graph: RiskGraph, kind: str) -> tuple[list[int], list[int]]:
    edges = graph.edges[kind]
    return edges.src.tolist(), edges.dst.tolist()


def test_relatives_on_one_handset_with_a_copied_number_stay_two(town: Doubled) -> None:
    graph, pairs = _copied(town)
    assert len(pairs) > 60
    found = match_persons(graph)
    left, right = (side.tolist() for side in found.above(SAME))
    taken = {frozenset(pair) for pair in zip(left, right, strict=True)}
    wrong = sum(frozenset(pair) in taken for pair in pairs)
    assert wrong < 0.05 * len(pairs), "but for some whose names are alike as well"
    assert _again(town, left, right) > 0.85


def _using(town: Doubled, handset: int) -> tuple[RiskGraph, tuple[int, int]]:
    """Both records of a person, the second with a telephone of its own on that handset."""
    graph, (one, two) = _twins(town, None, None)
    owns, uses = graph.edges["OWNS_PHONE"], graph.edges["USES_DEVICE"]
    theirs = np.isin(owns.src, [two])
    phone = graph.n
    edges = {
        **graph.edges,
        "OWNS_PHONE": _with(owns, ~theirs, two, phone),
        "USES_DEVICE": _with(uses, np.ones(len(uses), np.bool_), phone, handset),
    }
    return replace(graph, n=phone + 1, edges=edges), (one, two)


def _with(edges: EdgeColumns, kept: np.ndarray, src: int, dst: int) -> EdgeColumns:
    ends = np.append(edges.src[kept], src), np.append(edges.dst[kept], dst)
    return EdgeColumns(np.arange(len(ends[0])), *ends, {})


def _handset_of(town: Doubled, person: int) -> int:
    phone = dict(zip(*_ends(town.graph, "OWNS_PHONE"), strict=True))
    return dict(zip(*_ends(town.graph, "USES_DEVICE"), strict=True))[phone[person]]


def test_a_handset_says_most_if_ones_own_less_if_a_relatives_and_nothing_for_if_a_strangers(
    town: Doubled,
) -> None:
    own, _ = _pair(town)
    address = dict(zip(*_ends(town.graph, "RESIDES_AT"), strict=True))
    mine = _handset_of(town, own)
    at_home = [nid for nid, home in address.items() if home == address[own] and nid != own]
    relative = next(h for h in (_handset_of(town, nid) for nid in at_home) if h != mine)
    stranger = _handset_of(town, next(nid for nid in address if address[nid] > address[own] + 9))
    said = []
    for handset in (mine, relative, stranger):
        graph, pair = _using(town, handset)
        found = match_persons(graph)
        said.append(sum(_bits(found, pair, f) for f in ("devices", "devices within cells")))
    assert said[0] > said[1] > 0 > said[2]


def test_neighbours_on_one_handset_are_less_surprising_than_strangers(town: Doubled) -> None:
    graph, pair = _using(town, _handset_of(town, _pair(town)[0]))
    lives = graph.edges["LIVES_IN"]
    cell = dict(zip(*_ends(graph, "LIVES_IN"), strict=True))[pair[0]]
    moved = {}
    for place in (cell, (cell + 1) % CELLS):
        dst = np.where(lives.src == pair[1], place, lives.dst)
        edges = {**graph.edges, "LIVES_IN": replace(lives, dst=dst)}
        if not (lives.src == pair[1]).any():
            edges["LIVES_IN"] = _with(lives, np.ones(len(lives), np.bool_), pair[1], place)
        found = match_persons(replace(graph, edges=edges))
        fields = ("devices", "devices within cells")
        moved[place] = [_bits(found, pair, field) for field in fields]
    near, far = moved[cell], moved[(cell + 1) % CELLS]
    assert near[0] == 0 == far[1]
    assert far[0] > near[1] + 1 > 1


def test_a_year_late_says_more_than_any_other_year(town: Doubled) -> None:
    graph, pair = _twins(town, "id:1:a", "b c")
    people = graph.nodes["Person"]
    nids, years = (people.column(name).to_pylist() for name in ("nid", "birth_year"))
    place = people.schema.get_field_index("birth_year")
    said = []
    for year in (1979, 1980, 1968):
        years[nids.index(pair[0])], years[nids.index(pair[1])] = 1979, year
        column = pa.array(years, pa.int64())
        changed = people.set_column(place, "birth_year", column)
        found = match_persons(replace(graph, nodes={"Person": changed}))
        said.append(_bits(found, pair, "birth_year"))
    assert said[0] > said[1] > 0 > said[2]


def test_without_a_single_year_people_are_still_compared(town: Doubled) -> None:
    people = town.graph.nodes["Person"]
    place = people.schema.get_field_index("birth_year")
    nodes = {"Person": people.set_column(place, "birth_year", pa.nulls(len(people), pa.int64()))}
    found = match_persons(replace(town.graph, nodes=nodes))
    assert (found.bits[:, found.fields.index("birth_year")] == 0).all()
    assert len(found.above(SAME)[0]) > 50


def test_a_rare_sign_in_common_says_more_than_a_frequent_one(town: Doubled) -> None:
    graph, pair = _twins(town, "id:1:a", "b c")
    said = []
    for names in (("张千", "张里"), ("欧千", "欧里"), ("欧千", "张里")):
        changed = _changed(graph, "name", dict(zip(pair, names, strict=True)))
        said.append(_bits(match_persons(changed), pair, "name"))
    assert said[1] > said[0] + 1 > said[2] + 1


def _again(town: Doubled, left: list[int], right: list[int]) -> float:
    """Share of second records that are taken for the first."""
    nids = town.graph.nodes["Person"].column("nid").to_pylist()
    owner = dict(zip(nids, town.person.tolist(), strict=True))
    found = {owner[one] for one, two in zip(left, right, strict=True) if owner[one] == owner[two]}
    return len(found) / (len(nids) - len(set(town.person.tolist())))
