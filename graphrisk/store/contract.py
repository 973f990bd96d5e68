"""What every graph store offers: the narrow contract of design.md section 4.

Tables in and out are Arrow. Numbers inside: ``nid`` and ``eid`` are dense int64, allocated by
the store in row order (so both engines give the same numbers for the same input), never reused.

Facts. Each *assertion* is identified by ``akey``, the int64 hash of (source, external id), and
its content by ``digest`` (graphrisk.ingest computes both; a store compares, never hashes).

========== ==================================================================================
nature     what a store keeps
========== ==================================================================================
state      versions of an assertion: ``valid_from, valid_to, known_from, known_to``. An edge's
           ``eid`` names the assertion and stays the same over its versions. A changed digest
           closes the open version (``known_to`` = the batch's ``known_at``) and adds one.
event      one row, for ever. The same akey with another digest is a conflict: not written.
aggregate  one row per (src, dst); sums, minima and maxima grow; never closed.
========== ==================================================================================

A node exists from its first mention (``resolve``); its properties come from assertions and what
a reader sees is their merge: per property the last known non-null value (known_from, then source).

Sequence. Every committed transaction that changed anything takes one ``changed_seq``; every row
it wrote or closed carries it. ``version()`` is the last one. A transaction that changes nothing
takes none, allocates no nid, eid or batch id and leaves no row.

Stores are synchronous and translate their driver's exceptions into ``graphrisk.core.errors``.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Literal, NewType, Protocol, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphrisk.access.model import Purpose, Scope

Int64Array = npt.NDArray[np.int64]
#: Whether a node is meant, by nid; the last entry is ``False`` and stands for all beyond.
NodeMask = npt.NDArray[np.bool_]
Direction = Literal["out", "in"]
BatchId = NewType("BatchId", int)


def held(mask: NodeMask, nids: Int64Array) -> NodeMask:
    """Which of the nodes a mask holds; a negative number is nobody's."""
    found: NodeMask = mask[np.clip(nids, -1, len(mask) - 1)] & (nids >= 0)
    return found


class DeliveryMode(StrEnum):
    """What a delivery claims to hold; absence closes only in ``FULL``."""

    FULL = "full"
    DELTA = "delta"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class BatchInfo:
    """Provenance of one delivered file: hangs on every row it wrote."""

    source: str  # name of the mapping, e.g. "transfers"
    delivery: str  # identity of the delivery: SHA-256 of the file
    file: str  # file name without its folder
    mode: DeliveryMode
    known_at: int  # when we learnt it, epoch ms UTC


@dataclass(frozen=True, slots=True)
class AsOf:
    """Which facts are seen.

    ``known_at``: what was known then; ``None`` = all that is known now.
    ``valid_at``: what held then; ``None`` = what holds at the store's latest known time, that is
    states whose validity has not ended. Events are filtered by ``known_at`` only.
    """

    valid_at: int | None = None
    known_at: int | None = None


NOW = AsOf()


def drawn_stamp() -> int:
    """A stamp for a commit (``Reader.stamp``): never 0."""
    return 1 + secrets.randbelow((1 << 62) - 1)


@dataclass(frozen=True, slots=True)
class UpsertResult:
    """What became of the rows of one upsert. ``loaded + unchanged + conflicts == rows in``."""

    loaded: int  # rows that added a fact (new assertion or new version)
    unchanged: int
    conflicts: (
        Int64Array  # positions (in the table handed in) of events that differ from the stored
    )


@dataclass(frozen=True, slots=True)
class Page:
    """A cut of a longer result: rows, whether there are more, and how many in all if counted."""

    rows: pa.Table
    truncated: bool
    total: int


@dataclass(frozen=True, slots=True)
class Path:
    """A chain of edges: ``len(nids) == len(eids) + 1``; ``edge_kinds`` names each edge."""

    nids: tuple[int, ...]
    eids: tuple[int, ...]
    edge_kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NeighbourQuery:
    """One step from a node. ``since``/``until`` (half-open, ms) apply to the edge kind's time
    property (events) or to ``first``/``last`` (aggregates); states ignore them.
    """

    nid: int
    edge_kind: str
    direction: Direction
    since: int | None = None
    until: int | None = None
    after_eid: int = -1  # keyset: rows come in eid order
    limit: int = 100


@dataclass(frozen=True, slots=True)
class TraceQuery:
    """Follow events strictly forward (``out``) or backward (``in``) in time from an account.

    A hop may be taken only at a time strictly after (before) the one that led to its node.
    ``fan_out`` caps edges followed per node and layer (earliest first for ``out``, latest first
    for ``in``; ties by eid); ``limit`` caps all rows. Either cap sets ``truncated``.
    """

    nid: int
    edge_kind: str
    start: int
    direction: Direction = "out"
    until: int | None = None
    max_hops: int = 4
    fan_out: int = 50
    limit: int = 2000


