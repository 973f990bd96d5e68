"""Loaded events as rules take them: single calls beside the graph, transfers and posts in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from graphrisk.analysis.rules.batch import EventBatch
from graphrisk.analysis.rules.kinds import event_kinds
from graphrisk.store.contract import Int64Array, Reader
from graphrisk_algorithms.graph import RiskGraph

BoolArray = npt.NDArray[np.bool_]
#: Up to where events have come: a count of parts, or the next edge's id.
Marks = Mapping[str, int]
_DAY_MS: Final = 86_400_000
_SHANGHAI_MS: Final = 8 * 3_600_000


@dataclass(frozen=True, slots=True)
class Arrived:
    """When events came: from one mark on, before another. What has no mark had not begun."""

    since: Marks = field(default_factory=dict)
    until: Marks | None = None  # None: to this day

    def of(self, name: str) -> tuple[int, int | None]:
        """The marks of a data set or edge kind."""
        return self.since.get(name, 0), None if self.until is None else self.until.get(name, 0)


def history(
    kinds: Sequence[str],
    graph: RiskGraph,
    reader: Reader,
    folder: Path,
    period: tuple[int, int] | None = None,
    arrived: Arrived = Arrived(),
) -> EventBatch:
    """Events of some kinds, in the order of time.

    Args:
        kinds: Which kinds are needed.
        graph: Transfers and posts.
        reader: Names the parts of calls; texts of posts, which columns do not hold.
        folder: The deployment's, with ``raw`` beside the graph.
        period: When they happened: first moment, and the first after, epoch ms UTC. ``None``: ever.
        arrived: When they came.

    Cost: the events asked for, all in memory: about 60 bytes each, texts beside; and the parts of
    calls that came then, on the days of the period.
    """
    sources = {
        "call": lambda: _calls(reader, folder, period, arrived),
        "transfer": lambda: _transfers(graph, arrived.of("TRANSFERRED")),
        "post": lambda: _posts(graph, reader, arrived.of("MENTIONS")),
    }
    parts = [sources[kind]() for kind in sources if kind in kinds]
    return _ordered([part if period is None else _within(part, period) for part in parts])


def marks(graph: RiskGraph, reader: Reader, folder: Path) -> Marks:
    """Up to where events have come by now: parts of each data set of calls, ids of edges."""
    there = {name: len(reader.parts(name)) for name in _datasets(folder)}
    for kind in ("TRANSFERRED", "MENTIONS"):
        edges = graph.edges.get(kind)
        there[kind] = 0 if edges is None else int(edges.eid.max(initial=-1)) + 1
    return there


def _datasets(folder: Path) -> list[str]:
    return sorted(dataset.name for dataset in (folder / "raw").glob("*"))


def _calls(
    reader: Reader, folder: Path, period: tuple[int, int] | None, arrived: Arrived
) -> EventBatch:
    """Single calls of parts that came then, on days that the period touches."""
    named = [
        part
        for dataset in _datasets(folder)
        for part in reader.parts(dataset)[slice(*arrived.of(dataset))]
    ]
    if period is not None:
        first, last = (
            f"day={np.datetime64((moment + _SHANGHAI_MS) // _DAY_MS, 'D')}"
            for moment in (period[0], period[1] - 1)
        )
        named = [part for part in named if first <= part.split("/")[1] <= last]
    files = [folder / "raw" / part for part in named]
    names = ["akey", "src", "dst", "at", "seconds"]
    tables = [pq.read_table(file, columns=names, partitioning=None) for file in files]
    calls = (
        pa.concat_tables(tables)
        if tables
        else pa.table({n: pa.array([], pa.int64()) for n in names})
    )
    numbers = {name: calls[name].to_numpy().astype(np.int64) for name in names}
    return _batch("call", numbers, {"seconds": numbers["seconds"]}, eid=None)


def _transfers(graph: RiskGraph, came: tuple[int, int | None]) -> EventBatch:
    edges = graph.edges.get("TRANSFERRED")
    if edges is None:
        nothing = np.empty(0, np.int64)
        numbers = dict.fromkeys(("akey", "src", "dst", "at", "amount"), nothing)
    else:
        columns = {name: edges.columns[name].astype(np.int64) for name in ("at", "amount")}
        numbers = {"akey": edges.eid, "src": edges.src, "dst": edges.dst, **columns}
    batch = _batch("transfer", numbers, {"amount": numbers["amount"]}, eid=numbers["akey"])
    return _taken(batch, np.flatnonzero(_came(batch.eid, came)))


def _posts(graph: RiskGraph, reader: Reader, came: tuple[int, int | None]) -> EventBatch:
    """One event a post and platform that it names."""
    table, edges = graph.nodes.get("Opinion"), graph.edges.get("MENTIONS")
    platforms = graph.nodes.get("Platform")
    nothing = np.empty(0, np.int64)
    if table is None or edges is None or platforms is None:
        numbers = dict.fromkeys(("akey", "src", "dst", "at", "reads"), nothing)
        return _batch("post", numbers, {"reads": nothing}, eid=nothing)
    ours = np.isin(edges.src, table["nid"].to_numpy()) & np.isin(
        edges.dst, platforms["nid"].to_numpy()
    )
    ours &= _came(edges.eid, came)
    src, dst, eid = edges.src[ours], edges.dst[ours], edges.eid[ours]
    known = reader.get_nodes(np.unique(src)).get("Opinion")
    if known is None:
        return _batch(
            "post",
            dict.fromkeys(("akey", "src", "dst", "at"), nothing),
            {"reads": nothing},
            nothing,
        )
    place = np.searchsorted(known["nid"].to_numpy(), src)
    rows = known.take(place)
    at, reads = (
        np.array([value or 0 for value in rows[name].to_pylist()], np.int64)
        for name in ("published_at", "reads")
    )
    texts = {name: [text or "" for text in rows[name].to_pylist()] for name in ("title", "text")}
    numbers = {"akey": eid, "src": src, "dst": dst, "at": at}
    return _batch("post", numbers, {"reads": reads}, eid, texts)


def _batch(
    kind: str,
    columns: dict[str, Int64Array],
    numbers: dict[str, Int64Array],
    eid: Int64Array | None,
    texts: dict[str, list[str]] | None = None,
) -> EventBatch:
    count = len(columns["at"])
    return EventBatch(
        kind=np.full(count, event_kinds()[kind].place, np.int8),
        key=columns["akey"],
        at=columns["at"],
        src=columns["src"],
        dst=columns["dst"],
        eid=np.full(count, -1) if eid is None else eid,
        numbers={name: column.astype(np.float64) for name, column in numbers.items()},
        texts=texts or {},
    )


def _came(eids: Int64Array, came: tuple[int, int | None]) -> BoolArray:
    """Which edges are of ids from ``came[0]`` on and, unless it is ``None``, below ``came[1]``."""
    after: BoolArray = eids >= came[0]
    return after if came[1] is None else after & (eids < came[1])


def _within(batch: EventBatch, period: tuple[int, int]) -> EventBatch:
    held = np.flatnonzero((batch.at >= period[0]) & (batch.at < period[1]))
    return _taken(batch, held)


def _taken(batch: EventBatch, rows: Int64Array) -> EventBatch:
    return EventBatch(
        kind=batch.kind[rows],
        key=batch.key[rows],
        at=batch.at[rows],
        src=batch.src[rows],
        dst=batch.dst[rows],
        eid=batch.eid[rows],
        numbers={name: column[rows] for name, column in batch.numbers.items()},
        texts={
            name: [column[row] for row in rows.tolist()] for name, column in batch.texts.items()
        },
    )


def _ordered(parts: Sequence[EventBatch]) -> EventBatch:
    """One stream by time; at the same moment by kind and key."""
    numbers = {name for part in parts for name in part.numbers}
    texts = {name for part in parts for name in part.texts}
    whole = EventBatch(
        kind=np.concatenate([part.kind for part in parts]),
        key=np.concatenate([part.key for part in parts]),
        at=np.concatenate([part.at for part in parts]),
        src=np.concatenate([part.src for part in parts]),
        dst=np.concatenate([part.dst for part in parts]),
        eid=np.concatenate([part.eid for part in parts]),
        numbers={
            name: np.concatenate([part.numbers.get(name, np.zeros(len(part))) for part in parts])
            for name in sorted(numbers)
        },
        texts={
            name: [text for part in parts for text in part.texts.get(name, [""] * len(part))]
            for name in sorted(texts)
        },
    )
    return _taken(whole, np.lexsort((whole.key, whole.kind, whole.at)))
