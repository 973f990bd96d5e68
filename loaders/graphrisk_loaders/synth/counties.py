"""Where grid cells lie: in the city's own county or, some of them, in one of the next province."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphrisk_loaders.synth.model import IntArray


@dataclass(frozen=True, slots=True)
class County:
    """A county with what it belongs to; codes are those of the edition of now."""

    code: str
    name: str
    city: str  # name of the city whose code is the first four digits
    province: str  # name of the province whose code is the first two


HOME = County("350206", "湖里区", "厦门市", "福建省")
BEYOND = County("445122", "饶平县", "潮州市", "广东省")
#: What the county beyond was called until it came to another city.
BEYOND_BEFORE = "440522"


@dataclass(frozen=True, slots=True)
class Grid:
    """How many cells there are, and how villages and townships share them out.

    Each village has one community cell and the unit cells (a works, a campus, a market) beside it.
    """

    cells: int
    communities: int
    townships: int
    beyond: int  # of the cells, the last ones: those that lie in the next province

    def codes(self) -> list[str]:
        """Code of each cell."""
        villages = self._villages()
        townships = villages * self.townships // self.communities
        first = np.searchsorted(townships, townships)
        places = zip(townships.tolist(), (villages - villages[first]).tolist(), strict=True)
        return [
            f"{(HOME if cell < self.cells - self.beyond else BEYOND).code}"
            f"{township + 1:03d}{village + 1:03d}{cell:04d}"
            for cell, (township, village) in enumerate(places)
        ]

    def are_units(self) -> list[bool]:
        """Whether each cell is a unit of its village; the first of each village is not."""
        units: list[bool] = (np.diff(self._villages(), prepend=-1) == 0).tolist()
        return units

    def _villages(self) -> IntArray:
        return np.arange(self.cells) * self.communities // self.cells


def county_of(code: str) -> County:
    """The county that a code of a township, village or cell lies in."""
    return HOME if code.startswith(HOME.code) else BEYOND


def divisions(codes: list[str]) -> list[tuple[str, str, str]]:
    """Code, name and the code above of every division that the cells lie in."""
    rows: list[tuple[str, str, str]] = []
    for county in dict.fromkeys(map(county_of, codes)):
        code = county.code
        rows += [(code[:2], county.province, ""), (code[:4], county.city, code[:2])]
        rows.append((code, county.name, code[:4]))
    townships, villages = (sorted({code[:digits] for code in codes}) for digits in (9, 12))
    rows += [(code, f"第{i + 1}街道", code[:6]) for i, code in enumerate(townships)]
    rows += [(code, f"第{i + 1}社区", code[:9]) for i, code in enumerate(villages)]
    return rows
