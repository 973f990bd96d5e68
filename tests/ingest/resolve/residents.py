"""A town of households as the snapshot would hand it out: a surname, a cell and handsets shared."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from graphrisk_algorithms.graph import EdgeColumns, Int64Array, RiskGraph
from graphrisk_loaders.synth.people import name_like, surname

CELLS = 20


def residents(homes: int, seed: int) -> RiskGraph:
    """Two to four persons a home; one in three uses the handset of the one before."""
    rng = np.random.default_rng(seed)
    home = np.repeat(np.arange(homes), rng.integers(2, 5, homes))
    n = len(home)
    surnames = [surname(rng) for _ in range(homes)]
    cells, persons = np.arange(CELLS), CELLS + np.arange(n)
    phones, devices = persons + n, persons + 2 * n
    handset = np.where((rng.random(n) < 0.3) & (np.diff(home, prepend=-1) == 0), 1, 0)
    people = pa.table(
        {
            "nid": persons,
            "key": [f"P{row}" for row in range(n)],
            "name": [name_like(rng, surnames[one]) for one in home.tolist()],
            "birth_year": rng.integers(1930, 2010, n),
            "id_token": [f"id:1:{rng.bytes(16).hex()}" for _ in range(n)],
            "id_halves": [f"{rng.bytes(8).hex()} {rng.bytes(8).hex()}" for _ in range(n)],
        }
    )
    nothing = np.empty(0, np.int64)
    edges = {
        "OWNS_PHONE": _edges(persons, phones),
        "USES_DEVICE": _edges(phones, devices - handset),
        "LIVES_IN": _edges(persons, cells[rng.integers(0, CELLS, homes)[home]]),
        "RESIDES_AT": _edges(persons, int(devices[-1]) + 1 + home),
        "HOLDS": _edges(nothing, nothing),
    }
    return RiskGraph(int(devices[-1]) + 1 + homes, {"Person": people}, edges)


def _edges(src: Int64Array, dst: Int64Array) -> EdgeColumns:
    return EdgeColumns(np.arange(len(src)), src, dst, {})
