"""Codes of divisions: departments write them as of different years, the graph as of now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from graphrisk.core.clock import OPEN
from graphrisk.store.contract import Reader
from graphrisk_loaders.converted import Converted, as_text

AREA, CHANGE = "Area", "SUCCEEDED_BY"
#: Signs of a village's code; a grid cell's number follows them and stays.
_VILLAGE = 12
_PAGE = 20_000
_EXPECTED = "a code of the register of areas, nor one that it says was succeeded by one other"


@dataclass(frozen=True, slots=True)
class Divisions:
    """The codes in use, and what took the place of those given up.

    Where no register of areas was ever delivered codes are taken as they come. What it cannot see:
    that a code was used again for another place.
    """

    current: frozenset[str] = frozenset()
    successors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def now(self, column: pa.Array[Any]) -> Converted:
        """Each code as it is now; at fault are those nobody knows, or that were divided."""
        codes = as_text(column).dictionary_encode()
        known = [self._now(str(code)) for code in codes.dictionary.to_pylist()]
        values = pa.array(known, pa.string()).take(codes.indices)
        faulty = np.asarray(codes.is_valid()) & ~np.asarray(values.is_valid())
        return Converted(values, faulty, _EXPECTED)

    def _now(self, code: str) -> str | None:
        area, rest = code[:_VILLAGE], code[_VILLAGE:]
        for _ in range(len(self.successors) + 1):
            followers = self.successors.get(area, ())
            if area in self.current or not (followers or self.current):
                return area + rest
            if len(followers) != 1:
                return None
            (area,) = followers
        return None  # they succeed each other in a circle


def read_divisions(reader: Reader) -> Divisions:
    """As the graph knows them now. Cost: a scan of the areas and their changes."""
    keys: dict[int, str] = {}
    current = set[str]()
    for row in _areas(reader):
        keys[row["nid"]] = row["key"]
        if row["name"] is not None:
            current.add(row["key"])
    successors: dict[str, tuple[str, ...]] = {}
    columns = ("src", "dst", "known_to", "valid_to")
    for batch in reader.export_edges(CHANGE, 0, reader.version(), columns):
        for change in batch.to_pylist():
            if change["known_to"] == change["valid_to"] == OPEN:
                old, new = keys[change["src"]], keys[change["dst"]]
                successors[old] = (*successors.get(old, ()), new)
    return Divisions(frozenset(current), successors)


def _areas(reader: Reader) -> Iterator[dict[str, Any]]:
    after = -1
    while (page := reader.scan_nodes(AREA, after, _PAGE)).num_rows:
        after = int(page["nid"][-1].as_py())
        yield from page.to_pylist()
