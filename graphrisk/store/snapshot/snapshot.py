"""The columns that algorithms read: a folder that follows a store, row by changed row.

The folder is a copy of what the store believes at a watermark (its ``version``). A refresh reads
only rows changed since then, writes new files beside the old and puts a new manifest in place; a
kill in the middle leaves the old snapshot. Any number of processes may read meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from graphrisk.core.files import private_folder
from graphrisk.store.contract import Int64Array, Reader
from graphrisk.store.snapshot import views
from graphrisk.store.snapshot.layer import Layer
from graphrisk.store.snapshot.manifest import exclusive
from graphrisk.store.snapshot.nodes import merged_nodes
from graphrisk.store.snapshot.shapes import Content, Part, numeric_properties
from graphrisk.store.snapshot.state import (
    State,
    advanced,
    commit,
    empty_state,
    known_nodes,
    load_state,
)
from graphrisk_algorithms.evidence.identities import JUDGED, Identities, identities
from graphrisk_algorithms.graph import EdgeColumns, RiskGraph
from graphrisk_algorithms.kernels.csr import Csr
from graphrisk_schema.model import Nature
from graphrisk_schema.reader import load_schema

#: How often a refresh follows a store that moves on while it reads.
_ROUNDS = 10
_NOBODY = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What a refresh did: rows the store handed over and the version reached."""

    rows_read: int
    version: int


