"""All people in the grid: who and what has exactly one grid cell, and why the others have not.

A person's cells are those its residence is declared in and the one that owns its address; whatever
has a position lies in the cell that owns it. Records judged to be one person count once, with the
cells of all. Who only left (all that was said has ended) is not counted; who is only mentioned, as
an account's holder say, is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphrisk.core.clock import OPEN
from graphrisk.store.contract import Int64Array, Reader
from graphrisk.store.snapshot.state import latest_known
from graphrisk_algorithms.evidence.identities import JUDGED, identities
from graphrisk_algorithms.graph import EdgeColumns
from graphrisk_schema.reader import load_schema

_CELL, _LOCATED = "GridCell", "LOCATED_IN"
#: Chains of edges from a kind to its grid cells; kinds with a position have the chain of one.
_PERSON_CHAINS = (("LIVES_IN",), ("RESIDES_AT", _LOCATED))
_PAGE = 20_000
#: Why something has not exactly one grid cell.
REASONS: Mapping[str, Mapping[str, str]] = {
    "no_cell": {"zh": "没有任何来源给出网格", "en": "no source leads to a grid cell"},
    "several_cells": {"zh": "各来源给出的网格不一致", "en": "sources lead to different grid cells"},
    "unknown_cell": {"zh": "网格不在网格目录中", "en": "the grid cell is in no register of cells"},
    "no_position": {"zh": "没有坐标", "en": "no position is known"},
    "outside": {"zh": "坐标不在任何网格内", "en": "no grid cell owns the position"},
}
_CODES = tuple(REASONS)
_NONE, _SEVERAL, _UNKNOWN, _NO_POSITION, _OUTSIDE = range(len(_CODES))
_COVERED = -1


@dataclass(frozen=True, slots=True)
class Share:
    """How many have exactly one cell: ``total == covered + sum(reasons.values())``.

    ``source`` is whose rows are counted; "" those that only others mention, ``None`` all together
    (what two sources name counts once).
    """

    kind: str
    source: str | None
    total: int
    covered: int
    reasons: Mapping[str, int]  # by code, none of them 0


@dataclass(frozen=True, slots=True)
class Gap:
    """A node that has not exactly one grid cell."""

    nid: int
    kind: str
    reason: str


@dataclass(frozen=True)
class Coverage:
    """The report on one state of the graph."""

    version: int
    shares: tuple[Share, ...]  # by kind: all together, then by source
    _nids: Int64Array
    _kinds: Int64Array
    _reasons: Int64Array
    _names: tuple[str, ...]

    def gaps(self, after: int = -1, limit: int | None = None, kind: str | None = None) -> list[Gap]:
        """Those without exactly one cell, in order of nid, behind ``after``."""
        wanted = self._nids > after
        if kind is not None:
            wanted &= np.array([name == kind for name in self._names])[self._kinds]
        rows = np.flatnonzero(wanted)[:limit].tolist()
        return [
            Gap(int(self._nids[row]), self._names[self._kinds[row]], _CODES[self._reasons[row]])
            for row in rows
        ]

    def gap_count(self, kind: str | None = None) -> int:
        """How many ``gaps`` there are in all."""
        wholes = [one for one in self.shares if one.source is None and kind in (None, one.kind)]
        return sum(one.total - one.covered for one in wholes)


class Coverages:
    """The last report, kept until the graph changes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last: Coverage | None = None

    def now(self, reader: Reader) -> Coverage:
        """The report on the present state; who asks meanwhile waits for the one being made."""
        with self._lock:
            if self._last is None or self._last.version != reader.version():
                self._last = coverage(reader)
            return self._last


def coverage(reader: Reader) -> Coverage:
    """Count what has exactly one grid cell. Cost: one pass over people, addresses and their edges.

    Memory: about 100 bytes a node.
    """
    version = reader.version()
    seen = _Seen(reader, version)
    cells = np.unique(seen.nodes(_CELL)[0])
    shares: list[Share] = []
    nids, kinds, reasons = [], [], []
    names = ("Person", *load_schema().edges[_LOCATED].sources)
    for place, kind in enumerate(names):
        chains = _PERSON_CHAINS if kind == "Person" else ((_LOCATED,),)
        told, sources = seen.nodes(kind)
        mentioned, (placed, where) = seen.mentioned(kind), seen.cells_of(chains)
        if kind in load_schema().edges[JUDGED].sources:
            told, mentioned, placed = seen.one_each(told, mentioned, placed)
        nodes = np.union1d(told, mentioned)
        reason = _reasons_of(nodes, (placed, where), cells)
        if load_schema().nodes[kind].has_position:
            bare = nodes[reason == _NONE]
            reason[reason == _NONE] = np.where(seen.has_position(bare), _OUTSIDE, _NO_POSITION)
        shares += _shares(kind, nodes, reason, told, sources)
        gaps = reason != _COVERED
        nids.append(nodes[gaps])
        reasons.append(reason[gaps])
        kinds.append(np.full(int(gaps.sum()), place))
    order = np.argsort(np.concatenate(nids), kind="stable")
    which, kind_of, why = (np.concatenate(one)[order] for one in (nids, kinds, reasons))
    return Coverage(version, tuple(shares), which, kind_of, why, names)


def _reasons_of(
    nodes: Int64Array, ends: tuple[Int64Array, Int64Array], cells: Int64Array
) -> Int64Array:
    """Why each node has not exactly one cell; ``_COVERED`` if it has."""
    pairs = np.unique(np.stack(ends, axis=1), axis=0)
    first = np.searchsorted(pairs[:, 0], nodes)
    count = np.searchsorted(pairs[:, 0], nodes, "right") - first
    only = np.append(pairs[:, 1], -1)[np.where(count == 1, first, len(pairs))]
    one = np.where(np.isin(only, cells), _COVERED, _UNKNOWN)
    return np.where(count == 0, _NONE, np.where(count > 1, _SEVERAL, one))


