"""Verdicts in the graph: a node a case, an edge ``CONCERNS`` to each member it speaks of.

They come in by the door of all facts, as a source of their own that states everything it says:
what was withdrawn has ended, what is stated again changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.centre.verdicts.model import NUMBERS, Label
from graphrisk.core.clock import OPEN, Clock
from graphrisk.core.ids import uuid7
from graphrisk.ingest.hashing import fingerprints
from graphrisk.store.contract import BatchInfo, DeliveryMode, Store, Writer

SOURCE = "case-verdicts"
CASE, CONCERNS = "Case", "CONCERNS"
_PURPOSE = Purpose("operation")


def state_labels(writer: Writer, store: Store, clock: Clock, labels: Sequence[Label]) -> None:
    """Make the graph say these labels and no others; members that it does not know are left out."""
    now = clock.now_ms()
    batch = BatchInfo(SOURCE, uuid7(now), "verdict", DeliveryMode.FULL, now)
    known = _nids(store, labels)
    told = [one for one in labels if (one.member.kind, one.member.key) in known]
    at = {one.case_number: one.at for one in told}
    numbers = sorted(at)
    nids = writer.resolve(CASE, numbers) if numbers else np.empty(0, np.int64)
    cases = dict(zip(numbers, nids.tolist(), strict=True))
    nodes = _rows(CASE, [[number] for number in numbers], [at[number] for number in numbers])
    nodes = nodes.append_column("nid", pa.array(nids, pa.int64()))
    edges = _edges(told, cases, known)
    for kind, rows in ((CASE, nodes), (CONCERNS, edges)):
        if kind == CASE:
            writer.upsert_nodes(kind, rows, batch)
        else:
            writer.upsert_edges(kind, rows, batch)
        writer.close_absent(kind, SOURCE, np.sort(rows.column("akey").to_numpy()), batch)
    writer.commit()


def _edges(
    told: Sequence[Label], cases: Mapping[str, int], known: Mapping[tuple[str, str], int]
) -> pa.Table:
    names = [[one.case_number, one.finding_id, one.member.kind, one.member.key] for one in told]
    said = [[one.member.role, one.outcome.value] for one in told]
    rows = _rows(CONCERNS, names, [one.at for one in told], said)
    columns: dict[str, pa.Array[Any]] = {
        "src": pa.array([cases[one.case_number] for one in told], pa.int64()),
        "dst": pa.array([known[one.member.kind, one.member.key] for one in told], pa.int64()),
        "verdict": pa.array([NUMBERS[one.outcome] for one in told], pa.int64()),
        "role": pa.array([one.member.role for one in told], pa.string()),
        "finding": pa.array([one.finding_id for one in told], pa.string()),
    }
    for name, column in columns.items():
        rows = rows.append_column(name, column)
    return rows


def _rows(
    kind: str,
    names: Sequence[Sequence[str]],
    since: Sequence[int],
    said: Sequence[Sequence[str]] | None = None,
) -> pa.Table:
    """Assertions: one key a thing stated, a digest of what is said of it."""
    keys = ["\x1f".join((kind, *parts)) for parts in names]
    content = said if said is not None else [[] for _ in names]
    told = [
        "\x1f".join((key, str(at), *parts))
        for key, at, parts in zip(keys, since, content, strict=True)
    ]
    return pa.table(
        {
            "akey": pa.array(fingerprints(pa.array(keys, pa.string()))),
            "digest": pa.array(fingerprints(pa.array(told, pa.string()))),
            "row": pa.array(np.arange(len(keys))),
            "valid_from": pa.array(since, pa.int64()),
            "valid_to": pa.array([OPEN] * len(keys), pa.int64()),
        }
    )


def _nids(store: Store, labels: Sequence[Label]) -> dict[tuple[str, str], int]:
    reader = store.reader(EVERYTHING, _PURPOSE)
    by_kind: defaultdict[str, set[str]] = defaultdict(set)
    for one in labels:
        by_kind[one.member.kind].add(one.member.key)
    return {
        (kind, key): nid
        for kind, keys in sorted(by_kind.items())
        for key, nid in zip(sorted(keys), reader.lookup(kind, sorted(keys)).tolist(), strict=True)
        if nid >= 0
    }
