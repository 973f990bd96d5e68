"""``python -m benchmarks.quality.consensus``: how runs of Leiden are best brought to agree.

Each way gets the same runs. On planted communities and, with ``--data``, on a folder with
``edges.csv`` (src, dst) and ``labels.csv`` (id, label); on graphs of noise it counts what is called
reliable all the same.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Annotated

import numpy as np
import typer
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from benchmarks.performance.graphs import Int64Array, Pairs, planted
from benchmarks.stamp import RESULTS, stamp
from graphrisk_algorithms.communities.consensus import Consensus
from graphrisk_algorithms.kernels.components import component_labels
from graphrisk_algorithms.kernels.csr import Csr, build_csr
from graphrisk_algorithms.kernels.leiden import Leiden

Runs = Sequence[Int64Array]
Figures = dict[str, list[float]]
_MIXINGS = (0.3, 0.5, 0.6, 0.7)
_LARGEST = (100, 2_000)  # nodes of a planted community
_ROUNDS = 10  # of the iterated way, at most
_LEAST = 0.75  # Jaccard from which a community is a planted one


def main(
    data: Annotated[Path | None, typer.Option(exists=True, help="A labelled network.")] = None,
    seeds: Annotated[int, typer.Option(help="Graphs of each kind.")] = 5,
    edges: Annotated[int, typer.Option(help="Of a planted graph.")] = 100_000,
) -> None:
    """Compare the ways and print what each gave: mean and worst over the graphs."""
    words = f"--seeds {seeds} --edges {edges}" + ("" if data is None else " --data DIR")
    command = f"python -m benchmarks.quality.consensus {words}"
    document: dict[str, object] = {"stamp": stamp(command)}
    for largest in _LARGEST:
        for mixing in _MIXINGS:
            graphs = [planted(edges, 100 + seed, mixing, largest=largest) for seed in range(seeds)]
            views = [(_view(pairs), truth) for pairs, truth in graphs]
            document[f"planted, 20 to {largest} nodes, mixing {mixing}"] = _compared(views)
    noise = [_dealt_anew(planted(edges, 100 + seed, 0.4)[0], seed) for seed in range(seeds)]
    document["noise of the same degrees"] = {
        "reliable": sum(int(Consensus().communities(view).reliable().sum()) for view in noise)
    }
    if data is not None:
        labelled = _labelled(data)
        document["labelled network"] = _compared([labelled] * seeds)
    RESULTS.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document, indent=1)
    (RESULTS / "quality-consensus.json").write_text(text + "\n", encoding="utf-8")
    print(text)


def _compared(graphs: Sequence[tuple[Csr, Int64Array]]) -> dict[str, dict[str, float]]:
    """NMI and ARI with the truth, of each way; ``again``: ARI with itself from other seeds."""
    found: dict[str, Figures] = {}
    for number, (view, truth) in enumerate(graphs):
        seeds = 10 * number + 1, 10 * number + 2
        runs, others = (Consensus(seeds=pair).communities(view).runs for pair in (seeds, (98, 99)))
        for name, way in _WAYS.items():
            started = perf_counter()
            labels = way(view, runs)
            figures = {"seconds": perf_counter() - started, **_judged(labels, truth)}
            figures["again"] = adjusted_rand_score(labels, way(view, others))
            for figure, value in figures.items():
                found.setdefault(name, {}).setdefault(figure, []).append(float(value))
        kind = Consensus(seeds=seeds)
        for figure, value in _reliability(kind, view, truth).items():
            found.setdefault("reliable", {}).setdefault(figure, []).append(value)
    return {name: _summary(figures) for name, figures in found.items()}


def _summary(figures: Figures) -> dict[str, float]:
    told = {name: round(float(np.mean(values)), 3) for name, values in figures.items()}
    worst = "ari" if "ari" in figures else "precision"
    return {**told, f"worst {worst}": round(min(figures[worst]), 3)}


def _judged(labels: Int64Array, truth: Int64Array) -> dict[str, float]:
    known = truth >= 0
    one, other = labels[known], truth[known]
    return {
        "nmi": normalized_mutual_info_score(one, other),
        "ari": adjusted_rand_score(one, other),
        "communities": len(np.unique(labels)),
    }


def _reliability(kind: Consensus, view: Csr, truth: Int64Array) -> dict[str, float]:
    """Share of nodes in reliable communities, and of these communities that are true ones."""
    from graphrisk_algorithms.kernels.consensus_kernels import best_overlaps

    found = kind.communities(view)
    other = np.where(truth >= 0, truth, truth.max() + 1)
    sizes = np.bincount(other).astype(np.int64)
    right = best_overlaps(found.labels, found.sizes, other, sizes)[0] >= _LEAST
    reliable = found.reliable()
    return {
        "communities": float(reliable.sum()),
        "nodes": float(found.sizes[reliable].sum() / view.n),
        "precision": float(right[reliable].mean()) if reliable.any() else 1.0,
    }


def _single(_view: Csr, runs: Runs) -> Int64Array:
    """The first: resolution 1."""
    return runs[0]


def _medoid(_view: Csr, runs: Runs) -> Int64Array:
    """The run most like the others (mean NMI)."""
    alike = [sum(normalized_mutual_info_score(one, other) for other in runs) for one in runs]
    return runs[int(np.argmax(alike))]


def _components(view: Csr, runs: Runs, agreement: float) -> Int64Array:
    """What hangs together by ties whose ends were together in more than this share of the runs."""
    kept = _shares(view, runs) > agreement + 1e-9
    rows = np.repeat(np.arange(view.n), np.diff(view.indptr))[kept]
    return component_labels(view.n, rows, view.indices[kept].astype(np.int64))


def _rounds(view: Csr, runs: Runs, agreement: float, most: int) -> Int64Array:
    """Leiden on the agreed ties, again and again, until all runs agree (or ``most`` times)."""
    agreed = _agreed(view, runs, agreement)
    for number in range(1, most):
        if (agreed.weights == 1.0).all():
            break
        again = [Leiden(seed=10 * number + one).communities(agreed) for one in range(len(runs))]
        agreed = _agreed(agreed, again, agreement)
    return Leiden().communities(agreed)


def _agreed(view: Csr, runs: Runs, agreement: float) -> Csr:
    share = _shares(view, runs)
    kept = share > agreement + 1e-9
    rows = np.repeat(np.arange(view.n), np.diff(view.indptr))[kept]
    starts = np.zeros(view.n + 1, np.int64)
    np.cumsum(np.bincount(rows, minlength=view.n), out=starts[1:])
    return Csr(starts, view.indices[kept], share[kept], view.positions[kept])


def _shares(view: Csr, runs: Runs) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    rows = np.repeat(np.arange(view.n), np.diff(view.indptr))
    together = sum((run[rows] == run[view.indices]).astype(np.float64) for run in runs)
    return np.asarray(together) / len(runs)


_WAYS: dict[str, Callable[[Csr, Runs], Int64Array]] = {
    "one run": _single,
    "run most like the others": _medoid,
    "components above 1/2": partial(_components, agreement=1 / 2),
    "components above 2/3": partial(_components, agreement=2 / 3),
    "one round, all ties": partial(_rounds, agreement=0.0, most=1),
    "one round above 1/2": partial(_rounds, agreement=1 / 2, most=1),
    "one round above 2/3": partial(_rounds, agreement=2 / 3, most=1),
    "rounds to the end above 2/3": partial(_rounds, agreement=2 / 3, most=_ROUNDS),
}


def _view(pairs: Pairs) -> Csr:
    return build_csr(pairs.n, pairs.src, pairs.dst, pairs.weight, symmetric=True, merge=True)


def _dealt_anew(pairs: Pairs, seed: int) -> Csr:
    ends = np.random.default_rng(seed).permutation(np.concatenate([pairs.src, pairs.dst]))
    src, dst = ends.reshape(2, -1)
    proper = src != dst
    return build_csr(pairs.n, src[proper], dst[proper], symmetric=True, merge=True)


def _labelled(folder: Path) -> tuple[Csr, Int64Array]:
    """Ids may be any text; who has no label is negative."""
    with (folder / "edges.csv").open(encoding="utf-8", newline="") as stream:
        ends = [(row["src"], row["dst"]) for row in csv.DictReader(stream)]
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as stream:
        labels = [list(row.values()) for row in csv.DictReader(stream)]
    place: dict[str, int] = {}
    for name in sorted({*(end for pair in ends for end in pair), *(row[0] for row in labels)}):
        place[name] = len(place)
    src, dst = np.array([[place[end] for end in pair] for pair in ends], np.int64).T
    truth = np.full(len(place), -1)
    truth[[place[row[0]] for row in labels]] = np.unique(
        [row[1] for row in labels], return_inverse=True
    )[1]
    return _view(Pairs.of(len(place), src, dst)), truth


if __name__ == "__main__":
    typer.run(main)
