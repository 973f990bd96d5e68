"""Where nodes lie, as far as a scope needs it: which of them it sees.

Grid cells and areas lie where their code says. What is located in a cell lies there, and what
belongs to somebody lies where he does: a person where he lives, his number, account and handset
with him, a firm at its address, its platform with it. Who has several places lies in each. What
has none (a foreign number, an account of nobody) belongs to the city: it is seen from the city up.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphrisk.access.model import Level, Scope, prefix_of
from graphrisk.core.clock import BEGIN, OPEN
from graphrisk.store.contract import Int64Array, NodeMask, Reader
from graphrisk.store.snapshot.state import latest_known
from graphrisk_schema.reader import load_schema

#: Edge kinds over which a place is handed on, in the order in which it is, and who receives it.
FLOWS = (
    ("LOCATED_IN", "src"),
    ("LIVES_IN", "src"),
    ("RESIDES_AT", "src"),
    ("REGISTERED_AT", "src"),
    ("HANDLED_BY", "src"),
    ("REPORTED", "dst"),
    ("HOLDS", "dst"),
    ("OWNS_PHONE", "dst"),
    ("OWNS", "dst"),
    ("ENROLLED_AS", "dst"),
    ("GRANTED", "dst"),
    ("USES_DEVICE", "dst"),
    ("OPERATES", "dst"),
    ("STOPS", "src"),
    ("PART_OF", "src"),  # a bid of its platform
    ("PART_OF", "src"),  # a contract of its bid
)
_CODED = ("GridCell", "Area")
_COLUMNS = ("vid", "src", "dst", "valid_from", "valid_to", "known_to")
_MOST_SCOPES = 64


@dataclass(slots=True)
class _State:
    """What was read of one store, up to a version."""

    version: int = 0
    stamp: int = 0
    last_batch: int = 0
    latest: int = BEGIN
    kinds: npt.NDArray[np.int8] = field(default_factory=lambda: np.full(1, -1, np.int8))
    codes: dict[int, str] = field(default_factory=dict)  # of cells and areas, by nid
    edges: dict[str, Int64Array] = field(  # _COLUMNS, one row a version
        default_factory=lambda: {kind: np.empty((len(_COLUMNS), 0), np.int64) for kind, _ in FLOWS}
    )
    seen: OrderedDict[tuple[str, ...], NodeMask] = field(default_factory=OrderedDict)


class Places:
    """Kept by a store; brought up to its present version by whoever looks. Safe for many threads.

    Cost: the first look reads all keys and the edges of ``FLOWS``; later ones what changed since.
    Memory: about 50 bytes an edge of these kinds, a byte a node, and one more a scope.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._state = _State()
        self._names = tuple(load_schema().nodes)

    def seen(self, reader: Reader, scope: Scope) -> NodeMask:
        """Whether the scope sees a node, by nid; the last entry stands for all that are unknown."""
        with self._lock:
            self._refresh(reader)
            seen = self._state.seen
            if scope.areas not in seen:
                seen[scope.areas] = self._mask(scope)
            seen.move_to_end(scope.areas)
            if len(seen) > _MOST_SCOPES:
                seen.popitem(last=False)
            return seen[scope.areas]

    def kinds(self, nids: Int64Array) -> dict[int, str]:
        """The kinds of the nodes that there are. After ``seen``."""
        known = self._state.kinds
        found = known[np.clip(nids, -1, len(known) - 1)].tolist()
        return {
            nid: self._names[kind]
            for nid, kind in zip(nids.tolist(), found, strict=True)
            if kind >= 0 and nid >= 0
        }

    def counts(self, mask: NodeMask) -> dict[str, int]:
        """How many nodes of each kind a mask leaves."""
        kinds = self._state.kinds[: len(mask)]
        tally = np.bincount(kinds[mask[: len(kinds)] & (kinds >= 0)], minlength=len(self._names))
        return dict(zip(self._names, tally.tolist(), strict=True))

    def _refresh(self, reader: Reader) -> None:
        state, version = self._state, reader.version()
        stamp = reader.stamp(version)
        if (state.version, state.stamp) == (version, stamp):
            return
        if version < state.version or reader.stamp(state.version) != state.stamp:
            state = self._state = _State()  # a backup was put back: another history
        changed = reader.changed_kinds(state.version, version)
        self._read_keys(reader, state, version, changed)
        for kind in {kind for kind, _ in FLOWS} & changed:
            rows = [state.edges[kind]]
            rows += [
                np.stack([batch[name].to_numpy() for name in _COLUMNS])
                for batch in reader.export_edges(kind, state.version, version, _COLUMNS)
            ]
            state.edges[kind] = _newest(np.concatenate(rows, axis=1))
        state.last_batch, state.latest = latest_known(reader, state.last_batch, state.latest)
        erased = reader.export_deleted(state.version, version)
        state.kinds[erased[erased < len(state.kinds) - 1]] = -1
        state.seen.clear()
        state.version, state.stamp = version, stamp

    def _read_keys(
        self, reader: Reader, state: _State, version: int, changed: Collection[str]
    ) -> None:
        found: list[tuple[int, Int64Array]] = []
        for place, kind in enumerate(self._names):
            if kind not in changed:
                continue
            for batch in reader.export_keys(kind, state.version, version):
                nids = batch["nid"].to_numpy()
                found.append((place, nids))
                if kind in _CODED:
                    keys = batch["key"].to_pylist()
                    codes = map(prefix_of, map(str, keys)) if kind == "Area" else map(str, keys)
                    state.codes |= zip(nids.tolist(), codes, strict=True)
        most = max([len(state.kinds) - 1, *(int(nids.max()) + 1 for _, nids in found if len(nids))])
        kinds = np.full(most + 1, -1, np.int8)
        kinds[: len(state.kinds) - 1] = state.kinds[:-1]
        for place, nids in found:
            kinds[nids] = place
        state.kinds = kinds

    def _mask(self, scope: Scope) -> NodeMask:
        state = self._state
        nids = np.fromiter(state.codes, np.int64, len(state.codes))
        inside = np.array([scope.covers(code) for code in state.codes.values()], np.bool_)
        mask = self._flowed(nids, inside)
        if scope.level <= Level.CITY and scope.areas:
            mask |= ~self._flowed(nids, np.ones(len(nids), np.bool_)) & (state.kinds >= 0)
        mask[-1] = False
        return mask

    def _flowed(self, nids: Int64Array, inside: NodeMask) -> NodeMask:
        """From these cells and areas to all that lies in them."""
        mask = np.zeros(len(self._state.kinds), np.bool_)
        mask[nids] = inside
        for kind, receiver in FLOWS:
            _, src, dst, begins, ends, known = self._state.edges[kind]
            held = (known == OPEN) & (begins <= self._state.latest) & (ends > self._state.latest)
            giver, taker = (dst, src) if receiver == "src" else (src, dst)
            mask[taker[held & mask[giver]]] = True
        mask[nids] = inside  # a cell lies where its code says, whatever it is part of
        return mask


def _newest(rows: Int64Array) -> Int64Array:
    """Of rows with the same vid the last: it came later."""
    _, first = np.unique(rows[0, ::-1], return_index=True)
    return rows[:, rows.shape[1] - 1 - first]


def ends(rows: pa.Table) -> tuple[Int64Array, Int64Array]:
    """Both ends of rows of edges."""
    return rows["src"].to_numpy(), rows["dst"].to_numpy()
