"""The statistics bureau's list of changed codes: two townships became the city's last one."""

from __future__ import annotations

from graphrisk_loaders.synth.formats import chinese_dates
from graphrisk_loaders.synth.model import DAY
from graphrisk_loaders.synth.registers.office import Office

_GIVEN_UP = ("101", "102")  # township codes until the merger
_DAYS_AGO = 240
_COUNTY, _TOWNSHIP, _VILLAGE = 6, 9, 12  # digits of a code down to there


def divisions(office: Office) -> None:
    """Write the list: both townships, and each village of the merged one, alternately of either."""
    codes = office.files.cell_codes
    merged = max(code[:_TOWNSHIP] for code in codes)
    villages = sorted({code[:_VILLAGE] for code in codes if code.startswith(merged)})
    pairs = [(merged[:_COUNTY] + old, merged) for old in _GIVEN_UP]
    for place, village in enumerate(villages):
        old = _GIVEN_UP[place % len(_GIVEN_UP)]
        pairs.append((village[:_COUNTY] + old + village[_TOWNSHIP:], village))
    rng = office.chance("area_changes")
    day = chinese_dates(rng.integers(0, 1, len(pairs)) + office.city.start - _DAYS_AGO * DAY)
    before, after = zip(*pairs, strict=True)
    columns = {"原代码": list(before), "现代码": list(after), "变更日期": day}
    office.csv("area_changes.csv", rng, columns)
