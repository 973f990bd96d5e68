"""The one input of every algorithm: columns, numbered densely, never a store.

A node is its ``nid``, an int64 position ``0 <= nid < n``; positions without a node are isolated.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Int64Array = npt.NDArray[np.int64]
Float64Array = npt.NDArray[np.float64]
_T = TypeVar("_T")
Numbers = npt.NDArray[np.int64 | np.float64]


@dataclass(frozen=True, slots=True)
class EdgeColumns:
    """Edges of one kind in eid order: three int64 columns and the numeric properties.

    ``columns`` holds each INT, MONEY and TIME property as int64 and each FLOAT as float64
    (nulls: 0 and NaN); texts stay out.
    """

    eid: Int64Array
    src: Int64Array
    dst: Int64Array
    columns: Mapping[str, Numbers]

    def __len__(self) -> int:
        return len(self.eid)


@dataclass(frozen=True, slots=True)
class RiskGraph:
    """What detection sees. ``nodes[kind]`` is an Arrow table ``nid, key`` + properties in nid
    order (merged over sources); ``edges[edge_kind]`` the edges that hold now. Records of one
    person are one node: ``same_as[nid]`` is the record that stands for it (empty: each for itself).
    """

    n: int
    nodes: Mapping[str, pa.Table]
    edges: Mapping[str, EdgeColumns]
    same_as: Int64Array = field(default_factory=lambda: np.empty(0, np.int64))
    #: What several algorithms derive from these columns; a graph made from this one begins anew.
    _derived: dict[Hashable, object] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def once(self, what: Hashable, derive: Callable[[], _T]) -> _T:
        """What ``derive`` gives for these columns, computed the first time that it is asked for.

        ``what`` names it with all its parameters. It is kept as long as the graph, so only what
        several algorithms need belongs here, and nobody may change it.
        """
        if what not in self._derived:
            self._derived[what] = derive()
        return cast("_T", self._derived[what])
