"""Stores filled column by column, past the loader."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from benchmarks.performance.data import EPOCH_MS, Int64Array
from graphrisk.store.contract import BatchInfo, DeliveryMode, Writer

PART = 500_000


def add_accounts(writer: Writer, count: int) -> None:
    """Accounts whose node numbers are ``0 … count-1``, in an empty store."""
    for start in range(0, count, PART):
        writer.resolve("Account", [f"A{n}" for n in range(start, min(start + PART, count))])


def deliver(writer: Writer, first: int, src: Int64Array, dst: Int64Array) -> None:
    """Transfers between accounts, numbered from ``first`` on, as one committed batch."""
    numbers = first + np.arange(len(src))
    columns = {"src": src, "dst": dst, "akey": numbers * 0x9E3779B1, "digest": numbers}
    columns |= {"row": numbers, "at": EPOCH_MS + numbers, "amount": numbers}
    info = BatchInfo("bank", f"{first}", "transfers.csv", DeliveryMode.EVENTS, EPOCH_MS + first)
    writer.upsert_edges("TRANSFERRED", pa.table(columns), info)
    writer.commit()
