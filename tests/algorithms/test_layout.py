from __future__ import annotations

import numpy as np

from graphrisk_algorithms.graph import Int64Array
from graphrisk_algorithms.kernels.layout import positions


def edges(*pairs: tuple[int, int]) -> tuple[Int64Array, Int64Array]:
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return ends[:, 0].copy(), ends[:, 1].copy()


def test_every_node_has_a_place_of_its_own() -> None:
    places = positions(7, *edges((0, 1), (1, 2), (2, 0), (3, 4), (5, 5)))
    assert places.shape == (7, 2)
    assert np.isfinite(places).all()
    distances = np.linalg.norm(places[:, None] - places[None], axis=2)
    assert distances[~np.eye(7, dtype=bool)].min() > 0.1


def test_neighbours_stand_nearer_than_ends_of_a_chain() -> None:
    places = positions(5, *edges((0, 1), (1, 2), (2, 3), (3, 4)))
    assert np.linalg.norm(places[0] - places[1]) < np.linalg.norm(places[0] - places[4]) / 2


def test_order_of_edges_does_not_move_anything() -> None:
    src, dst = edges((0, 1), (1, 2), (2, 3), (3, 0), (1, 3), (4, 5))
    np.testing.assert_array_equal(positions(6, src, dst), positions(6, dst[::-1], src[::-1]))


def test_an_empty_graph_has_no_places() -> None:
    assert positions(0, *edges()).shape == (0, 2)