class Snapshot:
    """An opened snapshot folder. What it shows changes only by its own ``refresh``."""

    def __init__(self, folder: Path, reader: Reader, state: State) -> None:
        self._folder = folder
        self._reader = reader
        self._state = state

    @classmethod
    def open(
        cls, folder: Path, reader: Reader, store_id: str, *, kinds: frozenset[str] | None = None
    ) -> Snapshot:
        """Open (or begin) the snapshot in ``folder``. Cost: maps files, reads nothing of the store.

        Args:
            folder: A folder of its own, made when missing.
            reader: The door to the store the snapshot follows.
            store_id: Identity of that store (``Health.store_id``).
            kinds: Node and edge kinds the purpose allows; the others never enter the folder, nor
                do edges to their nodes. ``None``: all.

        Raises:
            Conflict: The folder belongs to another store or to another choice of kinds.
        """
        private_folder(folder)
        wanted = None if kinds is None else tuple(sorted(kinds))
        return cls(folder, reader, load_state(folder, store_id, wanted))

    @property
    def version(self) -> int:
        """The store's ``changed_seq`` up to which everything is here (0: nothing read yet)."""
        return self._state.manifest.version

    @property
    def stamp(self) -> int:
        """The stamp of that version (``Reader.stamp``)."""
        return self._state.manifest.stamp

    def refresh(self) -> RefreshReport:
        """Read what changed since ``version`` and commit it. Waits for another refresher.

        A store that goes on changing is followed for a few rounds; rows that change again after
        the last one come with the next refresh. Cost: linear in the changed rows; a table whose
        deltas exceed 1 % is rewritten.
        """
        with exclusive(self._folder):
            old = self._latest_state()
            new, read = old, 0
            for _ in range(_ROUNDS):
                upto = self._reader.version()
                held = new.manifest
                if self._reader.stamp(held.version) != held.stamp:  # a backup was put back
                    new = empty_state(held.store_id, held.kinds)
                if upto == new.manifest.version:
                    break
                new, rows = advanced(new, self._reader, upto)
                read += rows
            layers = new.layers.items()
            light = {part: layer.folded() if layer.is_heavy() else layer for part, layer in layers}
            self._move(old, new, light)
            return RefreshReport(read, self.version)

    def compact(self) -> None:
        """Fold all deltas: afterwards the columns are those of a snapshot made from nothing."""
        with exclusive(self._folder):
            old = self._latest_state()
            self._move(old, old, {part: layer.folded() for part, layer in old.layers.items()})

    def graph(self, *, resolved: bool = True) -> RiskGraph:
        """All nodes, merged over sources, and all edges that hold at the latest known time.

        Columns without pending deltas are read-only views of the files.

        Args:
            resolved: Records judged to be one person are one node; else each is its own.
        """
        layers, latest = self._state.layers, self._state.manifest.latest
        same_as = self.identities().same_as if resolved else _NOBODY
        kinds = [part.kind for part in layers if part.content is Content.KEYS]
        nodes = {
            kind: merged_nodes(
                layers[Part(Content.KEYS, kind)],
                layers[Part(Content.FACTS, kind)],
                latest,
                same_as,
            )
            for kind in kinds
        }
        edges = [part.kind for part in layers if part.content is Content.EDGES]
        return RiskGraph(
            n=self._state.size(),
            nodes=MappingProxyType(nodes),
            edges=MappingProxyType({kind: self._resolved(kind, same_as) for kind in edges}),
            same_as=same_as,
        )

    def identities(self) -> Identities:
        """Which records are one person, by the judgements that hold: one look at each of them."""
        if Part(Content.EDGES, JUDGED) not in self._state.layers:
            return Identities(_NOBODY, _NOBODY)
        judged = self._edges(JUDGED)
        if not len(judged):
            return Identities(_NOBODY, _NOBODY)
        return identities(self._state.size(), judged)

    def edges(self, edge_kind: str) -> EdgeColumns:
        """The edges of one kind that hold at the latest known time, in eid order; their ends are
        the records that stand for persons.
        """
        return self._resolved(edge_kind, self.identities().same_as)

    def _resolved(self, edge_kind: str, same_as: Int64Array) -> EdgeColumns:
        edges, kinds = self._edges(edge_kind), load_schema().edges
        persons = {*kinds[JUDGED].sources}
        joined = persons & {*kinds[edge_kind].sources, *kinds[edge_kind].targets}
        if not len(same_as) or not joined or edge_kind == JUDGED:
            return edges
        return replace(edges, src=same_as[edges.src], dst=same_as[edges.dst])

    def _edges(self, edge_kind: str) -> EdgeColumns:
        layer = self._state.layers[Part(Content.EDGES, edge_kind)]
        is_state = load_schema().edges[edge_kind].nature is Nature.STATE
        times = ("valid_from", "valid_to") if is_state else ()
        names = [p.name for p in numeric_properties(edge_kind)]
        columns = layer.numbers("eid", "src", "dst", *times, *names)
        held = np.ones(len(columns[0]), np.bool_)
        if is_state:
            latest = self._state.manifest.latest
            held &= (columns[3] <= latest) & (columns[4] > latest)
        if self._state.manifest.kinds is not None:
            seen = known_nodes(self._state, self._state.size())
            held &= seen[columns[1]] & seen[columns[2]]
        if not held.all():
            columns = [column[held] for column in columns]
        eid, src, dst = (column.view(np.int64) for column in columns[:3])
        numbers = dict(zip(names, columns[3 + len(times) :], strict=True))
        return EdgeColumns(eid, src, dst, MappingProxyType(numbers))

    def csr(self, edge_kind: str, *, symmetric: bool = False, weight: str | None = None) -> Csr:
        """The edges of one kind by node, positions pointing into ``edges(edge_kind)``.

        Kept beside the columns and mapped as long as the kind stays the same; else built anew,
        which at 10M edges costs less than patching it.

        Args:
            edge_kind: Which edges.
            symmetric: Every edge in both directions.
            weight: Numeric property that weighs an edge; ``None``: 1.
        """
        is_state = load_schema().edges[edge_kind].nature is Nature.STATE
        parts = (Part(Content.EDGES, kind) for kind in (edge_kind, JUDGED))
        view = views.View(
            edge_kind=edge_kind,
            symmetric=symmetric,
            weight=weight,
            n=self._state.size(),
            content=max(map(self._state.content, parts)),
            latest=self._state.manifest.latest if is_state else 0,
        )
        return views.mapped(self._folder, view, lambda: self.edges(edge_kind))

    def _latest_state(self) -> State:
        """What another process may have committed meanwhile."""
        held = self._state.manifest
        found = load_state(self._folder, held.store_id, held.kinds)
        return self._state if found.manifest == held else found

    def _move(self, old: State, new: State, layers: dict[Part, Layer]) -> None:
        """Commit ``new`` with ``layers`` unless that is what already lies in the folder."""
        changed = new is not old or any(layers[part] is not old.layers[part] for part in layers)
        self._state = commit(self._folder, old, State(new.manifest, layers)) if changed else old
