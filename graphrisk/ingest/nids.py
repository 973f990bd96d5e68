"""Which node a key names: asked of the store once a load, then remembered."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphrisk.core.table import Table
from graphrisk.ingest.hashing import fingerprints
from graphrisk.store.contract import Int64Array, Writer

#: Keys kept in mind, 57 to 114 bytes each; beyond, remembering starts anew.
_MOST = 4_000_000


class Nids:
    """Remembers nids under the lease of one writer: nobody else makes or erases nodes meanwhile.

    Keys are known by two independent 64-bit fingerprints, so that two of four million keys are
    taken for one another with probability 10^-26.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._nids: dict[str, Table] = {}
        self._checks: dict[str, Table] = {}

    def of(self, kind: str, keys: pa.Array[Any]) -> Int64Array:
        """The nid of each key (none is null), made by the store in order of first appearance."""
        prints, checks = fingerprints(keys), fingerprints(keys, other=True)
        nids, there = self._known(kind, prints, checks)
        unknown = np.flatnonzero(~there)
        if len(unknown):
            encoded = keys.take(unknown).dictionary_encode()
            made = self._writer.resolve(kind, _texts(encoded.dictionary))
            nids[unknown] = made[encoded.indices.to_numpy()]
            self._nids[kind].settle(prints[unknown], nids[unknown])
            self._checks[kind].settle(prints[unknown], checks[unknown])
        return nids

    def _known(
        self, kind: str, prints: Int64Array, checks: Int64Array
    ) -> tuple[Int64Array, npt.NDArray[np.bool_]]:
        if sum(map(len, self._nids.values())) > _MOST:
            self._nids.clear()
            self._checks.clear()
        nids, there = self._nids.setdefault(kind, Table()).find(prints)
        held, _ = self._checks.setdefault(kind, Table()).find(prints)
        return nids, there & (held == checks)


def _texts(keys: pa.Array[Any]) -> list[str]:
    return cast("list[str]", keys.to_pylist())
