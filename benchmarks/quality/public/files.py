"""Files of a set: found by the end of their names, read by the names of their columns."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq

from benchmarks.quality.measures import Bools, Floats, Ints
from graphrisk.core.errors import BadInput, system_faults

_READERS: Mapping[str, Callable[[Path], pa.Table]] = {
    ".parquet": lambda file: pq.read_table(file),
    ".csv": lambda file: pc_csv.read_csv(file),
}
Needed = Mapping[str, Sequence[str]]  # columns of each file


@dataclass(frozen=True, slots=True)
class Columns:
    """A file's columns; what is asked for and not there is an error that names both."""

    file: Path
    table: pa.Table

    def _column(self, name: str) -> pa.ChunkedArray[pa.Scalar[pa.DataType]]:
        if name not in self.table.column_names:
            raise BadInput("the file has no such column", file=str(self.file), column=name)
        return self.table.column(name)

    def texts(self, name: str) -> npt.NDArray[np.str_]:
        """The values as text; missing ones are empty."""
        found = self._column(name).cast(pa.string()).to_pylist()
        return np.array([text or "" for text in found], np.str_)

    def keys(self, name: str) -> npt.NDArray[np.str_]:
        """The values as names of somebody or something; none may be missing."""
        if self._column(name).null_count:
            raise BadInput("a value is missing", file=str(self.file), column=name)
        return self.texts(name)

    def numbers(self, name: str) -> Floats:
        """The values as float64; missing ones are NaN."""
        column = self._column(name)
        try:
            found = pc.cast(column, pa.float64()).to_numpy()
        except pa.ArrowInvalid as error:
            raise BadInput("not all are numbers", file=str(self.file), column=name) from error
        return np.array(found, np.float64)

    def known(self, name: str) -> Floats:
        """Finite numbers; none may be missing."""
        found = self.numbers(name)
        if not np.isfinite(found).all():
            raise BadInput("a number is missing", file=str(self.file), column=name)
        return found

    def flags(self, name: str) -> Bools:
        """Labels: 1 is what is looked for, 0 is not; both have to occur."""
        found = self.known(name)
        if not np.isin(found, (0.0, 1.0)).all():
            raise BadInput("labels are 0 or 1", file=str(self.file), column=name)
        if len(np.unique(found)) < 2:
            raise BadInput("all labels are alike", file=str(self.file), column=name)
        flags: Bools = found == 1.0
        return flags

    def __len__(self) -> int:
        return int(self.table.num_rows)


def find(folder: Path, stem: str) -> Path:
    """The file whose name ends in ``stem``, Parquet or CSV; ``BadInput`` for none and for two."""
    found = _ending(folder, stem)
    if len(found) != 1:
        names = ", ".join(file.name for file in found)
        said = f"two files are named alike: {names}" if found else "there is no such file"
        raise BadInput(said, file=str(folder / f"{stem}.parquet"))
    return found[0]


def read(folder: Path, stem: str) -> Columns:
    """Columns of the file whose name ends in ``stem``."""
    file = find(folder, stem)
    try:
        with system_faults(file):
            return Columns(file, _READERS[file.suffix](file))
    except pa.ArrowInvalid as error:
        raise BadInput(f"cannot be read: {error}", file=str(file)) from error


def _ending(folder: Path, stem: str) -> list[Path]:
    files = sorted(file for file in folder.iterdir() if file.suffix in _READERS)
    exact = [file for file in files if file.stem == stem]
    return exact or [file for file in files if file.stem.endswith(f"_{stem}")]


def fits(folder: Path, needed: Needed) -> bool:
    """Whether the folder has all these files with all these columns."""
    return all(_has(folder, stem, columns) for stem, columns in needed.items())


def has_any(folder: Path, needed: Needed) -> bool:
    """Whether the folder has the first of these files, whatever is in it."""
    return bool(_ending(folder, next(iter(needed))))


def _has(folder: Path, stem: str, columns: Sequence[str]) -> bool:
    found = _ending(folder, stem)
    return len(found) == 1 and set(columns) <= set(_names(found[0]))


def _names(file: Path) -> list[str]:
    if file.suffix == ".parquet":
        return list(pq.read_schema(file).names)
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return next(csv.reader(stream), [])


def folders(data: Path) -> Iterator[Path]:
    """``data`` and every folder below it, in the order of names."""
    yield data
    yield from (place for place in sorted(data.rglob("*")) if place.is_dir())


def numbered(*columns: npt.NDArray[np.str_]) -> tuple[npt.NDArray[np.str_], list[Ints]]:
    """All names that occur, sorted, and the columns as positions among them."""
    names, place = np.unique(np.concatenate(columns), return_inverse=True)
    ends = np.cumsum([len(column) for column in columns])
    parts = np.split(place.astype(np.int64), ends[:-1])
    return names, parts
