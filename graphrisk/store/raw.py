"""Single calls beside the graph: partitioned Parquet, one folder a day, and their sums per pair.

A part file belongs to the data set only once the store's transaction that names it has committed;
what a killed load left behind is written again under the same name.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphrisk.store.contract import Int64Array, Writer

_DAY_MS = 86_400_000
_SHANGHAI_MS = 8 * 3_600_000
#: Rows of known days that are kept in memory while loading: 32 bytes each.
_MOST_KNOWN = 20_000_000
_NONE = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class RawResult:
    """What became of calls handed in; masks of their rows."""

    loaded: npt.NDArray[np.bool_]
    conflicts: npt.NDArray[np.bool_]  # known with other content
    sums: pa.Table  # src, dst, count, seconds, first, last, days of the loaded ones, in pair order


@dataclass(frozen=True, slots=True)
class _Day:
    """What is known of one day: calls by akey, and the pairs that spoke."""

    akeys: Int64Array  # ascending
    digests: Int64Array
    pairs: Int64Array  # src << 31 | dst, ascending


class RawCalls:
    """The calls of one data set, for one load."""

    def __init__(self, folder: Path, dataset: str, writer: Writer) -> None:
        self._folder = folder / "raw"
        self._dataset = dataset
        self._writer = writer
        self._parts: dict[str, list[str]] = {}
        for part in writer.parts(dataset):
            self._parts.setdefault(part.split("/")[1], []).append(part)
        self._known: OrderedDict[int, _Day] = OrderedDict()

    def add(self, calls: pa.Table, name: str) -> RawResult:
        """Keep calls (``akey, digest, src, dst, at, seconds``; one row per akey) that are new.

        Files and their names are written at once, the store's transaction is the caller's. Cost:
        the calls, and once a load the known calls of each day they fall on.
        """
        day = (calls["at"].to_numpy() + _SHANGHAI_MS) // _DAY_MS
        loaded = np.zeros(calls.num_rows, np.bool_)
        conflicts = np.zeros(calls.num_rows, np.bool_)
        sums: list[pa.Table] = []
        for number in np.unique(day).tolist():
            rows = np.flatnonzero(day == number)
            of_day = calls.take(rows)
            known = self._day(number)
            there, differs = _compare(known, of_day)
            conflicts[rows[differs]] = True
            loaded[rows[~there]] = True
            fresh = of_day.filter(~there)
            if fresh.num_rows:
                self._keep(number, known, fresh, name)
                sums.append(_sums(fresh, known))
        return RawResult(loaded, conflicts, _total(sums))

    def _day(self, number: int) -> _Day:
        if number not in self._known:
            files = [self._folder / part for part in self._parts.get(_folder_name(number), [])]
            self._known[number] = _read_day(files)
            while sum(len(day.akeys) for day in self._known.values()) > _MOST_KNOWN:
                if len(self._known) == 1:
                    break
                self._known.popitem(last=False)
        self._known.move_to_end(number)
        return self._known[number]

    def _keep(self, number: int, known: _Day, fresh: pa.Table, name: str) -> None:
        part = f"{self._dataset}/{_folder_name(number)}/{name}.parquet"
        file = self._folder / part
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".partial")
        pq.write_table(fresh, partial, compression="zstd")
        partial.rename(file)
        self._writer.add_parts(self._dataset, [part])
        self._parts.setdefault(_folder_name(number), []).append(part)
        self._known[number] = _with(known, fresh)


def _folder_name(day: int) -> str:
    return f"day={np.datetime64(day, 'D')}"


def _pairs(calls: pa.Table) -> Int64Array:
    src, dst = calls["src"].to_numpy(), calls["dst"].to_numpy()
    found: Int64Array = np.unique((src << 31) | dst)
    return found


def _with(known: _Day, fresh: pa.Table) -> _Day:
    akeys = np.concatenate([known.akeys, fresh["akey"].to_numpy()])
    digests = np.concatenate([known.digests, fresh["digest"].to_numpy()])
    order = np.argsort(akeys)
    return _Day(akeys[order], digests[order], np.union1d(known.pairs, _pairs(fresh)))


def _read_day(files: list[Path]) -> _Day:
    day = _Day(_NONE, _NONE, _NONE)
    if files:
        names = ["akey", "digest", "src", "dst"]
        day = _with(day, pa.concat_tables(pq.read_table(file, columns=names) for file in files))
    return day


def _compare(known: _Day, calls: pa.Table) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which calls are known, and which of those with other content."""
    akeys = calls["akey"].to_numpy()
    if not len(known.akeys):
        nothing = np.zeros(len(akeys), np.bool_)
        return nothing, nothing
    spot = np.minimum(np.searchsorted(known.akeys, akeys), len(known.akeys) - 1)
    there = known.akeys[spot] == akeys
    return there, there & (known.digests[spot] != calls["digest"].to_numpy())


def _sums(fresh: pa.Table, known: _Day) -> pa.Table:
    """Sums per pair of one day's new calls; the day counts for pairs that were silent on it."""
    grouped = fresh.group_by(["src", "dst"]).aggregate(
        [("at", "count"), ("seconds", "sum"), ("at", "min"), ("at", "max")]
    )
    grouped = grouped.rename_columns(["src", "dst", "count", "seconds", "first", "last"])
    pairs = (grouped["src"].to_numpy() << 31) | grouped["dst"].to_numpy()
    days = (~np.isin(pairs, known.pairs)).astype(np.int64)
    return grouped.append_column("days", pa.array(days))


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
