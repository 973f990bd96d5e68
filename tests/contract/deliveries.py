"""Deliveries as ingest would hand them to a writer, and short words to read them back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import numpy as np
import pyarrow as pa

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.core.clock import BEGIN, OPEN
from graphrisk.store.contract import (
    BatchInfo,
    DeliveryMode,
    Int64Array,
    Page,
    Reader,
    Store,
    UpsertResult,
    Writer,
)

Row = dict[str, object]
Numbers = Sequence[int] | Int64Array
Result = TypeVar("Result")


def batch(
    known_at: int = 1_000, source: str = "register", mode: DeliveryMode = DeliveryMode.FULL
) -> BatchInfo:
    """Provenance of a delivery that is learnt at ``known_at``."""
    return BatchInfo(source, f"sha256-{source}-{known_at}", f"{source}.csv", mode, known_at)


def assertions(
    nids: Numbers,
    akeys: Numbers,
    digests: Numbers | None = None,
    valid: tuple[int, int] = (BEGIN, OPEN),
    **properties: Sequence[object],
) -> pa.Table:
    """Rows of ``upsert_nodes``."""
    return _rows({"nid": nids}, akeys, digests, valid, properties)


def states(
    src: Numbers,
    dst: Numbers,
    akeys: Numbers,
    digests: Numbers | None = None,
    valid: tuple[int, int] = (BEGIN, OPEN),
    **properties: Sequence[object],
) -> pa.Table:
    """Rows of ``upsert_edges`` for a state."""
    return _rows({"src": src, "dst": dst}, akeys, digests, valid, properties)


def transfers(
    src: Numbers,
    dst: Numbers,
    akeys: Numbers,
    at: Numbers,
    amount: Numbers | None = None,
    digests: Numbers | None = None,
) -> pa.Table:
    """Rows of ``upsert_edges`` for TRANSFERRED, each with a serial."""
    amounts = [100] * len(akeys) if amount is None else amount
    serials = [f"S{akey}" for akey in akeys]
    properties = {"at": at, "amount": amounts, "serial": serials}
    return _rows({"src": src, "dst": dst}, akeys, digests, None, properties)


def sums(
    src: Numbers,
    dst: Numbers,
    count: Numbers,
    first: Numbers | None = None,
    last: Numbers | None = None,
) -> pa.Table:
    """Rows of ``merge_aggregates``: each call takes ten seconds, each row one day."""
    zeros = np.zeros(len(src), np.int64)
    return pa.table(
        {
            "src": _numbers(src),
            "dst": _numbers(dst),
            "count": _numbers(count),
            "seconds": _numbers(count) * 10,
            "first": zeros if first is None else _numbers(first),
            "last": zeros if last is None else _numbers(last),
            "days": zeros + 1,
        }
    )


def write(store: Store, work: Callable[[Writer], Result]) -> Result:
    """One committed transaction."""
    with store.writer("test") as writer:
        result = work(writer)
        writer.commit()
    return result


def nodes(store: Store, kind: str, keys: Sequence[str]) -> list[int]:
    """Committed nodes; their nids."""
    return [int(nid) for nid in write(store, lambda w: w.resolve(kind, keys))]


def add_nodes(
    store: Store, kind: str, rows: pa.Table, info: BatchInfo | None = None
) -> UpsertResult:
    """Committed assertions."""
    return write(store, lambda w: w.upsert_nodes(kind, rows, info or batch()))


def add_edges(
    store: Store, kind: str, rows: pa.Table, info: BatchInfo | None = None
) -> UpsertResult:
    """Committed states or events."""
    return write(store, lambda w: w.upsert_edges(kind, rows, info or batch()))


def add_sums(store: Store, kind: str, rows: pa.Table, info: BatchInfo | None = None) -> int:
    """Committed sums."""
    return write(store, lambda w: w.merge_aggregates(kind, rows, info or batch()))


def read(store: Store) -> Reader:
    """Reads of everything."""
    return store.reader(EVERYTHING, Purpose("test"))


def listed(batches: Iterable[pa.RecordBatch]) -> list[Row]:
    """All rows of an export."""
    return [row for rows in batches for row in rows.to_pylist()]


def paged(page: Page) -> tuple[list[Row], bool, int]:
    """Rows, truncated, total."""
    return page.rows.to_pylist(), page.truncated, page.total


def ids(*numbers: int) -> Int64Array:
    """The numbers as the contract takes them."""
    return np.array(numbers, np.int64)


def column(rows: pa.Table, name: str) -> list[object]:
    """One column as a list."""
    return list(rows.column(name).to_pylist())


def _rows(
    ends: dict[str, Numbers],
    akeys: Numbers,
    digests: Numbers | None,
    valid: tuple[int, int] | None,
    properties: dict[str, Sequence[object]] | dict[str, Numbers | list[str]],
) -> pa.Table:
    count = len(akeys)
    columns: dict[str, object] = {name: _numbers(nids) for name, nids in ends.items()}
    columns["akey"] = _numbers(akeys)
    columns["digest"] = _numbers([1] * count if digests is None else digests)
    columns["row"] = np.arange(count)
    if valid is not None:
        columns |= {"valid_from": [valid[0]] * count, "valid_to": [valid[1]] * count}
    return pa.table({**columns, **properties})


def _numbers(values: Numbers) -> Int64Array:
    return np.array(values, np.int64)
