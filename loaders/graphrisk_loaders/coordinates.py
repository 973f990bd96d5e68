"""Positions as sources write them: WGS-84, GCJ-02 and BD-09, whole columns at a time.

Maps and geocoders in China deliver GCJ-02 (shifted by up to a kilometre) or BD-09 (Baidu's, shifted
once more); taken for WGS-84 they put people into the wrong grid cell. The formulas were never
published; these are the ones that open implementations agree on (EvilTransform, coordtransform).

The shift applies within a rectangle around China and nowhere else. At the rectangle's edge it
begins at once, so that in a strip outside, less than two kilometres wide and far from China, two
places share one shifted position: the one inside the rectangle is meant.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
#: Longitudes and latitudes, degrees.
Positions = tuple[FloatArray, FloatArray]
Crs = Literal["wgs84", "gcj02", "bd09"]
CRS: tuple[Crs, ...] = ("wgs84", "gcj02", "bd09")

_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
#: The ellipsoid of Krasovsky: half axis in metres, eccentricity squared.
_AXIS, _ECCENTRICITY = 6_378_245.0, 0.00669342162296594323
_ORIGIN_LON, _ORIGIN_LAT = 105.0, 35.0
_BAIDU_WAVE = np.pi * 3000 / 180
_BAIDU_LON, _BAIDU_LAT = 0.0065, 0.006
#: Each step of the inverse leaves a fiftieth of the error or less; the shift is below 0.03 degrees.
_STEPS = 5
#: What the inverse of a position on the rectangle's edge may lie outside it, degrees.
_ROUNDING = 1e-9


def to_wgs84(lon: FloatArray, lat: FloatArray, crs: Crs) -> Positions:
    """WGS-84 of positions in ``crs``; NaN stays NaN.

    Within the rectangle the inverse of :func:`from_wgs84` to below a millimetre; outside unchanged.
    Cost: about a microsecond a position.
    """
    if crs == "wgs84":
        return lon, lat
    forward = _shifted if crs == "gcj02" else _baidu
    x, y = _inverse(forward, lon, lat)
    inside = _in_rectangle(x, y, _ROUNDING)
    x, y = np.clip(x, _WEST, _EAST), np.clip(y, _SOUTH, _NORTH)
    return np.where(inside, x, lon), np.where(inside, y, lat)


def from_wgs84(lon: FloatArray, lat: FloatArray, crs: Crs) -> Positions:
    """Positions in ``crs`` of WGS-84; outside the rectangle, and for NaN, unchanged."""
    if crs == "wgs84":
        return lon, lat
    found = _shifted(lon, lat) if crs == "gcj02" else _baidu(lon, lat)
    inside = _in_rectangle(lon, lat)
    return np.where(inside, found[0], lon), np.where(inside, found[1], lat)


def _in_rectangle(lon: FloatArray, lat: FloatArray, margin: float = 0.0) -> BoolArray:
    found: BoolArray = (lon >= _WEST - margin) & (lon <= _EAST + margin)
    found &= (lat >= _SOUTH - margin) & (lat <= _NORTH + margin)
    return found


def _inverse(
    forward: Callable[[FloatArray, FloatArray], Positions], lon: FloatArray, lat: FloatArray
) -> Positions:
    """What ``forward`` takes to this position: a fixed point, as the shift hardly varies."""
    found = lon, lat
    for _ in range(_STEPS):
        reached = forward(*found)
        found = found[0] + lon - reached[0], found[1] + lat - reached[1]
    return found


def _shifted(lon: FloatArray, lat: FloatArray) -> Positions:
    """GCJ-02 of WGS-84, wherever it is."""
    x, y = lon - _ORIGIN_LON, lat - _ORIGIN_LAT
    common = _waves(x, (20, 6), (20, 2)) + 0.1 * x * y
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.2 * np.sqrt(np.abs(x)) + common
    north += _waves(y, (20, 1), (40, 1 / 3), (160, 1 / 12), (320, 1 / 30))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * np.sqrt(np.abs(x)) + common
    east += _waves(x, (20, 1), (40, 1 / 3), (150, 1 / 12), (300, 1 / 30))
    flat = 1 - _ECCENTRICITY * np.sin(np.radians(lat)) ** 2
    metres_north = _AXIS * (1 - _ECCENTRICITY) / flat**1.5
    metres_east = _AXIS / np.sqrt(flat) * np.cos(np.radians(lat))
    return lon + np.degrees(east / metres_east), lat + np.degrees(north / metres_north)


def _waves(along: FloatArray, *waves: tuple[float, float]) -> FloatArray:
    """Two thirds of sines with these amplitudes (metres) and half-waves a degree."""
    found: FloatArray = sum(
        (amplitude * np.sin(often * np.pi * along) for amplitude, often in waves),
        start=np.zeros_like(along),
    )
    return found * (2 / 3)


def _baidu(lon: FloatArray, lat: FloatArray) -> Positions:
    """BD-09 of WGS-84, wherever it is."""
    lon, lat = _shifted(lon, lat)
    radius = np.hypot(lon, lat) + 2e-5 * np.sin(lat * _BAIDU_WAVE)
    angle = np.arctan2(lat, lon) + 3e-6 * np.cos(lon * _BAIDU_WAVE)
    return radius * np.cos(angle) + _BAIDU_LON, radius * np.sin(angle) + _BAIDU_LAT
