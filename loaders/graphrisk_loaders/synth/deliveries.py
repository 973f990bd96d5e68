"""How departments deliver: each source twice, some of them late, again, renamed or with mistakes.

The city's folder holds what each source delivered last. ``earlier`` holds what it delivered before,
a folder a moment, each with the marker of complete folders. Whoever loads them in the order of
their names and the city's folder last, sees the city that is true in the end; so does whoever
loads only the last. ``truth/deliveries.csv`` and ``truth/mistakes.csv`` tell what was planted.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from graphrisk_loaders.conversions import convert
from graphrisk_loaders.mapping import ColumnSpec, Mapping
from graphrisk_loaders.synth.counties import BEYOND
from graphrisk_loaders.synth.delivered import read_delivered, source_of, write_delivered
from graphrisk_loaders.synth.formats import local_times
from graphrisk_loaders.synth.mistakes import (
    Mistake,
    mistaken,
    renamed,
    repeated,
    with_codes,
    with_others,
)
from graphrisk_loaders.synth.model import DAY, stream
from graphrisk_loaders.synth.parameters import Faults

EARLIER = "earlier"
_MOST_DAYS_LATE = 10
_MOST_EDITIONS = 2  # how far back the codes of the next province may be; the city's are one back


@dataclass
class _Told:
    """Rows of the truth."""

    deliveries: list[tuple[str | int, ...]] = field(default_factory=list)
    mistakes: list[tuple[str, ...]] = field(default_factory=list)


def deliver(out: Path, end: int, seed: int, faults: Faults) -> None:
    """Turn the files of a city into what its departments deliver until ``end``."""
    if not faults.are_planted:
        return
    told, before = _Told(), _codes_before(out)
    for file in sorted(one for one in out.iterdir() if one.is_file()):
        mapping = source_of(file)
        if mapping is not None and mapping.about.every_ms is not None:
            rng = stream(seed, f"deliveries of {file.name}")
            department = _Department(file, mapping, faults, rng, told)
            department.deliver(end, mapping.about.every_ms, before)
    _write(out / "truth" / "deliveries.csv", _DELIVERIES, told.deliveries)
    _write(out / "truth" / "mistakes.csv", _MISTAKES, told.mistakes)


_DELIVERIES = (
    *("file", "source", "delivered_at", "days_late", "again_as", "renamed"),
    *("old_codes", "old_codes_beyond"),
)
_MISTAKES = ("file", "source", "id", "column", "kind")


class _Department:
    """One source on its way to us."""

    def __init__(
        self, file: Path, mapping: Mapping, faults: Faults, rng: np.random.Generator, told: _Told
    ) -> None:
        self._file = file
        self._mapping = mapping
        self._faults = faults
        self._told = told
        self._rng = rng

    def deliver(self, end: int, every: int, before: dict[str, str]) -> None:
        """Write what came before beside what came last, and plant the faults of both."""
        rng, faults, file = self._rng, self._faults, self._file
        shares = (faults.late, faults.again, faults.renamed, faults.old_codes)
        late, again, changes, old = (rng.random(len(shares)) < shares).tolist()
        days = int(rng.integers(1, _MOST_DAYS_LATE + 1)) if late else 0
        table = read_delivered(file, self._mapping)
        columns = self._mapping.area_columns if old else ()
        beyond = int(rng.integers(1, _MOST_EDITIONS + 1)) if columns else 0
        table = with_codes(table, columns, _edition(before, beyond))
        self._before(table, end - every - days * DAY)
        table = repeated(table, faults.repeated, rng)
        if changes and self._mapping.aliases:
            table = renamed(table, self._mapping)
        write_delivered(file, self._mapping, table, file)
        other = file.with_stem(f"{file.stem}-2")
        if again:
            other.write_bytes(file.read_bytes())
        again_as = other.name if again else ""
        is_renamed = int(changes and bool(self._mapping.aliases))
        self._tell(file.name, end, days, again_as, is_renamed, int(bool(columns)), beyond)

    def _before(self, table: pa.Table, at: int) -> None:
        """What was known at that moment, with the mistakes that came to light later."""
        table, made = self._known_at(table, at), list[Mistake]()
        if self._mapping.mode != "events":
            table, made = mistaken(table, self._mapping, self._faults.mistaken, self._rng)
        if self._mapping.mode == "full":
            table, more = with_others(table, self._mapping, self._faults.withdrawn, self._rng)
            made += more
        if not len(table):
            return
        moment = local_times(np.array([at]))[0][:16].replace(" ", "T").replace(":", "")
        folder = self._file.parent / EARLIER / moment
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".done").touch()
        write_delivered(folder / self._file.name, self._mapping, table, self._file)
        name = f"{EARLIER}/{moment}/{self._file.name}"
        self._tell(name, at, 0, "", 0, 0, 0)
        self._told.mistakes += [
            (name, self._mapping.name, one.id, one.column, one.kind) for one in made
        ]

    def _known_at(self, table: pa.Table, at: int) -> pa.Table:
        """Of events and changes those before the moment; a whole register has no time."""
        spec = _time_of(self._mapping)
        if self._mapping.mode == "full" or spec is None:
            return table
        times = convert(table[spec.column].combine_chunks(), spec, self._mapping.time_zone).values
        return table.filter(pa.array(np.asarray(times) < at))

    def _tell(self, name: str, at: int, *faults: str | int) -> None:
        self._told.deliveries.append((name, self._mapping.name, at, *faults))


def _codes_before(out: Path) -> dict[str, str]:
    """The code of the edition before for each code that is new since."""
    file = out / "area_changes.csv"
    mapping = source_of(file)
    assert mapping is not None
    rows = read_delivered(file, mapping).to_pylist()
    return {row["现代码"]: row["原代码"] for row in rows}


def _edition(before: dict[str, str], beyond: int) -> dict[str, str]:
    """The codes of one edition back, of the province beyond of so many, for those of now."""
    return {
        code: before.get(old, old) if beyond > 1 and code.startswith(BEYOND.code) else old
        for code, old in before.items()
    }


def _time_of(mapping: Mapping) -> ColumnSpec | None:
    """The column that says when a row came to be."""
    if mapping.calls is not None:
        return mapping.calls.at
    specs = mapping.targets[0].specs
    return next((spec for spec in specs if spec.conversion in ("time", "epoch_ms")), None)


def _write(file: Path, head: Sequence[str], rows: Sequence[Sequence[str | int]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target, lineterminator="\n").writerows([head, *rows])
