"""Where grid cells lie: in the city's own county or, some of them, in one of the next province."""

from __future__ import annotations

from dataclasses import dataclass

_TOWNSHIPS = 5


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


def cell_codes(cells: int, beyond: int) -> list[str]:
    """Code of each cell; the last ``beyond`` ones lie in the next province."""
    return [
        f"{(HOME if cell < cells - beyond else BEYOND).code}"
        f"{cell % _TOWNSHIPS + 1:03d}{cell // _TOWNSHIPS % 900 + 1:03d}{cell:04d}"
        for cell in range(cells)
    ]


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
