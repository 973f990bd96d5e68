"""Folders in the layout of public data sets, with invented rows: names and columns alone agree."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

#: Columns that say who is guilty; nothing of them may ever reach the graph.
LABELS = frozenset({"is_fraud", "fraud_step", "label", "is_spam", "role"})
Columns = dict[str, list[int] | list[float]]


def amlsim(folder: Path) -> None:
    """Payments at random for months, and twelve accounts that pay a thirteenth within days."""
    rng = random.Random(1)
    accounts = 120
    rows = [
        (*rng.sample(range(accounts), 2), round(rng.uniform(10, 500), 2), rng.randint(1, 149))
        for _ in range(2_500)
    ]
    rows += [(payer, 0, round(rng.uniform(4, 9), 2), 40 + payer % 3) for payer in range(20, 40)]
    src, dst, amount, step = (list(column) for column in zip(*rows, strict=True))
    fraud = [rng.randint(0, 1) for _ in rows]
    columns = {"src": src, "dst": dst, "amount": amount, "step": step, "is_fraud": fraud}
    _parquet(folder / "transactions.parquet", columns)
    flags = [rng.randint(0, 1) for _ in range(accounts)]
    steps = [rng.randint(1, 149) for _ in range(accounts)]
    known: Columns = {"id": list(range(accounts)), "is_fraud": flags, "fraud_step": steps}
    _parquet(folder / "accounts.parquet", known)


def montagna(folder: Path) -> None:
    """Three close groups that meet, some of whom also call."""
    pairs = _close_groups(random.Random(2))
    _csv(folder / "meetings.csv", {**pairs, "role": [place % 2 for place in range(_size(pairs))]})
    fewer = {name: column[::2] for name, column in pairs.items()}
    _csv(folder / "phonecalls.csv", {**fewer, "role": [place % 3 for place in range(_size(fewer))]})


def noordin(folder: Path) -> None:
    """Three close groups in two layers."""
    pairs = _close_groups(random.Random(3))
    layer = [place % 2 for place in range(_size(pairs))]
    _csv(folder / "edges.csv", {"layer": layer, **pairs})
    _csv(folder / "nodes.csv", {"id": list(range(60)), "role": [n % 4 for n in range(60)]})


def sichuan(folder: Path) -> None:
    """Three close groups of subscribers, some of them labelled."""
    _parquet(folder / "edges.parquet", _close_groups(random.Random(4)))
    _parquet(folder / "phones.parquet", {"id": list(range(60)), "call_dur_mean": [1.0] * 60})
    _csv(folder / "labels_train.csv", {"id": list(range(30)), "label": [n % 2 for n in range(30)]})


INVENTED: dict[str, Callable[[Path], None]] = {
    "amlsim": amlsim,
    "montagna": montagna,
    "noordin": noordin,
    "sichuan": sichuan,
}
_MARKS = {
    "amlsim": "transactions.parquet",
    "montagna": "meetings.csv",
    "noordin": "noordin*/edges.csv",
    "sichuan": "edges.parquet",
}


def real_folders() -> dict[str, Path]:
    """The public sets below ``GRAPHRISK_REAL_DATA``; none where it is not set."""
    given = os.environ.get("GRAPHRISK_REAL_DATA")
    if not given:
        return {}
    found = {name: sorted(Path(given).rglob(mark)) for name, mark in _MARKS.items()}
    return {name: files[0].parent for name, files in found.items() if files}


def real_file(end: str) -> Path | None:
    """A file below ``GRAPHRISK_REAL_DATA`` by the end of its path."""
    given = os.environ.get("GRAPHRISK_REAL_DATA")
    found = sorted(Path(given).rglob(end)) if given else []
    return found[0] if found else None


def with_labels_dealt_anew(source: Path, target: Path, seed: int) -> int:
    """Copy a folder; the values of its label columns change places. How many columns did."""
    rng, dealt = random.Random(seed), 0
    target.mkdir()
    for file in sorted(source.iterdir()):
        if file.suffix not in {".csv", ".parquet"}:
            shutil.copy(file, target / file.name)
            continue
        is_csv = file.suffix == ".csv"
        table = pyarrow.csv.read_csv(file) if is_csv else pq.read_table(file)
        for name in sorted(LABELS & set(table.column_names)):
            order = rng.sample(range(len(table)), len(table))
            mixed = table[name].take(pa.array(order))
            table = table.set_column(table.column_names.index(name), name, mixed)
            dealt += 1
        if is_csv:
            pyarrow.csv.write_csv(table, target / file.name)
        else:
            pq.write_table(table, target / file.name)
    return dealt


def _close_groups(rng: random.Random) -> Columns:
    """Sixty nodes: three groups of eight where all are joined, ties at random among the rest."""
    groups = [range(first, first + 8) for first in (0, 8, 16)]
    pairs = {pair for group in groups for pair in combinations(group, 2)}
    while len(pairs) < 84 + 90:
        left, right = sorted(rng.sample(range(20, 60), 2))
        pairs.add((left, right))
    src, dst = (list(column) for column in zip(*sorted(pairs), strict=True))
    return {"src": src, "dst": dst, "w": [1.0 + place % 3 for place in range(len(src))]}


def _size(columns: Columns) -> int:
    return len(columns["src"])


def _parquet(file: Path, columns: Columns) -> None:
    pq.write_table(pa.table(columns), file)


def _csv(file: Path, columns: Columns) -> None:
    pyarrow.csv.write_csv(pa.table(columns), file)