def _shares(
    kind: str,
    nodes: Int64Array,
    reason: Int64Array,
    told: Int64Array,
    sources: npt.NDArray[np.str_],
) -> list[Share]:
    """Of the kind as a whole, then of each source."""
    found = [_share(kind, None, reason)]
    groups = {str(source): told[sources == source] for source in np.unique(sources)}
    only = np.setdiff1d(nodes, told)
    if len(only):
        groups[""] = only
    for source in sorted(groups):
        rows = np.searchsorted(nodes, np.unique(groups[source]))
        found.append(_share(kind, source, reason[rows]))
    return found


def _share(kind: str, source: str | None, reason: Int64Array) -> Share:
    counts = np.bincount(reason[reason != _COVERED], minlength=len(_CODES)).tolist()
    why = {code: count for code, count in zip(_CODES, counts, strict=True) if count}
    return Share(kind, source, len(reason), int((reason == _COVERED).sum()), why)


class _Seen:
    """Nodes and edges as they are now, in columns."""

    def __init__(self, reader: Reader, version: int) -> None:
        self._reader = reader
        self._version = version
        self._latest = latest_known(reader)[1]
        self._ever: dict[str, Int64Array] = {}

    def nodes(self, kind: str) -> tuple[Int64Array, npt.NDArray[np.str_]]:
        """What sources say of nodes of the kind now: nid and source, one row an assertion."""
        nids, sources = [np.empty(0, np.int64)], [np.empty(0, np.str_)]
        ever = [np.empty(0, np.int64)]
        for batch in self._reader.export_nodes(kind, 0, self._version):
            held = self._holds(batch)
            every = batch["nid"].to_numpy()
            ever.append(np.unique(every))
            nids.append(every[held])
            sources.append(np.array(batch["source"].filter(pa.array(held)).to_pylist(), np.str_))
        self._ever[kind] = np.unique(np.concatenate(ever))
        return np.concatenate(nids), np.concatenate(sources)

    def mentioned(self, kind: str) -> Int64Array:
        """Nodes of which no source ever said more than their key. After ``nodes``."""
        keys = self._reader.export_keys(kind, 0, self._version)
        nids = [batch["nid"].to_numpy() for batch in keys]
        return np.setdiff1d(np.concatenate([np.empty(0, np.int64), *nids]), self._ever[kind])

    def one_each(self, *nids: Int64Array) -> list[Int64Array]:
        """The record that stands for the person of each, by the judgements that hold now."""
        names = ("eid", "src", "dst", "verdict", "by_person", "probability")
        columns = (*names, "valid_from", "valid_to", "known_to")
        found = [np.empty((0, len(names)), np.float64)]
        for batch in self._reader.export_edges(JUDGED, 0, self._version, columns):
            rows = [batch[name].to_numpy(zero_copy_only=False) for name in names]
            found.append(np.stack(rows, axis=1).astype(np.float64)[self._holds(batch)])
        told = dict(zip(names, np.concatenate(found).T, strict=True))
        eid, src, dst = (told[name].astype(np.int64) for name in names[:3])
        judged = EdgeColumns(eid, src, dst, {name: told[name] for name in names[3:]})
        n = 1 + max(int(one.max(initial=-1)) for one in (*nids, judged.src, judged.dst))
        same_as = identities(n, judged).same_as
        return [same_as[one] for one in nids]

    def cells_of(self, chains: tuple[tuple[str, ...], ...]) -> tuple[Int64Array, Int64Array]:
        """Pairs of a node and a cell that one of the chains leads to."""
        found = []
        for first, *others in chains:
            src, dst = self._edges(first)
            for edge_kind in others:
                src, dst = _joined(src, dst, *self._edges(edge_kind))
            found.append((src, dst))
        nodes, cells = (np.concatenate(column) for column in zip(*found, strict=True))
        return nodes, cells

    def has_position(self, nids: Int64Array) -> npt.NDArray[np.bool_]:
        """Which nodes (ascending) have one."""
        found = [np.empty(0, np.bool_)]
        for start in range(0, len(nids), _PAGE):
            tables = self._reader.get_nodes(nids[start : start + _PAGE]).values()
            found += [np.asarray(table["lon"].combine_chunks().is_valid()) for table in tables]
        return np.concatenate(found)

    def _edges(self, edge_kind: str) -> tuple[Int64Array, Int64Array]:
        """Both ends of the edges that hold now."""
        columns = ("src", "dst", "valid_from", "valid_to", "known_to")
        ends = [np.empty((0, 2), np.int64)]
        for batch in self._reader.export_edges(edge_kind, 0, self._version, columns):
            both = np.stack([batch["src"].to_numpy(), batch["dst"].to_numpy()], axis=1)
            ends.append(both[self._holds(batch)])
        src, dst = np.concatenate(ends).T
        return src, dst

    def _holds(self, batch: pa.RecordBatch) -> npt.NDArray[np.bool_]:
        begins, ends, known = (
            batch[name].to_numpy() for name in ("valid_from", "valid_to", "known_to")
        )
        held: npt.NDArray[np.bool_] = (
            (known == OPEN) & (begins <= self._latest) & (ends > self._latest)
        )
        return held


def _joined(
    src: Int64Array, middle: Int64Array, start: Int64Array, end: Int64Array
) -> tuple[Int64Array, Int64Array]:
    """Both ends of chains of two edges."""
    order = np.argsort(start, kind="stable")
    low = np.searchsorted(start[order], middle)
    count = np.searchsorted(start[order], middle, "right") - low
    offset = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(src, count), end[order][np.repeat(low, count) + offset]
