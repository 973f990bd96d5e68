"""What every department has: the city, chance of its own, and where its files go."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from graphrisk_loaders.synth.files import Files
from graphrisk_loaders.synth.formats import in_order, write_csv, write_json_lines, write_xlsx
from graphrisk_loaders.synth.model import NONE, City, FloatArray, IntArray, stream
from graphrisk_loaders.synth.parameters import Noise
from graphrisk_loaders.synth.people import Population

_WITHIN = 0.0011  # degrees from a cell's centre that are surely inside it
Column = Sequence[str] | Sequence[int] | Sequence[float] | Sequence[bool] | Sequence[None]
#: Untyped: the published stubs know columns of one type only when they see it.
_array: Any = pa.array


@dataclass(frozen=True, slots=True)
class Places:
    """Points with the cells they lie in."""

    cell: IntArray
    code: list[str]
    lon: FloatArray
    lat: FloatArray

    def told(self, place: int) -> dict[str, object]:
        """How departments write one of them."""
        position = {"lon": float(self.lon[place]), "lat": float(self.lat[place])}
        return {**position, "grid_code": self.code[place]}


@dataclass(frozen=True, slots=True)
class Office:
    """The desk at which a department writes."""

    city: City
    people: Population
    files: Files
    out: Path
    seed: int
    noise: Noise

    def chance(self, register: str) -> np.random.Generator:
        """A random stream of the register's own."""
        return stream(self.seed, register)

    def moments(self, rng: np.random.Generator, count: int) -> IntArray:
        """Any time within the observed days."""
        return rng.integers(self.city.start, self.city.end, count)

    def places(self, rng: np.random.Generator, cells: IntArray) -> Places:
        """A point in each of the cells."""
        lon, lat = self.files.ground.points(rng, cells)
        return Places(cells, picked(self.files.cell_codes, cells), lon, lat)

    def csv(
        self,
        name: str,
        rng: np.random.Generator,
        columns: Mapping[str, Column],
        encoding: str = "gb18030",
    ) -> None:
        """Deliver a CSV, its rows in random order."""
        table = pa.table({title: _array(values) for title, values in columns.items()})
        write_csv(self.out / name, in_order(table, rng.permutation(table.num_rows)), encoding)
        self.files.rows[name] = table.num_rows

    def json_lines(self, name: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Deliver JSON Lines, in the order given."""
        kept = list(rows)
        write_json_lines(self.out / name, kept)
        self.files.rows[name] = len(kept)

    def xlsx(self, name: str, sheet: str, columns: Mapping[str, list[str]]) -> None:
        """Deliver a workbook of one sheet, in the order given."""
        write_xlsx(self.out / name, sheet, columns)
        self.files.rows[name] = len(next(iter(columns.values())))

    def parquet(self, name: str, table: pa.Table) -> None:
        """Deliver Parquet, in the order given."""
        pq.write_table(table, self.out / name, compression="zstd")
        self.files.rows[name] = table.num_rows

    def truth(self, name: str, head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
        """Write a file of the truth, which no loader reads."""
        folder = self.out / "truth"
        folder.mkdir(exist_ok=True)
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows([head, *rows])


def picked(keys: Sequence[str], numbers: IntArray) -> list[str]:
    """Keys of numbered things, blank for ``NONE``."""
    return ["" if number == NONE else keys[number] for number in numbers.tolist()]
