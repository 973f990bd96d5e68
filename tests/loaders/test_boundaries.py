"""Boundaries are read whole or refused, and what is written reads back the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrisk_loaders.boundaries import read_boundary, write_boundary

CORNER = st.tuples(st.integers(-180 * 10**9, -178 * 10**9), st.integers(88 * 10**9, 90 * 10**9))
RING = st.lists(CORNER, min_size=3, max_size=8).map(lambda ring: [*ring, ring[0]])


@given(st.lists(RING, min_size=1, max_size=3))
def test_what_is_written_reads_back(rings: list[list[tuple[int, int]]]) -> None:
    boundary = tuple(np.array(ring) / 10**9 for ring in rings)
    found = read_boundary(write_boundary(boundary))
    assert len(found) == len(boundary)
    for one, other in zip(found, boundary, strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-12)


def test_holes_and_parts_are_rings() -> None:
    hole = "POLYGON ((0 0, 0.9 0, 0.9 0.9, 0 0), (0.4 0.2, 0.5 0.2, 0.5 0.3, 0.4 0.2))"
    parts = (
        "multipolygon(((0 0,1 0,1 1,0 0)),((1 1,2 1,2 2,1 1),(1.2 1.1,1.3 1.1,1.3 1.2,1.2 1.1)))"
    )
    assert [len(read_boundary(text)) for text in (hole, parts)] == [2, 3]
    assert write_boundary(read_boundary("POLYGON((1.50 -2,3 -2e0,2 -1.,1.5 -2.0))")) == (
        "POLYGON ((1.5 -2, 3 -2, 2 -1, 1.5 -2))"
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "neither"),
        ("POINT (1 2)", "neither"),
        ("POLYGON EMPTY", "neither"),
        ("POLYGON ((0 0, 1 0, 1 1, 0 0)", "neither"),
        ("POLYGON ((0 0 0, 1 0 0, 1 1 0, 0 0 0))", "neither"),
        ("POLYGON ((0 0, 1 0, nan 1, 0 0))", "neither"),
        ("POLYGON ((0 0, 1 0, 0 0))", "three corners"),
        ("POLYGON ((0 0, 1 0, 1 1, 0 1))", "ends where it began"),
        ("POLYGON ((180 0, 181 0, 180 1, 180 0))", "off the globe"),
        ("POLYGON ((0 0, 2.1 0, 1 1, 0 0))", "more than 2 degrees"),
        ("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))", "more than 2 degrees"),
        ("POLYGON ((24 118, 25 118, 25 119, 24 118))", "off the globe"),  # lat before lon
    ],
)
def test_what_is_no_boundary_is_refused(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        read_boundary(text)


def test_a_long_boundary_that_breaks_off_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="neither"):
        read_boundary("POLYGON ((" + "118.123456789 24.123456789, " * 20_000)
