"""Real covert networks, each laid over the citizens of a synthetic city, and found again or not.

One set is a folder with a folder for each network. One seed by default; ``GRAPHRISK_LONG=1`` five.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.quality.pipeline import Detected, detected, quiet
from benchmarks.quality.public.rows import SEEDS, Figures, Row
from graphrisk.analysis.evaluation.rings import jaccard, suspects
from graphrisk.analysis.evaluation.truth import Nodes, read_truth
from graphrisk.core.errors import BadInput
from graphrisk_algorithms.kernels.joins import groups_of
from graphrisk_algorithms.kernels.leiden import Leiden
from graphrisk_algorithms.kernels.pairs import edges_of, pair_graph
from graphrisk_loaders.synth.city import write_city
from graphrisk_loaders.synth.templates import TemplateError, read_templates

NEEDED = {"edges": ("layer", "src", "dst")}  # of each network's folder
PRESET = "town"
_KIND = "covert_cell"
_LAID = "template"


@dataclass(frozen=True, slots=True)
class Found:
    """Best Jaccard of each network by name, in one city."""

    first: Figures  # with one of the first K findings of any kind, K networks laid
    cells: Figures  # with one of the first K covert cells
    any: Figures  # with any finding
    plain: Figures  # with any community of plain Leiden on calls


def judge(folder: Path) -> list[Row]:
    """All networks together, then each of them.

    Raises:
        BadInput: An edge list cannot be used.
    """
    try:
        names = [net.name for net in read_templates(folder)]
    except TemplateError as error:
        raise BadInput(error.what, file=error.file, line=error.line) from error
    seeds = SEEDS if os.environ.get("GRAPHRISK_LONG") else SEEDS[:1]
    found = [_laid(folder, names, seed) for seed in seeds]
    rows = [_row("all networks, mean", found, names, seeds)]
    return rows + [_row(name, found, [name], seeds) for name in names]


def _row(what: str, found: Sequence[Found], names: Sequence[str], seeds: Sequence[int]) -> Row:
    values = [
        {
            "Jaccard, first K": _mean(one.first, names),
            "first K cells": _mean(one.cells, names),
            "any finding": _mean(one.any, names),
        }
        for one in found
    ]
    plain = float(np.mean([_mean(one.plain, names) for one in found]))
    beside = {"some community of plain Leiden": {"any finding": plain}}
    return Row("", what, values, beside, seeds=seeds)


def _mean(figures: Figures, names: Sequence[str]) -> float:
    return float(np.mean([figures[name] for name in names]))


def _laid(folder: Path, names: Sequence[str], seed: int) -> Found:
    """Lay the networks over the city of a seed, detect, and compare."""
    with TemporaryDirectory(prefix="graphrisk-covert-") as place:
        city = Path(place) / "city"
        write_city(PRESET, seed, city, quiet, templates=folder)
        with detected(city, resolved=True) as run:
            truth = read_truth(run.reader, city / "truth").seen(run.findings.stands_for())
            laid = [ring.offenders for ring in truth.rings if ring.kind == _LAID]
            return _compared(run, dict(zip(names, laid, strict=True)))


def _compared(run: Detected, laid: Mapping[str, Nodes]) -> Found:
    listed = run.listed()
    every = [suspects(one) for one in listed]
    cells = [nodes for nodes, one in zip(every, listed, strict=True) if one.kind == _KIND]
    return Found(
        first=_best(laid, every[: len(laid)]),
        cells=_best(laid, cells[: len(laid)]),
        any=_best(laid, every),
        plain=_best_plain(run, laid),
    )


def _best(laid: Mapping[str, Nodes], found: Sequence[Nodes]) -> Figures:
    return {
        name: max((jaccard(nodes, one) for one in found), default=0.0)
        for name, nodes in laid.items()
    }


def _best_plain(run: Detected, laid: Mapping[str, Nodes]) -> Figures:
    """Communities of who calls whom, as numbers with their owners; the one that fits best of all.

    An upper bound, for nobody could say which of the communities to look at.
    """
    graph = run.graph()
    owns = edges_of(graph, "OWNS_PHONE")
    labels = Leiden(seed=1).communities(pair_graph(graph, ("CALLED",)))
    members = {nid for nodes in laid.values() for nid in nodes}
    owner = dict(zip(owns.dst.tolist(), owns.src.tolist(), strict=True))
    near = {int(labels[nid]) for nid in members if nid in owner}
    groups = [group for group in groups_of(labels) if int(labels[group[0]]) in near]
    found = [
        frozenset(nid for phone in group.tolist() for nid in (phone, owner.get(phone, phone)))
        for group in groups
    ]
    return _best(laid, found)
