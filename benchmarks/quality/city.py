"""Synthetic cities: what is planted against what is found, and the torn city as control."""

from __future__ import annotations

import csv
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.quality.pipeline import detected, quiet
from graphrisk.analysis.evaluation.rings import RECOVERED
from graphrisk.analysis.evaluation.sheet import Evaluation, evaluate
from graphrisk_loaders.synth.city import write_city
from graphrisk_loaders.synth.shuffle import shuffle_edges

Document = dict[str, object]
_COUNTS = ("planted", "found", "matched", "first_matching", "false_findings")
_ELSEWHERE = {*_COUNTS, "judged", "overlaps"}


def city(preset: str, seeds: Sequence[int], *, control: bool) -> list[Document]:
    """One document a seed; ``control`` also judges the city with its edges torn apart."""
    found = []
    for seed in seeds:
        with TemporaryDirectory(prefix="graphrisk-city-") as place:
            found.append(_one(preset, seed, Path(place), control))
        print(f"{preset} {seed}: {found[-1]['matched']} of {found[-1]['planted']} matched")
    return found


def _one(preset: str, seed: int, place: Path, control: bool) -> Document:
    started = time.perf_counter()
    report = write_city(preset, seed, place / "city", quiet)
    written = round(time.perf_counter() - started, 2)
    with detected(place / "city", resolved=True) as run:
        result = evaluate(run.findings, run.reader, place / "city" / "truth")
        document: Document = {
            "seed": seed,
            "people": report.rows["persons.csv"],
            "calls": report.rows["calls.parquet"],
            "transfers": report.rows["transfers.csv"],
            "look_alikes": report.hard_negatives,
            **{name: value for name, value in result.items() if name in _COUNTS},
            "sheet": {name: part for name, part in result.items() if name not in _ELSEWHERE},
            "rings": _rings(place / "city" / "truth", result),
            "seconds": {"synth": written, **run.seconds},
        }
    if control:
        shuffle_edges(place / "city", place / "torn", seed)
        with detected(place / "torn", resolved=True) as run:
            torn = evaluate(run.findings, run.reader, place / "city" / "truth")
        document["torn"] = {"found": torn["found"], "matched": torn["matched"]}
    return document


def _rings(truth: Path, result: Evaluation) -> list[Document]:
    with (truth / "rings.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [
        {
            "kind": row["kind"],
            "level": int(row["level"]),
            "shape": row["shape"],
            "overlap": result["overlaps"][row["ring_id"]],
            "matched": result["overlaps"][row["ring_id"]] >= RECOVERED,
        }
        for row in rows
    ]
