"""Loaded events as rules take them: single calls beside the graph, transfers and posts in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from graphrisk.analysis.rules.batch import EventBatch
from graphrisk.analysis.rules.kinds import event_kinds
from graphrisk.store.contract import Int64Array, Reader
from graphrisk_algorithms.graph import RiskGraph

_DAY_MS: Final = 86_400_000
_SHANGHAI_MS: Final = 8 * 3_600_000


def history(
    kinds: Sequence[str], graph: RiskGraph, reader: Reader, folder: Path, period: tuple[int, int]
) -> EventBatch:
    """Events of some kinds within a period (epoch ms UTC, half-open), in the order of time.

    Args:
        kinds: Which kinds are needed.
        graph: Transfers and posts.
        reader: Texts of posts, which columns do not hold.
        folder: The deployment's, with ``raw`` beside the graph.
        period: First moment, and the first after.

    Cost: the events of the period, all in memory: about 60 bytes each, texts beside.
    """
    sources = {
        "call": lambda: _calls(folder, period),
        "transfer": lambda: _transfers(graph),
        "post": lambda: _posts(graph, reader),
    }
    parts = [sources[kind]() for kind in sources if kind in kinds]
    return _ordered([_within(part, period) for part in parts])


def _calls(folder: Path, period: tuple[int, int]) -> EventBatch:
    """Single calls of the days that the period touches."""
    first, last = ((moment + _SHANGHAI_MS) // _DAY_MS for moment in (period[0], period[1] - 1))
    days = [f"day={np.datetime64(day, 'D')}" for day in range(first, last + 1)]
    files = [
        file
        for dataset in sorted((folder / "raw").glob("*"))
        for day in days
        for file in sorted((dataset / day).glob("*.parquet"))
    ]
    names = ["akey", "src", "dst", "at", "seconds"]
    tables = [pq.read_table(file, columns=names, partitioning=None) for file in files]
    calls = (
        pa.concat_tables(tables)
        if tables
        else pa.table({n: pa.array([], pa.int64()) for n in names})
    )
    numbers = {name: calls[name].to_numpy().astype(np.int64) for name in names}
    return _batch("call", numbers, {"seconds": numbers["seconds"]}, eid=None)


def _transfers(graph: RiskGraph) -> EventBatch:
    edges = graph.edges.get("TRANSFERRED")
    if edges is None:
        nothing = np.empty(0, np.int64)
        numbers = dict.fromkeys(("akey", "src", "dst", "at", "amount"), nothing)
    else:
        columns = {name: edges.columns[name].astype(np.int64) for name in ("at", "amount")}
        numbers = {"akey": edges.eid, "src": edges.src, "dst": edges.dst, **columns}
    return _batch("transfer", numbers, {"amount": numbers["amount"]}, eid=numbers["akey"])


def _posts(graph: RiskGraph, reader: Reader) -> EventBatch:
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
