"""Compile the kernels once: numba keeps them on disk, so the first detection need not."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import numpy as np

from graphrisk_algorithms.communities.consensus import Consensus
from graphrisk_algorithms.communities.roles import block_roles
from graphrisk_algorithms.communities.significance import surprises
from graphrisk_algorithms.communities.succession import successors
from graphrisk_algorithms.graph import EdgeColumns, RiskGraph
from graphrisk_algorithms.kernels.changes import pair_changes, upper
from graphrisk_algorithms.kernels.dense_blocks import dense_blocks
from graphrisk_algorithms.kernels.pairs import pair_graph
from graphrisk_algorithms.kernels.propagation import propagate
from graphrisk_algorithms.kernels.triads import triad_census
from graphrisk_algorithms.parameters import shipped_parameters
from graphrisk_algorithms.registry import MEASURES, PARTITIONS, finders

#: Modules of compiled loops.
KERNELS = (
    "blocks_kernels",
    "changes_kernels",
    "circles_kernels",
    "closure_kernels",
    "cohesion_kernels",
    "components_kernels",
    "consensus_kernels",
    "csr_kernels",
    "dense_blocks_kernels",
    "flow_kernels",
    "leiden_kernels",
    "pagerank_kernels",
    "propagation_kernels",
    "triads_kernels",
)
_CALL_COLUMNS = ("count", "seconds", "first", "last", "days")
_STATES = ("OWNS_PHONE", "HOLDS", "USES_DEVICE", "LIVES_IN", "ASSOCIATED_WITH")


def warmup(progress: Callable[[str, int, int], None]) -> int:
    """Run every algorithm on graphs of a few edges; the number of kernels ready afterwards.

    ``progress`` hears the name of each algorithm, how many are done, and how many there are.
    """
    graphs = [_graph(*kinds) for kinds in (("TRANSFERRED",), ("CALLED",), _all_kinds())]
    plain = [kind() for kind in (*PARTITIONS.values(), *MEASURES.values())]
    every = [*plain, *finders(shipped_parameters())]
    for done, algorithm in enumerate(every):
        progress(f"compile for {algorithm.name}", done, len(every))
        for graph in graphs:
            algorithm.run(graph)
    _without_class(graphs[0])
    progress("compile", len(every), len(every))
    return len(kernels())


def _without_class(graph: RiskGraph) -> None:
    """What is no registered algorithm but a tool for one's own."""
    edges = graph.edges["TRANSFERRED"]
    triad_census(graph.n, edges.src, edges.dst)
    list(dense_blocks(graph.n, edges.src, edges.dst, 1))
    view = pair_graph(graph)
    propagate(view, edges.src[:1], edges.src[1:2])
    one = np.zeros(graph.n, np.int64)
    surprises(view, one)
    successors(one, one)
    pair_changes(upper(view), upper(view))
    method = Consensus()
    method.continued(view, method.communities(view), one[:0])
    block_roles(np.arange(graph.n), [(edges.src, edges.dst)])


def kernels() -> dict[str, int]:
    """The compiled loops that others call, each with the number of input types it is ready for."""
    from numba.core.dispatcher import Dispatcher

    return {
        name: len(loop.signatures)
        for module in (import_module(f"{__package__}.kernels.{name}") for name in KERNELS)
        for name, loop in vars(module).items()
        if isinstance(loop, Dispatcher) and not name.startswith("_")
    }


def _all_kinds() -> tuple[str, ...]:
    return ("TRANSFERRED", "CALLED", *_STATES)


def _graph(*kinds: str) -> RiskGraph:
    """Eight nodes that pass money, call, own and share; columns are read-only, as a snapshot's."""
    return RiskGraph(n=8, nodes={}, edges={kind: _edges(kind) for kind in kinds})


def _edges(kind: str) -> EdgeColumns:
    src = np.arange(8)
    dst = (src + 1) % 8
    names = {"TRANSFERRED": ("at", "amount"), "CALLED": _CALL_COLUMNS}.get(kind, ())
    columns = dict.fromkeys(names, src + 1)
    for array in (src, dst, *columns.values()):
        array.setflags(write=False)
    return EdgeColumns(src, src, dst, columns)
