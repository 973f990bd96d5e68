"""``python -m benchmarks.quality.frame``: communities of synthetic cities, and of runs that go on.

No truth is read: what is told is how stable communities are, and what a run after a batch gives
beside a full one.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Annotated

import numpy as np
import typer
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from benchmarks.quality.pipeline import quiet
from benchmarks.stamp import RESULTS, stamp
from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.analysis.frame import METHOD, Frame, framed, tie_kinds
from graphrisk.core.clock import SystemClock
from graphrisk.ingest.load import load
from graphrisk.store.contract import Int64Array
from graphrisk.store.snapshot.snapshot import Snapshot
from graphrisk.store.sqlite.store import SqliteStore
from graphrisk_algorithms.algorithm import BoolArray
from graphrisk_algorithms.communities.consensus import Consensus
from graphrisk_algorithms.graph import EdgeColumns, RiskGraph
from graphrisk_algorithms.kernels.csr import Csr
from graphrisk_algorithms.kernels.pairs import balanced_pairs, pair_graph
from graphrisk_loaders.synth.city import write_city

_BATCHES = (0.01, 0.04)


def main(
    seeds: Annotated[str, typer.Option(help="The first and last city: 11-15.")] = "11-15",
    preset: Annotated[str, typer.Option(help="small or town.")] = "small",
) -> None:
    """Print and keep what each city gave."""
    first, _, last = seeds.partition("-")
    every = range(int(first), int(last or first) + 1)
    document: dict[str, object] = {
        "stamp": stamp(f"python -m benchmarks.quality.frame --seeds {seeds} --preset {preset}"),
        "method": {"runs": len(METHOD.seeds) * len(METHOD.resolutions)},
        "cities": {seed: _judged(_city(preset, seed), seed) for seed in every},
    }
    text = json.dumps(document, indent=1)
    (RESULTS / f"quality-frame-{preset}.json").write_text(text + "\n", encoding="utf-8")
    print(text)


def _city(preset: str, seed: int) -> RiskGraph:
    with TemporaryDirectory(prefix="graphrisk-frame-") as name:
        place = Path(name)
        write_city(preset, seed, place / "city", quiet)
        store = SqliteStore(place / "graph.db")
        store.migrate()
        load(store, place / "files", place / "city", clock=SystemClock(), progress=quiet)
        reader = store.reader(EVERYTHING, Purpose("detection"))
        snapshot = Snapshot.open(place / "snapshot", reader, store.health().store_id)
        snapshot.refresh()
        found = _in_memory(snapshot.graph())
        store.close()
    return found


def _in_memory(graph: RiskGraph) -> RiskGraph:
    """The ties alone, copied out of the files that go."""
    kinds = {kind: graph.edges[kind] for kind in tie_kinds() if kind in graph.edges}
    copied = {
        kind: EdgeColumns(
            np.array(edges.eid),
            np.array(edges.src),
            np.array(edges.dst),
            {name: np.array(column) for name, column in edges.columns.items()},
        )
        for kind, edges in kinds.items()
    }
    return RiskGraph(graph.n, {}, copied)


def _judged(graph: RiskGraph, seed: int) -> dict[str, object]:
    framed(graph, None)  # compiled before the clock runs
    started = perf_counter()
    frame, report = framed(graph, None)
    seconds = perf_counter() - started
    tied = frame.ties > 0
    view, plain = balanced_pairs(graph, tie_kinds()), pair_graph(graph, tie_kinds())
    return {
        "nodes": int(tied.sum()),
        "pairs": report.pairs,
        "communities": report.communities,
        "reliable": report.reliable,
        **_steadiness(METHOD, view, tied),
        "seconds": round(seconds, 2),
        "all kinds alike, by modularity": _steadiness(Consensus(), plain, tied),
        **{f"after {share:.0%}": _gone_on(graph, frame, share, seed) for share in _BATCHES},
    }


def _steadiness(method: Consensus, view: Csr, tied: BoolArray) -> dict[str, float]:
    """Of the nodes that are tied at all."""
    found = method.communities(view)
    other = replace(method, seeds=(101, 102)).communities(view).labels
    reliable = found.reliable()[found.labels]
    return {
        "share of nodes in reliable ones": round(float(reliable[tied].mean()), 3),
        "ARI with other seeds": round(adjusted_rand_score(found.labels[tied], other[tied]), 3),
    }


def _gone_on(graph: RiskGraph, before: Frame, share: float, seed: int) -> dict[str, object]:
    """A run that goes on beside one from nothing, after half the share went and half came."""
    after = _changed(graph, share, seed)
    started = perf_counter()
    frame, report = framed(after, before)
    middle = perf_counter()
    full, _ = framed(after, None)
    ended = perf_counter()
    one, other = frame.found.labels, full.found.labels
    return {
        "began": report.began,
        "changed": report.changed,
        "NMI": round(normalized_mutual_info_score(one, other), 4),
        "ARI": round(adjusted_rand_score(one, other), 3),
        "modularity more": round(_modularity(after, one) - _modularity(after, other), 5),
        "ids kept": round(len({*frame.ids} & {*before.ids}) / len({*frame.ids}), 3),
        "components and ties equal": bool(
            (frame.component == full.component).all() and (frame.ties == full.ties).all()
        ),
        "seconds": round(middle - started, 2),
        "seconds of a full one": round(ended - middle, 2),
    }


def _changed(graph: RiskGraph, share: float, seed: int) -> RiskGraph:
    rng = np.random.default_rng(seed)
    kinds = {}
    for kind, edges in graph.edges.items():
        rows = np.flatnonzero(rng.random(len(edges)) >= share / 2)
        more = rng.integers(0, max(len(edges), 1), int(share / 2 * len(edges)))
        src = np.concatenate([edges.src[rows], edges.src[more]])
        dst = np.concatenate([edges.dst[rows], rng.permutation(edges.dst[more])])
        every = np.concatenate([rows, more])
        columns = {name: column[every] for name, column in edges.columns.items()}
        kinds[kind] = EdgeColumns(np.arange(len(src)), src, dst, columns)
    return RiskGraph(graph.n, {}, kinds)


def _modularity(graph: RiskGraph, labels: Int64Array) -> float:
    view = balanced_pairs(graph, tie_kinds())
    rows = np.repeat(np.arange(view.n), np.diff(view.indptr))
    strength = np.bincount(labels[rows], view.weights) / view.weights.sum()
    inside = view.weights[labels[rows] == labels[view.indices]].sum() / view.weights.sum()
    return float(inside - (strength**2).sum())


if __name__ == "__main__":
    typer.run(main)
