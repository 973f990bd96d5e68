"""The statistics bureau's list of changed codes, each province with changes of its own years."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth.counties import BEYOND, BEYOND_BEFORE, HOME
from graphrisk_loaders.synth.formats import chinese_dates
from graphrisk_loaders.synth.model import DAY
from graphrisk_loaders.synth.registers.office import Office

_GIVEN_UP = ("101", "102")  # township codes until the merger
_DAYS_AGO = 240
_CAME_DAYS_AGO, _MERGED_DAYS_AGO = 610, 970  # of the county beyond
_COUNTY, _TOWNSHIP, _VILLAGE = 6, 9, 12  # digits of a code down to there
Change = tuple[str, str, int]  # code before, code since, days ago


def divisions(office: Office) -> None:
    """Write the list.

    Two townships became the city's last one. So did two of the county beyond, years before; then
    that whole county came to another city, so its codes of two years ago lead over two changes.
    """
    codes = office.files.cell_codes
    changes = _merger([code for code in codes if code.startswith(HOME.code)], _DAYS_AGO)
    there = [BEYOND_BEFORE + c[_COUNTY:] for c in codes if c.startswith(BEYOND.code)]
    if there:
        changes += _merger(there, _MERGED_DAYS_AGO)
        places = sorted({code[:n] for code in there for n in (_COUNTY, _TOWNSHIP, _VILLAGE)})
        changes += [(one, BEYOND.code + one[_COUNTY:], _CAME_DAYS_AGO) for one in places]
    rng = office.chance("area_changes")
    before, after, ago = zip(*changes, strict=True)
    days = rng.integers(0, 1, len(changes)) + office.city.start - np.array(ago) * DAY
    columns = {"原代码": list(before), "现代码": list(after), "变更日期": chinese_dates(days)}
    office.csv("area_changes.csv", rng, columns)


def _merger(codes: list[str], ago: int) -> list[Change]:
    """Both townships, and each village of the merged one, alternately of either."""
    merged = max(code[:_TOWNSHIP] for code in codes)
    villages = sorted({code[:_VILLAGE] for code in codes if code.startswith(merged)})
    changes = [(merged[:_COUNTY] + old, merged, ago) for old in _GIVEN_UP]
    for place, village in enumerate(villages):
        old = _GIVEN_UP[place % len(_GIVEN_UP)]
        changes.append((village[:_COUNTY] + old + village[_TOWNSHIP:], village, ago))
    return changes
