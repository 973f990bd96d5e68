"""Single calls beside the graph: partitioned Parquet, one folder a day, and their sums per pair.

A part file belongs to the data set only once the store's transaction that names it has committed.
Its name begins with its number in the store's ledger, so no part that counts is ever written again,
and what a killed load left behind under that number never counts.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphrisk.core.files import private_folder
from graphrisk.core.table import Table
from graphrisk.store.contract import Int64Array, Writer
from graphrisk.store.known import Contents, KnownCalls

_DAY_MS = 86_400_000
_SHANGHAI_MS = 8 * 3_600_000
#: Pairs of known days that are kept in memory while loading: up to 57 bytes each.
_MOST_KNOWN = 10_000_000


@dataclass(frozen=True, slots=True)
class RawResult:
    """What became of calls handed in; masks of their rows."""

    loaded: npt.NDArray[np.bool_]
    conflicts: npt.NDArray[np.bool_]  # known with other content
    sums: pa.Table  # src, dst, count, seconds, first, last, days of the loaded ones, in pair order


class RawCalls:
    """The calls of one data set, for one load."""

    def __init__(self, folder: Path, dataset: str, writer: Writer) -> None:
        self._folder = folder / "raw"
        self._dataset = dataset
        self._writer = writer
        self._parts: dict[str, list[str]] = {}
        ledger = writer.parts(dataset)
        self._count = len(ledger)
        self._calls = KnownCalls(self._folder / dataset / "known", ledger, self._contents)
        for part in ledger:
            self._parts.setdefault(part.split("/")[1], []).append(part)
        self._spoke: OrderedDict[int, Table] = OrderedDict()  # by day: src << 31 | dst

    def add(self, calls: pa.Table, delivery: str) -> RawResult:
        """Keep calls (``akey, digest, src, dst, at, seconds``; one row per akey) that are new.

        Files and their names are written at once, the store's transaction is the caller's: he
        commits it before he calls again. Cost: the calls, a look-up of each among all that are
        known (``store.known``), and once a load the pairs of each day they fall on.
        """
        day = (calls["at"].to_numpy() + _SHANGHAI_MS) // _DAY_MS
        self._calls.settle()
        held, there = self._calls.find(calls["akey"].to_numpy())
        conflicts = there & (held != calls["digest"].to_numpy())
        sums: list[pa.Table] = []
        parts: list[str] = []
        for number in np.unique(day[~there]).tolist():
            fresh = calls.take(np.flatnonzero(~there & (day == number)))
            spoke = self._day(number)
            parts.append(self._keep(number, fresh, delivery))
            self._calls.add(parts[-1], _contents(fresh))
            sums.append(_sums(fresh, spoke))
            spoke.settle(_pairs(fresh), _pairs(fresh))
        self._writer.add_parts(self._dataset, parts)
        return RawResult(~there, conflicts, _total(sums))

    def _contents(self, part: str) -> Contents:
        file = self._folder / part
        return _contents(pq.read_table(file, columns=["akey", "digest"], partitioning=None))

    def _day(self, number: int) -> Table:
        """The pairs that are known to have spoken on a day."""
        if number not in self._spoke:
            files = [self._folder / part for part in self._parts.get(_folder_name(number), [])]
            self._spoke[number] = _read_day(files)
            while (
                sum(len(day) for day in self._spoke.values()) > _MOST_KNOWN and len(self._spoke) > 1
            ):
                self._spoke.popitem(last=False)
        self._spoke.move_to_end(number)
        return self._spoke[number]

    def _keep(self, day: int, fresh: pa.Table, delivery: str) -> str:
        """On the disk before the store's transaction says that it is there."""
        folder = _folder_name(day)
        part = f"{self._dataset}/{folder}/{self._count:09d}-{delivery[:16]}.parquet"
        file = self._folder / part
        private_folder(file.parent)
        partial = file.with_suffix(".partial")
        with partial.open("wb") as stream:
            pq.write_table(fresh, stream, compression="zstd")
            stream.flush()
            os.fsync(stream.fileno())
        partial.rename(file)
        self._parts.setdefault(folder, []).append(part)
        self._count += 1
        return part


def _folder_name(day: int) -> str:
    return f"day={np.datetime64(day, 'D')}"


def _pairs(calls: pa.Table) -> Int64Array:
    found: Int64Array = (calls["src"].to_numpy() << 31) | calls["dst"].to_numpy()
    return found


def _contents(calls: pa.Table) -> Contents:
    return calls["akey"].to_numpy(), calls["digest"].to_numpy()


def _read_day(files: list[Path]) -> Table:
    spoke = Table()
    for file in files:
        pairs = _pairs(pq.read_table(file, columns=["src", "dst"], partitioning=None))
        spoke.settle(pairs, pairs)
    return spoke


def _sums(fresh: pa.Table, spoke: Table) -> pa.Table:
    """Sums per pair of one day's new calls; the day counts for pairs that were silent on it."""
    grouped = fresh.group_by(["src", "dst"]).aggregate(
        [("at", "count"), ("seconds", "sum"), ("at", "min"), ("at", "max")]
    )
    grouped = grouped.rename_columns(["src", "dst", "count", "seconds", "first", "last"])
    _, there = spoke.find(_pairs(grouped))
    return grouped.append_column("days", pa.array((~there).astype(np.int64)))


def _total(sums: list[pa.Table]) -> pa.Table:
    names = ["src", "dst", "count", "seconds", "first", "last", "days"]
    if not sums:
        return pa.table({name: pa.array([], pa.int64()) for name in names})
    grouped = (
        pa.concat_tables(sums)
        .group_by(["src", "dst"])
        .aggregate(
            [
                ("count", "sum"),
                ("seconds", "sum"),
                ("first", "min"),
                ("last", "max"),
                ("days", "sum"),
            ]
        )
    )
    grouped = grouped.rename_columns(names)
    order = pc.sort_indices(grouped, sort_keys=[("src", "ascending"), ("dst", "ascending")])
    return grouped.take(order)
