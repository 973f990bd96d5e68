"""Boundaries as text: POLYGON and MULTIPOLYGON of well-known text (OGC 06-103r4, section 7).

A boundary is a tuple of rings, each an array ``(points, 2)`` of lon and lat in degrees that ends
where it began; holes and separate parts are rings like the others.
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

Boundary = tuple[npt.NDArray[np.float64], ...]

#: Each text matches in one way only, or a long faulty boundary would be tried in all of them.
_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_POINT = rf"{_NUMBER}\s+{_NUMBER}"
_RING = rf"\(\s*{_POINT}(?:\s*,\s*{_POINT})*\s*\)"
_RINGS = rf"\(\s*{_RING}(?:\s*,\s*{_RING})*\s*\)"
_POLYGON = re.compile(rf"\s*POLYGON\s*{_RINGS}\s*", re.IGNORECASE)
_MULTIPOLYGON = re.compile(rf"\s*MULTIPOLYGON\s*\(\s*{_RINGS}(?:\s*,\s*{_RINGS})*\s*\)\s*", re.I)
_EACH_RING = re.compile(r"\(([^()]+)\)")
_FEWEST_POINTS = 4  # of a triangle, the first again at the end
_DECIMALS = 9
_MOST_LON, _MOST_LAT = 180, 90
#: Of the whole boundary from west to east and from south to north.
MOST_DEGREES = 2


def read_boundary(text: str) -> Boundary:
    """The rings of a polygon or several; ``ValueError`` says what is wrong with the text."""
    if not (_POLYGON.fullmatch(text) or _MULTIPOLYGON.fullmatch(text)):
        raise ValueError("neither POLYGON nor MULTIPOLYGON of well-known text")
    rings = tuple(_ring(found) for found in _EACH_RING.findall(text))
    for ring in rings:
        if len(ring) < _FEWEST_POINTS or (ring[0] != ring[-1]).any():
            raise ValueError("a ring has three corners at least and ends where it began")
        if (np.abs(ring) > (_MOST_LON, _MOST_LAT)).any():
            raise ValueError("a corner lies off the globe")
    corners = np.concatenate(rings)
    if (np.ptp(corners, axis=0) > MOST_DEGREES).any():
        raise ValueError(f"it spans more than {MOST_DEGREES} degrees")
    return rings


def write_boundary(boundary: Boundary) -> str:
    """The text of a boundary, to 1e-9 degrees; every ring as a part of its own."""
    parts = ["((" + ", ".join(map(_point, ring.tolist())) + "))" for ring in boundary]
    if len(parts) == 1:
        return f"POLYGON {parts[0]}"
    return f"MULTIPOLYGON ({', '.join(parts)})"


def _ring(text: str) -> npt.NDArray[np.float64]:
    return np.array([point.split() for point in text.split(",")], np.float64)


def _point(point: list[float]) -> str:
    return " ".join(f"{degrees:.{_DECIMALS}f}".rstrip("0").rstrip(".") for degrees in point)
