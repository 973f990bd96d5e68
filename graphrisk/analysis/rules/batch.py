"""Events as the engine takes them: columns, in the order of arrival, kinds mixed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graphrisk.store.contract import Int64Array


@dataclass(frozen=True, slots=True)
class EventBatch:
    """Columns of one row an event.

    ``numbers`` and ``texts`` hold the fields of the kinds that occur (0 and "" for events of
    kinds that have no such field).
    """

    kind: npt.NDArray[np.int8]  # ``EventKind.place``
    key: Int64Array  # tells events of a kind apart: the same event has the same key for ever
    at: Int64Array  # epoch ms UTC
    src: Int64Array  # nid, or ``stranger`` for who is not in the graph
    dst: Int64Array
    eid: Int64Array  # the edge it is in the graph; -1: none, or a sum of calls
    numbers: Mapping[str, npt.NDArray[np.float64]]
    texts: Mapping[str, Sequence[str]]

    def __len__(self) -> int:
        return len(self.kind)

    def cut(self, start: int, stop: int) -> EventBatch:
        """Events ``start`` to ``stop``, in place."""
        rows = slice(start, stop)
        return EventBatch(
            kind=self.kind[rows],
            key=self.key[rows],
            at=self.at[rows],
            src=self.src[rows],
            dst=self.dst[rows],
            eid=self.eid[rows],
            numbers={name: column[rows] for name, column in self.numbers.items()},
            texts={name: column[rows] for name, column in self.texts.items()},
        )


def stranger(kind: str, key: str) -> int:
    """A number below 0 for somebody whom the graph does not know, the same for ever."""
    digest = hashlib.blake2b(f"{kind}\0{key}".encode(), digest_size=8).digest()
    return -1 - (int.from_bytes(digest, "big") >> 2)
