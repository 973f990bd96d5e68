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

from graphrisk.core.table import Table
from graphrisk.store.contract import Int64Array, Writer

_DAY_MS = 86_400_000
_SHANGHAI_MS = 8 * 3_600_000
#: Calls of known days that are kept in memory while loading: up to 115 bytes each.
_MOST_KNOWN = 10_000_000


@dataclass(frozen=True, slots=True)
class RawResult:
    """What became of calls handed in; masks of their rows."""

    loaded: npt.NDArray[np.bool_]
    conflicts: npt.NDArray[np.bool_]  # known with other content
    sums: pa.Table  # src, dst, count, seconds, first, last, days of the loaded ones, in pair order


@dataclass(frozen=True, slots=True)
class _Day:
    """What is known of one day: contents of calls by akey, and the pairs that spoke."""

    calls: Table
    pairs: Table  # src << 31 | dst

    def add(self, calls: pa.Table) -> None:
        """Calls of a part that counts."""
        self.calls.settle(calls["akey"].to_numpy(), calls["digest"].to_numpy())
        pairs = _pairs(calls)
        self.pairs.settle(pairs, pairs)


class RawCalls:
    """The calls of one data set, for one load."""

    def __init__(self, folder: Path, dataset: str, writer: Writer) -> None:
        self._folder = folder / "raw"
        self._dataset = dataset
        self._writer = writer
        self._parts: dict[str, list[str]] = {}
        ledger = writer.parts(dataset)
        self._count = len(ledger)
        for part in ledger:
            self._parts.setdefault(part.split("/")[1], []).append(part)
        self._known: OrderedDict[int, _Day] = OrderedDict()

    def add(self, calls: pa.Table, delivery: str) -> RawResult:
        """Keep calls (``akey, digest, src, dst, at, seconds``; one row per akey) that are new.

        Files and their names are written at once, the store's transaction is the caller's. Cost:
        the calls, and once a load the known calls of each day they fall on.
        """
        day = (calls["at"].to_numpy() + _SHANGHAI_MS) // _DAY_MS
        loaded = np.zeros(calls.num_rows, np.bool_)
        conflicts = np.zeros(calls.num_rows, np.bool_)
        sums: list[pa.Table] = []
        parts: list[str] = []
        for number in np.unique(day).tolist():
            rows = np.flatnonzero(day == number)
            of_day = calls.take(rows)
            known = self._day(number)
            held, there = known.calls.find(of_day["akey"].to_numpy())
            conflicts[rows[there & (held != of_day["digest"].to_numpy())]] = True
            loaded[rows[~there]] = True
            fresh = of_day.filter(pa.array(~there))
            if fresh.num_rows:
                parts.append(self._keep(number, fresh, delivery))
                sums.append(_sums(fresh, known))
                known.add(fresh)
        self._writer.add_parts(self._dataset, parts)
        return RawResult(loaded, conflicts, _total(sums))

    def _day(self, number: int) -> _Day:
        if number not in self._known:
            files = [self._folder / part for part in self._parts.get(_folder_name(number), [])]
            self._known[number] = _read_day(files)
            while (
                sum(len(day.calls) for day in self._known.values()) > _MOST_KNOWN
                and len(self._known) > 1
            ):
                self._known.popitem(last=False)
        self._known.move_to_end(number)
        return self._known[number]

    def _keep(self, day: int, fresh: pa.Table, delivery: str) -> str:
        """On the disk before the store's transaction says that it is there."""
        folder = _folder_name(day)
        part = f"{self._dataset}/{folder}/{self._count:09d}-{delivery[:16]}.parquet"
        file = self._folder / part
        file.parent.mkdir(parents=True, exist_ok=True)
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


def _read_day(files: list[Path]) -> _Day:
    day = _Day(Table(), Table())
    for file in files:
        day.add(pq.read_table(file, columns=["akey", "digest", "src", "dst"], partitioning=None))
    return day


def _sums(fresh: pa.Table, known: _Day) -> pa.Table:
    """Sums per pair of one day's new calls; the day counts for pairs that were silent on it."""
    grouped = fresh.group_by(["src", "dst"]).aggregate(
        [("at", "count"), ("seconds", "sum"), ("at", "min"), ("at", "max")]
    )
    grouped = grouped.rename_columns(["src", "dst", "count", "seconds", "first", "last"])
    _, spoke = known.pairs.find(_pairs(grouped))
    return grouped.append_column("days", pa.array((~spoke).astype(np.int64)))


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
