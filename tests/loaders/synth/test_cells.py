"""Supply cells and covert cells: as large, as dense, with the parts that real ones have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import asdict

import numpy as np
import pytest

from graphrisk_loaders.synth.growth import grown_like, likenesses
from graphrisk_loaders.synth.nets import Net, measures, roles_of
from graphrisk_loaders.synth.parameters import RING_KINDS
from tests.loaders.synth.measured import mean
from tests.loaders.synth.own import city_of
from tests.loaders.synth.raw import RawCity

LIKE = {(kind, name): like for kind, nets in likenesses().items() for name, like in nets.items()}
#: How far the mean of thirty grown cells may lie from the real one, in the measure's own unit.
NEAR = {
    "mean_ties": 0.1,
    "spread": 0.1,
    "hub_share": 0.03,
    "transitivity": 0.1,
    "outer_share": 0.02,
    "broker_share": 0.07,
    "density": 0.015,
}


@pytest.mark.parametrize(("kind", "name"), LIKE)
def test_grown_cells_have_the_measures_of_the_real_one(kind: str, name: str) -> None:
    like = LIKE[kind, name]
    cells = [grown_like(np.random.default_rng(seed), name, like) for seed in range(30)]
    got = mean([measures(cell) for cell in cells])
    assert abs(got["size"] / like.size - 1) < 0.08
    wanted = asdict(like) | {"density": like.density}
    far = {key: (got[key], wanted[key]) for key in NEAR if abs(got[key] - wanted[key]) > NEAR[key]}
    assert far == {}
    assert {_parts(cell) for cell in cells} == {1}
    assert len({(cell.size, len(cell.src)) for cell in cells}) > 5


def _parts(net: Net) -> int:
    left, parts = set(range(net.size)), 0
    tied = net.adjacency()
    while left:
        parts, edge = parts + 1, {left.pop()}
        while edge:
            left -= edge
            edge = {int(one) for of in edge for one in np.flatnonzero(tied[of])} & left
    return parts


def test_the_parts_follow_from_the_ties() -> None:
    """Two triangles joined by a bridge, and one more behind the end of the bridge."""
    src, dst = np.array([0, 0, 1, 2, 3, 3, 4, 3]), np.array([1, 2, 2, 3, 4, 5, 5, 6])
    net = Net("kite", 7, src, dst, np.ones(8))
    assert roles_of(net).tolist() == [
        *("member", "member", "broker", "organiser", "member", "member", "outer"),
    ]


@pytest.fixture(scope="module", params=[0, 3])
def planted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> RawCity:
    """Three cells of each kind, and no other calls than theirs."""
    place = tmp_path_factory.mktemp("cells")
    return city_of(
        place,
        1,
        {"supply_cell": 3, "covert_cell": 3},
        levels=[request.param],
        calls_per_tie=0.0,
        strangers=0.0,
        people=4000,
    )


def _cells(city: RawCity, kind: str, node_kind: str) -> list[dict[str, str]]:
    """Role by key of each cell of a kind."""
    found: dict[str, dict[str, str]] = {
        row["ring_id"]: {} for row in city.rows("truth/rings.csv") if row["kind"] == kind
    }
    for row in city.members():
        if row["ring_id"] in found and row["node_kind"] == node_kind:
            found[row["ring_id"]][row["key"]] = row["role"]
    return [*found.values()]


def test_the_calls_of_a_cell_draw_its_net(planted: RawCity) -> None:
    pairs = {
        frozenset(pair)
        for pair in zip(planted.calls["caller"], planted.calls["callee"], strict=True)
    }
    drawn = 0
    for kind in ("supply_cell", "covert_cell"):
        for role in _cells(planted, kind, "Phone"):
            own = [pair for pair in pairs if pair <= role.keys()]
            drawn += len(own)
            ties = Counter(key for pair in own for key in pair)
            assert ties.keys() == role.keys()
            assert {key for key in role if role[key] == "outer"} == {
                key for key in role if ties[key] == 1
            }
            (organiser,) = (key for key in role if role[key] == "organiser")
            assert ties[organiser] == max(ties.values())
            if kind == "supply_cell":
                assert 2 * len(own) < 3.2 * len(role)
            else:
                assert 2 * len(own) > 3.9 * len(role)
    assert drawn == len(pairs)


@pytest.mark.parametrize("planted", [0], indirect=True)
def test_takings_go_up_and_upkeep_comes_from_the_organiser(planted: RawCity) -> None:
    for role in _cells(planted, "supply_cell", "Account"):
        outer = {key for key in role if role[key] == "outer"}
        payers, payees = _paid(planted, role)
        assert payers >= outer
        assert not payees & outer
    for role in _cells(planted, "covert_cell", "Account"):
        (organiser,) = (key for key in role if role[key] == "organiser")
        assert _paid(planted, role) == ({organiser}, role.keys() - {organiser})


def _paid(city: RawCity, accounts: Collection[str]) -> tuple[set[str], set[str]]:
    """Who of them paid, and who was paid, among themselves."""
    within = [
        (row["from_account"], row["to_account"])
        for row in city.transfers
        if row["from_account"] in accounts and row["to_account"] in accounts
    ]
    return {payer for payer, _ in within}, {payee for _, payee in within}


def test_every_cell_of_the_presets_has_its_likeness() -> None:
    assert set(likenesses()) <= set(RING_KINDS)
