"""GCJ-02 and BD-09 lead back to WGS-84 to the centimetre, and leave the rest of the world alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graphrisk_loaders.coordinates import CRS, Crs, FloatArray, from_wgs84, to_wgs84

SHIFTED: tuple[Crs, ...] = ("gcj02", "bd09")
#: The rectangle of the rule.
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
METRES_A_DEGREE = 111_320
CENTIMETRE = 0.01 / METRES_A_DEGREE


def at(lon: float, lat: float) -> tuple[FloatArray, FloatArray]:
    return np.array([lon]), np.array([lat])


def apart(one: tuple[FloatArray, FloatArray], other: tuple[FloatArray, FloatArray]) -> float:
    """The largest difference in degrees, which is never less than the true one."""
    return float(max(np.abs(a - b).max() for a, b in zip(one, other, strict=True)))


@pytest.mark.parametrize(
    ("crs", "wgs84", "published"),
    [
        # Test values of EvilTransform: Shanghai, Shenzhen, Beijing.
        ("gcj02", (121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ("gcj02", (113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ("gcj02", (116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
        # The example of coordtransform's page.
        ("gcj02", (116.404, 39.915), (116.41024449916938, 39.91640428150164)),
    ],
)
def test_published_points(
    crs: Crs, wgs84: tuple[float, float], published: tuple[float, float]
) -> None:
    assert apart(from_wgs84(*at(*wgs84), crs), at(*published)) < 1e-9
    assert apart(to_wgs84(*at(*published), crs), at(*wgs84)) < 1e-9


@pytest.mark.parametrize(
    ("gcj02", "bd09"),
    [
        # coordtransform's page, and the inverse it gives within a metre.
        ((116.404, 39.915), (116.41036949371029, 39.92133699351021)),
    ],
)
def test_published_points_of_baidu(gcj02: tuple[float, float], bd09: tuple[float, float]) -> None:
    wgs84 = to_wgs84(*at(*gcj02), "gcj02")
    assert apart(from_wgs84(*wgs84, "bd09"), at(*bd09)) < 1e-9
    assert apart(to_wgs84(*at(*bd09), "bd09"), wgs84) < 1e-9


def test_a_published_inverse_of_baidu_is_reached_within_a_metre() -> None:
    """The usual formula for the way back is itself off by decimetres."""
    gcj02 = from_wgs84(*to_wgs84(*at(116.404, 39.915), "bd09"), "gcj02")
    assert apart(gcj02, at(116.39762729119315, 39.90865673957631)) < 1 / METRES_A_DEGREE


@pytest.mark.parametrize("crs", SHIFTED)
@given(lon=st.floats(WEST, EAST), lat=st.floats(SOUTH, NORTH))
@example(lon=WEST, lat=SOUTH)
@example(lon=EAST, lat=NORTH)
@example(lon=EAST, lat=SOUTH)
@example(lon=WEST, lat=NORTH)
@example(lon=105.0, lat=35.0)  # where the formula has a cusp
@example(lon=105.000001, lat=20.0)
def test_round_trip_within_a_centimetre(crs: Crs, lon: float, lat: float) -> None:
    shifted = from_wgs84(*at(lon, lat), crs)
    assert 20 / METRES_A_DEGREE < apart(shifted, at(lon, lat)) < 0.03
    assert apart(to_wgs84(*shifted, crs), at(lon, lat)) <= CENTIMETRE
    there = to_wgs84(*shifted, crs)
    assert apart(from_wgs84(*there, crs), shifted) <= CENTIMETRE


@pytest.mark.parametrize("crs", SHIFTED)
def test_round_trip_along_the_edge_of_the_rule(crs: Crs) -> None:
    """Where a shifted position may fall outside the rectangle, or nothing is shifted any more."""
    side = np.linspace(0, 1, 20_001)
    lon = WEST + side * (EAST - WEST)
    lat = SOUTH + side * (NORTH - SOUTH)
    for edge in (
        (lon, np.full_like(lon, SOUTH)),
        (lon, np.full_like(lon, NORTH)),
        (np.full_like(lat, WEST), lat),
        (np.full_like(lat, EAST), lat),
    ):
        assert apart(to_wgs84(*from_wgs84(*edge, crs), crs), edge) <= CENTIMETRE


@pytest.mark.parametrize("crs", CRS)
@pytest.mark.parametrize(
    ("lon", "lat"),
    [(2.3522, 48.8566), (-0.1, 51.5), (139.69, 35.68), (103.8, 0.5), (0.0, 0.0), (-74.0, -33.0)],
)
def test_outside_china_nothing_changes(crs: Crs, lon: float, lat: float) -> None:
    assert apart(from_wgs84(*at(lon, lat), crs), at(lon, lat)) == 0
    assert apart(to_wgs84(*at(lon, lat), crs), at(lon, lat)) == 0


@pytest.mark.parametrize("crs", CRS)
def test_columns_are_converted_row_by_row_and_what_is_missing_stays_missing(crs: Crs) -> None:
    lon, lat = np.array([118.08, np.nan, 2.35]), np.array([24.48, np.nan, 48.85])
    one_by_one = [
        to_wgs84(*at(*pair), crs) for pair in zip(lon.tolist(), lat.tolist(), strict=True)
    ]
    together = to_wgs84(lon, lat, crs)
    for place in range(2):
        expected = np.concatenate([one[place] for one in one_by_one])
        np.testing.assert_array_equal(together[place], expected)
    assert np.isnan(together[0][1])
