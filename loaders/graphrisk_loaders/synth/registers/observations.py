"""Police intelligence: who was seen meeting whom; members of cells, and friends in passing."""

from __future__ import annotations

import numpy as np

from graphrisk_loaders.synth.formats import chinese_dates
from graphrisk_loaders.synth.model import NONE, City, IntArray
from graphrisk_loaders.synth.registers.office import Office, picked

_CELLS = ("covert_cell", "supply_cell")
#: Share of a cell's ties that are seen, by level of camouflage: the careful ones meet unseen.
_SEEN = np.array([0.5, 0.12, 0.12, 0.08])
_PEOPLE_A_PAIR = 100  # people for each two others who were seen
_MORE_TIMES = 1.5  # mean, beside the first


def observations(office: Office) -> None:
    """Write who met: of a cell whoever talks with each other, of others any two who do."""
    rng, city = office.chance("observations"), office.city
    owner = city.phones.column("owner")
    talk = np.sort([owner[city.calls.column(end)] for end in ("src", "dst")], axis=0)
    talk = talk[:, talk[0] != talk[1]]
    cell, level = _cells(city)
    within = (cell[talk[0]] != NONE) & (cell[talk[0]] == cell[talk[1]])
    ties = np.unique(talk[:, within], axis=1)
    ties = ties[:, rng.random(ties.shape[1]) < _SEEN[level[cell[ties[0]]]]]
    others = np.flatnonzero(~within)
    seen = len(city.persons) // _PEOPLE_A_PAIR if len(others) else 0  # a preset may have no calls
    drawn = rng.choice(others, seen) if seen else others[:0]
    pairs = np.concatenate([ties, np.unique(talk[:, drawn], axis=1)], axis=1)
    count = len(pairs[0])
    columns = {
        "人员甲": picked(office.files.person_ids, pairs[0]),
        "人员乙": picked(office.files.person_ids, pairs[1]),
        "会面次数": (1 + rng.poisson(_MORE_TIMES, count)).tolist(),
        "首次会面": chinese_dates(office.moments(rng, count)),
    }
    office.csv("observations.csv", rng, columns)


def _cells(city: City) -> tuple[IntArray, IntArray]:
    """Number of the cell that each person belongs to, and the level of each cell."""
    rings = [ring for ring in city.rings if ring.kind in _CELLS]
    cell = np.full(len(city.persons), NONE)
    for number, ring in enumerate(rings):
        cell[ring.offenders("Person")] = number
    return cell, np.array([ring.level for ring in rings], np.int64)
