"""Seeded input, made column by column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute
import pyarrow.csv

#: Untyped: the published stubs know fewer combinations of arguments than Arrow does.
pc: Any = pyarrow.compute
Int64Array = npt.NDArray[np.int64]
#: Share of the transfers that one account pays: the hub.
HUB_SHARE = 0.05
_PART = 500_000
_BEGIN = 1_767_225_600  # 2026-01-01, seconds
_DAYS = 90
EPOCH_MS = _BEGIN * 1_000
_FIRST_ACCOUNT = 6_222_000_000_000_000


def account_key(number: int) -> str:
    """A card number."""
    return f"{_FIRST_ACCOUNT + number}"


def pairs(count: int, nodes: int, seed: int) -> tuple[Int64Array, Int64Array]:
    """Ends of edges among ``nodes``, one in twenty from node 0."""
    draw = np.random.default_rng(seed)
    src, dst = draw.integers(0, nodes, (2, count))
    return np.where(draw.random(count) < HUB_SHARE, 0, src), dst


def write_transfers(file: Path, first: int, count: int, accounts: int) -> None:
    """``transfers.csv`` with the transfers ``first .. first + count``, as banks deliver them.

    A transfer depends on its number alone, so that two files may overlap.
    """
    with file.open("wb") as out:
        writer = None
        for number in range(first // _PART, -(-(first + count) // _PART)):
            start = number * _PART
            inside = slice(max(first - start, 0), min(first + count - start, _PART))
            rows = _transfers(number, accounts).slice(inside.start, inside.stop - inside.start)
            writer = writer or pyarrow.csv.CSVWriter(out, rows.schema)
            writer.write_table(rows)
        assert writer is not None
        writer.close()


def _transfers(number: int, accounts: int) -> pa.Table:
    """One part of the endless list of transfers."""
    draw = np.random.default_rng(number)
    src, dst = pairs(_PART, accounts, number)
    fen = pa.array(draw.integers(1, 10_000_000, _PART))
    cents = pc.utf8_lpad(pc.cast(pa.array(np.asarray(fen) % 100), pa.string()), 2, "0")
    yuan = pa.array(np.asarray(fen) // 100).cast(pa.string())
    at = pa.array(_BEGIN + draw.integers(0, _DAYS * 86_400, _PART), pa.timestamp("s"))
    serial = pa.array(number * _PART + np.arange(_PART)).cast(pa.string())
    return pa.table(
        {
            "serial": pc.binary_join_element_wise("T", serial, ""),
            "from_account": pa.array(_FIRST_ACCOUNT + src),
            "to_account": pa.array(_FIRST_ACCOUNT + dst),
            "time": at.cast(pa.string()),
            "amount_yuan": pc.binary_join_element_wise(yuan, cents, "."),
        }
    )
