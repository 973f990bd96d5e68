"""Compares findings with a city's planted truth. The only reader of a ``truth/`` folder.

A planted ring is the set of its members with ``is_offender`` true, of every node kind: persons,
phones, accounts and devices alike; victims do not count. A finding is the set of its members
whose role is not blameless. A ring is *matched* when one of the first ``2 x planted`` findings
overlaps it by a Jaccard of at least 0.5. A hard negative is *flagged* when one of these findings
holds at least half of the group's nodes.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from graphrisk.analysis.findings import BLAMELESS
from graphrisk.analysis.service import Findings
from graphrisk.core.errors import BadInput
from graphrisk.store.contract import Reader

_MATCH = 0.5
_HELD = 0.5


class KindCount(TypedDict):
    """Rings of one kind."""

    planted: int
    matched: int


class Evaluation(TypedDict):
    """How the findings compare with the truth."""

    planted: int
    found: int  # all findings of the run
    judged: int  # the first 2 x planted of them
    matched: int
    by_kind: dict[str, KindCount]
    rings: dict[str, float]  # best Jaccard of each planted ring
    first_matching: int  # of the first `planted` findings, those that match a ring
    false_findings: int  # judged findings that match no ring
    hard_negatives: int
    hard_negatives_flagged: dict[str, int]  # by kind of group


@dataclass(frozen=True, slots=True)
class _Truth:
    kinds: dict[str, str]  # ring id → kind
    rings: dict[str, frozenset[int]]
    decoys: dict[tuple[str, str], frozenset[int]]  # (kind, group id) → nodes


def evaluate(findings: Findings, reader: Reader, truth: Path) -> Evaluation:
    """Compare the latest run with the truth of the city it saw.

    Raises:
        BadInput: A file of the folder is missing or lacks a column, a row a value.
    """
    told = _as_seen(_read_truth(reader, truth), findings.stands_for())
    planted = len(told.rings)
    top = findings.page(None, max(2 * planted, 1), None)
    judged = [
        frozenset(member.nid for member in item.members if member.role not in BLAMELESS)
        for item in top.items[: 2 * planted]
    ]
    best = {
        ring: max((_jaccard(nodes, found) for found in judged), default=0.0)
        for ring, nodes in told.rings.items()
    }
    matching = [
        any(_jaccard(nodes, found) >= _MATCH for nodes in told.rings.values()) for found in judged
    ]
    return {
        "planted": planted,
        "found": top.total,
        "judged": len(judged),
        "matched": sum(value >= _MATCH for value in best.values()),
        "by_kind": _by_kind(told, best),
        "rings": {ring: round(best[ring], 4) for ring in sorted(best)},
        "first_matching": matching[:planted].count(True),
        "false_findings": matching.count(False),
        "hard_negatives": len(told.decoys),
        "hard_negatives_flagged": _flagged(told, judged),
    }


def _by_kind(told: _Truth, best: dict[str, float]) -> dict[str, KindCount]:
    planted = Counter(told.kinds[ring] for ring in told.rings)
    matched = Counter(told.kinds[ring] for ring, value in best.items() if value >= _MATCH)
    return {kind: {"planted": planted[kind], "matched": matched[kind]} for kind in sorted(planted)}


def _flagged(told: _Truth, judged: list[frozenset[int]]) -> dict[str, int]:
    flagged = Counter(
        kind
        for (kind, _), nodes in told.decoys.items()
        if nodes and any(len(nodes & found) >= _HELD * len(nodes) for found in judged)
    )
    return {kind: flagged[kind] for kind in sorted({kind for kind, _ in told.decoys})}


def _as_seen(told: _Truth, stands_for: Mapping[int, int]) -> _Truth:
    """The truth by the records that stood for persons when the run saw them."""

    def seen(nodes: frozenset[int]) -> frozenset[int]:
        return frozenset(stands_for.get(nid, nid) for nid in nodes)

    return _Truth(
        kinds=told.kinds,
        rings={ring: seen(nodes) for ring, nodes in told.rings.items()},
        decoys={group: seen(nodes) for group, nodes in told.decoys.items()},
    )


def _read_truth(reader: Reader, truth: Path) -> _Truth:
    kinds = {row["ring_id"]: row["kind"] for row in _rows(truth / "rings.csv", "ring_id", "kind")}
    offenders: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    columns = ("ring_id", "node_kind", "key", "is_offender")
    for row in _rows(truth / "members.csv", *columns):
        if row["is_offender"].strip().lower() in {"1", "true"}:
            offenders[row["ring_id"]].append((row["node_kind"], row["key"]))
    groups: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    columns = ("group_id", "kind", "node_kind", "key")
    for row in _rows(truth / "hard_negatives.csv", *columns):
        groups[row["kind"], row["group_id"]].append((row["node_kind"], row["key"]))
    return _Truth(
        kinds=kinds,
        rings={ring: _nodes(reader, offenders[ring]) for ring in kinds},
        decoys={group: _nodes(reader, keys) for group, keys in groups.items()},
    )


def _rows(file: Path, *columns: str) -> Iterator[dict[str, str]]:
    """Rows of a file of the truth, with all ``columns``; ``BadInput`` names file and line."""
    table = csv.DictReader(io.StringIO(_text(file), newline=""), strict=True)
    try:
        missing = set(columns) - set(table.fieldnames or ())
        if missing:
            raise BadInput(f"columns missing: {', '.join(sorted(missing))}", file=file.name)
        for row in table:
            if any(row[name] is None for name in columns):
                raise BadInput("fewer values than columns", file=file.name, line=table.line_num)
            yield row
    except csv.Error as error:
        raise BadInput(f"not CSV: {error}", file=file.name, line=table.line_num + 1) from error


def _text(file: Path) -> str:
    try:
        data = file.read_bytes()
    except FileNotFoundError as error:
        raise BadInput("the truth folder has no such file", file=file.name) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadInput("not UTF-8", file=file.name, line=line) from error


def _nodes(reader: Reader, keys: list[tuple[str, str]]) -> frozenset[int]:
    """Nids of (kind, key); keys the graph does not know count as nodes nobody can find."""
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    for kind, key in keys:
        by_kind[kind].append(key)
    nids = [nid for kind in by_kind for nid in reader.lookup(kind, by_kind[kind]).tolist()]
    # Unknown keys get numbers below any nid, one each.
    return frozenset(nid if nid >= 0 else -2 - place for place, nid in enumerate(nids))


def _jaccard(left: frozenset[int], right: frozenset[int]) -> float:
    return len(left & right) / len(left | right) if left or right else 0.0
