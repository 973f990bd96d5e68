# ruff: noqa: ARG002 - columns are refused whatever is asked of them
"""A reader that sees a part of the graph, over one that sees it all.

What lies outside is not there: it is neither found, counted, listed nor walked through. An edge is
seen if one of its ends is: who looks at his own number sees that it called one elsewhere, and of
that one nothing (``outside`` names its kind, so that a stub can stand for it).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NoReturn

import numpy as np
import pyarrow as pa

from graphrisk.access.model import Scope
from graphrisk.core.errors import Forbidden
from graphrisk.store.contract import (
    NOW,
    AsOf,
    Int64Array,
    NeighbourQuery,
    NodeMask,
    Page,
    Path,
    Reader,
    TraceQuery,
    held,
)
from graphrisk.store.scope.places import Places, ends

#: Most nodes a search looks at before it is cut to what is seen.
_MOST_FOUND = 100_000


class ScopedReader:
    """``graphrisk.store.contract.Reader`` of what a scope sees."""

    def __init__(self, whole: Reader, places: Places, scope: Scope) -> None:
        self._whole = whole
        self._places = places
        self._scope = scope

    def version(self) -> int:
        """See the contract."""
        return self._whole.version()

    def stamp(self, version: int) -> int:
        """See the contract."""
        return self._whole.stamp(version)

    def parts(self, dataset: str) -> list[str]:
        """Refused."""
        _refuse()

    def outside(self, nids: Int64Array) -> dict[int, str]:
        """See the contract."""
        asked = np.asarray(nids, np.int64)
        return self._places.kinds(asked[~held(self._mask(), asked)])

    def counts(self) -> dict[str, int]:
        """See the contract: nodes alone; to count edges would take a pass over all of them."""
        return self._places.counts(self._mask())

    def lookup(self, kind: str, keys: Sequence[str]) -> Int64Array:
        """See the contract."""
        nids = self._whole.lookup(kind, keys)
        return np.where(held(self._mask(), nids), nids, -1)

    def get_nodes(self, nids: Int64Array, as_of: AsOf = NOW) -> dict[str, pa.Table]:
        """See the contract."""
        asked = np.asarray(nids, np.int64)
        return self._whole.get_nodes(asked[held(self._mask(), asked)], as_of)

    def get_edges(self, eids: Int64Array, as_of: AsOf = NOW) -> dict[str, pa.Table]:
        """See the contract."""
        mask, found = self._mask(), {}
        for kind, rows in self._whole.get_edges(eids, as_of).items():
            src, dst = ends(rows)
            kept = rows.filter(pa.array(held(mask, src) | held(mask, dst)))
            if len(kept):
                found[kind] = kept
        return found

    def batches(self, batch_ids: Int64Array) -> pa.Table:
        """See the contract."""
        return self._whole.batches(batch_ids)

    def scan_nodes(self, kind: str, after_nid: int = -1, limit: int = 1000) -> pa.Table:
        """See the contract."""
        mask, parts, missing = self._mask(), [], limit
        while True:
            page = self._whole.scan_nodes(kind, after_nid, limit)
            kept = page.filter(pa.array(held(mask, page["nid"].to_numpy()))).slice(0, missing)
            parts.append(kept)
            missing -= len(kept)
            if len(page) < limit or missing <= 0:
                return pa.concat_tables(parts)
            after_nid = int(page["nid"].to_numpy().max())

    def search(self, text: str, kinds: Sequence[str], limit: int = 20) -> Page:
        """See the contract. Of 100,000 that match those seen."""
        page = self._whole.search(text, kinds, max(limit, _MOST_FOUND))
        rows = page.rows.filter(pa.array(held(self._mask(), page.rows["nid"].to_numpy())))
        return Page(rows.slice(0, limit), len(rows) > limit or page.truncated, len(rows))

    def neighbour_counts(self, nid: int, as_of: AsOf = NOW) -> pa.Table:
        """See the contract."""
        return self._whole.neighbour_counts(nid if self._sees(nid) else -1, as_of)

    def neighbours(self, query: NeighbourQuery, as_of: AsOf = NOW) -> Page:
        """See the contract."""
        page = self._whole.neighbours(query, as_of)
        return page if self._sees(query.nid) else Page(page.rows.slice(0, 0), False, 0)

    def shortest_path(
        self,
        source: int,
        target: int,
        edge_kinds: Sequence[str],
        max_hops: int = 6,
        through: NodeMask | None = None,
    ) -> Path | None:
        """See the contract: through what is seen alone, so that its length tells no more."""
        if not (self._sees(source) and self._sees(target)):
            return None
        mask = self._mask() if through is None else _both(self._mask(), through)
        return self._whole.shortest_path(source, target, edge_kinds, max_hops, mask)

    def trace(self, query: TraceQuery, through: NodeMask | None = None) -> Page:
        """See the contract: it ends at what is not seen."""
        mask = self._mask() if through is None else _both(self._mask(), through)
        page = self._whole.trace(query, mask)
        return page if self._sees(query.nid) else Page(page.rows.slice(0, 0), False, 0)

    def changed_kinds(self, since: int, upto: int) -> frozenset[str]:
        """Refused."""
        _refuse()

    def export_nodes(self, kind: str, since: int, upto: int) -> Iterator[pa.RecordBatch]:
        """Refused."""
        _refuse()

    def export_keys(self, kind: str, since: int, upto: int) -> Iterator[pa.RecordBatch]:
        """Refused."""
        _refuse()

    def export_edges(
        self, edge_kind: str, since: int, upto: int, columns: Sequence[str] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Refused."""
        _refuse()

    def export_deleted(self, since: int, upto: int) -> Int64Array:
        """Refused."""
        _refuse()

    def scores(self, nids: Int64Array) -> pa.Table:
        """See the contract."""
        asked = np.asarray(nids, np.int64)
        return self._whole.scores(asked[held(self._mask(), asked)])

    def _mask(self) -> NodeMask:
        mask = self._places.seen(self._whole, self._scope)
        opened = [nid for nid in self._scope.nodes if 0 <= nid < len(mask) - 1]
        if opened:
            mask = mask.copy()
            mask[opened] = True
        return mask

    def _sees(self, nid: int) -> bool:
        return bool(held(self._mask(), np.array([nid], np.int64))[0])


def _both(one: NodeMask, other: NodeMask) -> NodeMask:
    nids = np.arange(len(one) - 1)
    return np.append(one[:-1] & held(other, nids), False)


def _refuse() -> NoReturn:
    raise Forbidden("columns are of the whole graph: they are for whoever sees all of it")
