"""Small made sets of each format, with something planted that can be found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq

Column = npt.NDArray[np.generic]
Write = Callable[[Path, np.random.Generator], None]


def put(folder: Path, name: str, **columns: Column) -> None:
    """Write columns as a file of the kind that the name says."""
    folder.mkdir(parents=True, exist_ok=True)
    table = pa.table({key: pa.array(values) for key, values in columns.items()})
    if name.endswith(".csv"):
        pc_csv.write_csv(table, folder / name)
    else:
        pq.write_table(table, folder / name)


def transfers(folder: Path, rng: np.random.Generator) -> None:
    """400 accounts; 20 groups of three pay each other both ways, and what others never pay."""
    n, rows = 400, 1600
    src, dst = rng.integers(0, n, (2, rows))
    amount = 100.0 + src  # an account has its own sum
    step = rng.integers(1, 100, rows)
    fraud = rng.permutation(n)[:60].reshape(20, 3)
    one = np.concatenate([fraud.ravel(), np.roll(fraud, 1, axis=1).ravel()])
    two = np.concatenate([np.roll(fraud, 1, axis=1).ravel(), fraud.ravel()])
    flag = np.zeros(n, np.int64)
    flag[fraud.ravel()] = 1
    put(
        folder,
        "transactions.parquet",
        src=np.concatenate([src, one]),
        dst=np.concatenate([dst, two]),
        amount=np.concatenate([amount, rng.uniform(3.0, 5.0, len(one))]),
        step=np.concatenate([step, rng.integers(1, 100, len(one))]),
    )
    put(folder, "accounts.parquet", id=np.arange(n), is_fraud=flag)


def telecom(folder: Path, rng: np.random.Generator) -> None:
    """300 numbers, a third of them fraud: they call strangers, and are tied to their like."""
    n = 300
    fraud = np.arange(n) % 3 == 0
    counterparts = rng.integers(20, 200, n).astype(np.float64)
    often = np.where(fraud, rng.uniform(1.0, 2.5, n), rng.uniform(1.5, 9.0, n))
    calls = counterparts * often
    put(
        folder,
        "phones.parquet",
        id=np.arange(n),
        opposite_count=calls,
        opposite_unique=counterparts,
        phone2opposite_max=calls * np.where(fraud, 0.05, rng.uniform(0.05, 0.5, n)),
        voc_calltype1=np.where(fraud, rng.uniform(0.5, 1.0, n), rng.uniform(0.2, 0.8, n)),
        voc_day_nunique=np.where(fraud, rng.integers(1, 31, n), 30).astype(np.float64),
        voc_day_mode_count=calls * rng.uniform(0.05, 0.3, n),
        month_ids=rng.integers(1, 9, n),
        imeis=rng.integers(1, 3, n).astype(np.float64),
    )
    kinds = [np.flatnonzero(fraud), np.flatnonzero(~fraud)]
    alike = [rng.choice(kind, (2, 3 * len(kind))) for kind in kinds]
    mixed = rng.integers(0, n, (2, 200))
    src, dst = np.concatenate([*alike, mixed], axis=1)
    put(folder, "edges.parquet", src=src, dst=dst, w=np.ones(len(src), np.int64))
    put(folder, "labels_train.csv", id=np.arange(n), label=fraud.astype(np.int64))


def communities(folder: Path, rng: np.random.Generator) -> None:
    """120 nodes in six departments; four ties in five stay inside."""
    n, rows = 120, 1500
    department = np.arange(n) % 6
    src = rng.integers(0, n, rows)
    inside = rng.random(rows) < 0.8
    dst = np.where(inside, 6 * rng.integers(0, n // 6, rows) + department[src], 0)
    dst = np.where(inside, dst, rng.integers(0, n, rows))
    put(folder, "edges.csv", src=src, dst=dst)
    put(folder, "labels.csv", id=np.arange(n), department=department)


#: Every format's set, and its file and column of labels.
SETS: Mapping[str, tuple[Write, str, str]] = {
    "transfers": (transfers, "accounts.parquet", "is_fraud"),
    "telecom": (telecom, "labels_train.csv", "label"),
    "communities": (communities, "labels.csv", "department"),
}


def write(name: str, folder: Path, seed: int) -> Path:
    """The set of a format."""
    SETS[name][0](folder, np.random.default_rng(seed))
    return folder


def rewritten(name: str, folder: Path, change: Callable[[pa.Table, str], pa.Table]) -> None:
    """Change the file of labels; ``change`` is told the column."""
    file, column = folder / SETS[name][1], SETS[name][2]
    if file.suffix == ".csv":
        pc_csv.write_csv(change(pc_csv.read_csv(file), column), file)
    else:
        pq.write_table(change(pq.read_table(file), column), file)