class Reader(Protocol):
    """All reads of the graph, within a scope and for a purpose.

    What lies outside the scope (``store.scope``) is not there: it is not found, counted, listed
    nor walked through. An edge is seen if one of its ends is. Columns (``export_*``) are refused
    with ``Forbidden`` to any scope but ``EVERYTHING``, and ``counts`` tells of nodes alone.
    """

    def version(self) -> int:
        """Last committed ``changed_seq`` (0 = empty)."""
        ...

    def stamp(self, version: int) -> int:
        """The random number that the commit of ``version`` drew; 0 where the store has none.

        A backup that was put back and written on reaches the same versions by another history:
        a copy of the columns, or whatever else names a version, tells them apart by the stamp.
        """
        ...

    def parts(self, dataset: str) -> list[str]:
        """Committed raw files of a data set, in order of addition: only ever more of them."""
        ...

    def counts(self) -> dict[str, int]:
        """Number of nodes per node kind and of rows seen with ``NOW`` per edge kind."""
        ...

    def outside(self, nids: Int64Array) -> dict[int, str]:
        """Kind of each of these nodes that there is but outside the scope: a stub stands for it."""
        ...

    def lookup(self, kind: str, keys: Sequence[str]) -> Int64Array:
        """``nid`` of each key, -1 where unknown. Order of ``keys``."""
        ...

    def get_nodes(self, nids: Int64Array, as_of: AsOf = NOW) -> dict[str, pa.Table]:
        """Per kind: ``nid, key`` and all properties of the kind (merged), in nid order.

        A node that was only mentioned, or whose assertions are all closed, has null properties.
        Unknown nids are left out.
        """
        ...

    def get_edges(self, eids: Int64Array, as_of: AsOf = NOW) -> dict[str, pa.Table]:
        """Per edge kind: the ``EDGE_COLUMNS`` of the kind, in eid order. Provenance included."""
        ...

    def batches(self, batch_ids: Int64Array) -> pa.Table:
        """``batch_id, source, delivery, file, mode, known_at``, in batch_id order."""
        ...

    def scan_nodes(self, kind: str, after_nid: int = -1, limit: int = 1000) -> pa.Table:
        """One keyset page of a kind in nid order: ``nid, key`` and all properties (merged)."""
        ...

    def search(self, text: str, kinds: Sequence[str], limit: int = 20) -> Page:
        """Nodes whose key or searchable property matches all words or fragments of ``text``.

        Full words, pinyin (full or initials) and fragments (``graphrisk.store.search`` defines
        the terms for both engines). Rows ``nid, kind, key``, in (kind, nid) order.
        """
        ...

    def neighbour_counts(self, nid: int, as_of: AsOf = NOW) -> pa.Table:
        """``edge_kind, direction, count``, only counts > 0, in (edge_kind, direction) order."""
        ...

    def neighbours(self, query: NeighbourQuery, as_of: AsOf = NOW) -> Page:
        """Edges of one kind at one node: ``EDGE_COLUMNS``; ``total`` counts all that match
        (before ``after_eid`` and ``limit``).
        """
        ...

    def shortest_path(
        self,
        source: int,
        target: int,
        edge_kinds: Sequence[str],
        max_hops: int = 6,
        through: NodeMask | None = None,
    ) -> Path | None:
        """A shortest chain ignoring direction; ``None`` if there is none within ``max_hops``.

        ``through``: over these nodes alone.

        Deterministic on both engines: breadth-first from ``source``; among shortest chains the
        one whose nid sequence is lexicographically smallest, then smallest eids.
        """
        ...

    def trace(self, query: TraceQuery, through: NodeMask | None = None) -> Page:
        """Layered rows ``layer, eid, src, dst, at, amount`` in (layer, at, eid) order.

        ``through``: no further than these nodes; edges that lead out of them are reported.

        Each edge is reported once, in the first layer that reaches it. ``total`` = rows found.
        """
        ...

    def changed_kinds(self, since: int, upto: int) -> frozenset[str]:
        """Kinds of nodes and edges whose exports of that range are not known to be empty.

        One look, so that a copy does not ask for each of a hundred kinds after every commit.
        """
        ...

    def export_nodes(self, kind: str, since: int, upto: int) -> Iterator[pa.RecordBatch]:
        """Versions of node assertions with ``since < changed_seq <= upto``:
        ``vid, nid, source, valid_from, valid_to, known_from, known_to, changed_seq`` + properties,
        in vid order. Closed versions come again with their ``known_to``.
        """
        ...

    def export_keys(self, kind: str, since: int, upto: int) -> Iterator[pa.RecordBatch]:
        """``nid, key, changed_seq`` of nodes first mentioned in that range, in nid order."""
        ...

    def export_edges(
        self, edge_kind: str, since: int, upto: int, columns: Sequence[str] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Rows of an edge kind with ``since < changed_seq <= upto``, in vid order.

        ``vid, eid, src, dst`` (+ ``valid_from, valid_to, known_from, known_to`` for states),
        ``changed_seq`` and properties. For events and aggregates ``vid == eid``. ``columns`` picks
        some of them, in the order named: what is not asked for costs nothing.
        """
        ...

    def export_deleted(self, since: int, upto: int) -> Int64Array:
        """Nids erased by ``delete`` with ``since < changed_seq <= upto``, ascending: what a copy
        of the columns must erase as well. The number alone is kept, nothing about the node.
        """
        ...

    def scores(self, nids: Int64Array) -> pa.Table:
        """``nid, model, score, run`` of nodes that have one, in (nid, model) order."""
        ...


class Writer(Protocol):
    """One transaction at a time under the store's single writer lease.

    ``with store.writer() as w: …; w.commit()``; leaving without commit rolls back. Nothing of an
    uncommitted transaction is ever seen by a reader. ``commit`` may be called many times.
    """

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def resolve(self, kind: str, keys: Sequence[str]) -> Int64Array:
        """``nid`` of each key, allocating (in order of first appearance) for the unknown."""
        ...

    def upsert_nodes(self, kind: str, rows: pa.Table, batch: BatchInfo) -> UpsertResult:
        """Assert properties of nodes. Columns ``nid, akey, digest, row, valid_from, valid_to`` and
        any properties of the kind (absent columns are null). One row per akey.
        """
        ...

    def upsert_edges(self, edge_kind: str, rows: pa.Table, batch: BatchInfo) -> UpsertResult:
        """Assert states or add events. Columns ``src, dst, akey, digest, row`` (+ ``valid_from,
        valid_to`` for states) and the kind's properties. One row per akey.
        """
        ...

    def merge_aggregates(self, edge_kind: str, rows: pa.Table, batch: BatchInfo) -> int:
        """Add to the (src, dst) rows: ``src, dst, count, seconds, first, last, days``; one row per
        pair. ``count, seconds, days`` are added, ``first`` minimised, ``last`` maximised.
        Returns the number of pairs touched.
        """
        ...

    def close_absent(self, kind: str, source: str, akeys: Int64Array, batch: BatchInfo) -> int:
        """End every open state of ``source`` (node or edge ``kind``) whose akey is not in the
        sorted ``akeys``: its open version is closed at ``known_at`` and a successor says that
        validity ended at ``known_at``. Already ended ones stay. Returns how many ended.
        """
        ...

    def stated_kinds(self, source: str) -> list[str]:
        """Kinds of states (of nodes and edges) that ``source`` ever asserted, in name order."""
        ...

    def add_parts(self, dataset: str, parts: Sequence[str]) -> None:
        """Make raw Parquet files (names relative to the raw folder) part of ``dataset``."""
        ...

    def parts(self, dataset: str) -> list[str]:
        """Committed raw files of ``dataset``, in order of addition."""
        ...

    def set_progress(self, source: str, delivery: str, rows: int) -> None:
        """Remember how far a source's delivery is done, its input rows as a rule (0 forgets it)."""
        ...

    def progress(self, source: str, delivery: str, *, undisturbed: bool = False) -> int:
        """How far a delivery was done by an earlier load, 0 when nothing is remembered.

        ``undisturbed``: 0 when another batch of ``source`` has written since, for what was done
        may no longer stand.
        """
        ...

    def add_key_marks(self, marks: Mapping[int, str]) -> None:
        """Remember which keys tokens were made with: a mark for each version of the key ring."""
        ...

    def delete(self, nids: Int64Array) -> int:
        """Erase nodes and all their edges and scores for good (a right of the person, not a
        correction). Nids are not reused. Returns the number of nodes erased.
        """
        ...

    def write_scores(
        self,
        model: str,
        run: str,
        nids: Int64Array,
        scores: npt.NDArray[np.float64],
        snapshot_version: int,
    ) -> int:
        """Write one model's scores in bulk, only those that differ; earlier scores of the model on
        nodes not named are removed. ``Conflict`` (and nothing written) when a nid no longer
        exists. Scores are outside the sequence: ``version()`` stays. Returns rows written.
        """
        ...

    def commit(self) -> None:
        """Make the transaction durable."""
        ...


@dataclass(frozen=True, slots=True)
class Health:
    """What ``doctor`` and ``/readyz`` show."""

    engine: str
    engine_version: str
    store_id: str  # UUID given by the first migrate; snapshots refuse another store
    version: int
    schema_level: int
    key_marks: dict[int, str]  # of the key versions that tokens were made with
    notes: list[str] = field(default_factory=list)


class History(Protocol):
    """What can tell whether something was made from this very graph."""

    def passed(self, store_id: str, version: int, stamp: int) -> bool:
        """Whether this is that store, and ``version`` with this stamp lies in its history."""
        ...


class Store(History, Protocol):
    """An opened graph store."""

    def migrate(self) -> None:
        """Create or update tables, indexes and constraints; safe to call always.

        ``StoreError`` for a store that another version wrote in another way (``store.level``).
        """
        ...

    def reader(self, scope: Scope, purpose: Purpose) -> Reader:
        """The door for reads: of what the scope sees."""
        ...

    def writer(self, owner: str) -> Writer:
        """The single writer; ``Conflict`` when another process holds the lease."""
        ...

    def health(self) -> Health:
        """Engine, versions and complaints; ``StoreUnavailable`` when it cannot be reached."""
        ...

    def close(self) -> None:
        """Release connections and files."""
        ...
