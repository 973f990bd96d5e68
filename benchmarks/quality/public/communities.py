"""Ties with a true community for each node (e-mail between departments)."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import igraph
import numpy as np

from benchmarks.quality.measures import Ints, alike
from benchmarks.quality.public.files import numbered, read
from benchmarks.quality.public.rows import SEEDS, Figures, Row, mean_figures
from graphrisk_algorithms.communities.consensus import Consensus
from graphrisk_algorithms.kernels.csr import Csr, build_csr
from graphrisk_algorithms.kernels.leiden import Leiden

NEEDED = {"edges": ("src", "dst"), "labels": ("id", "department")}
_RUNS = 2  # seeds a resolution, as the product has


def ties(folder: Path) -> tuple[Csr, Ints, Ints]:
    """Pairs, the nodes that are judged, and the true community of each of them."""
    edges, labels = read(folder, "edges"), read(folder, "labels")
    names, (src, dst, own) = numbered(edges.keys("src"), edges.keys("dst"), labels.keys("id"))
    _, (truth,) = numbered(labels.keys("department"))
    proper = src != dst
    view = build_csr(len(names), src[proper], dst[proper], symmetric=True, merge=True)
    weighted = Csr(view.indptr, view.indices, np.log2(1.0 + view.weights), view.positions)
    return weighted, own, truth


def consensus(view: Csr, seed: int) -> Ints:
    """Communities that most runs agree on; each seed has runs of its own."""
    seeds = tuple(range(_RUNS * seed, _RUNS * (seed + 1)))
    return Consensus(seeds=seeds).communities(view).labels


def judge(folder: Path) -> list[Row]:
    """D13."""
    view, own, truth = ties(folder)
    values, beside = [], []
    for seed in SEEDS:
        values.append(alike(consensus(view, seed)[own], truth))
        beside.append(_others(view, own, truth, seed))
    return [Row("D13", "consensus of Leiden", values, mean_figures(beside), seeds=SEEDS)]


def _others(view: Csr, own: Ints, truth: Ints, seed: int) -> dict[str, Figures]:
    """Single runs of ours and of igraph's methods."""
    row = np.repeat(np.arange(view.n), np.diff(view.indptr))
    half = row < view.indices
    graph = igraph.Graph(view.n, list(zip(row[half], view.indices[half], strict=True)))
    weights = view.weights[half].tolist()
    igraph.set_random_number_generator(random.Random(seed))
    methods: dict[str, Callable[[], Ints]] = {
        "Leiden, resolution 1": lambda: Leiden(seed=seed).communities(view),
        "label propagation": lambda: np.array(
            graph.community_label_propagation(weights=weights).membership
        ),
        "Infomap": lambda: np.array(graph.community_infomap(edge_weights=weights).membership),
    }
    return {name: alike(method()[own], truth) for name, method in methods.items()}
