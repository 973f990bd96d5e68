"""Identity resolution: person records of the FEBRL form against the number in ``rec_id``."""

from __future__ import annotations

import csv
import resource
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.quality.measures import Ints, pair_figures
from benchmarks.quality.noise import Noise, records
from benchmarks.quality.pipeline import quiet
from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.core.clock import SystemClock
from graphrisk.ingest.load import load
from graphrisk.ingest.resolve.columns import Plan
from graphrisk.ingest.resolve.matcher import SAME, UNSURE, match
from graphrisk.ingest.resolve.persons import match_persons
from graphrisk.store.snapshot.snapshot import Snapshot
from graphrisk.store.sqlite.store import SqliteStore
from graphrisk_algorithms.graph import RiskGraph
from graphrisk_algorithms.kernels.components import component_labels
from graphrisk_loaders.synth.city import write_city

Document = dict[str, object]
NAMES = ("given_name", "surname")
STREETS = ("address_1", "address_2")
PLAN = Plan(
    texts=(
        *NAMES,
        *("street_number", *STREETS, "suburb", "postcode", "state"),
        *("date_of_birth", "soc_sec_id"),
    ),
    swapped=(NAMES, STREETS),
)
#: FEBRL's own strength, and about twice that.
SETTINGS = {"usual": Noise(5, 5), "strong": Noise(5, 10, missing=0.15, replaced=0.08)}
SEEDS = range(1, 6)


def entity(data: Path) -> Document:
    """Figures of every set below ``data``, and of made-up records that nobody fitted anything to.

    A file with a ``rec_id`` is a set to be searched for duplicates; two whose names differ in a
    final ``a`` and ``b`` are two registers to be linked. The number in ``rec_id`` is the truth and
    nothing else is read of that column.
    """
    found = [judged(name, table, border) for name, table, border in sets(data)]
    made = [
        {"setting": setting, "seed": seed, **judged("", records(2000, 3000, noise, seed), 0)}
        for setting, noise in SETTINGS.items()
        for seed in SEEDS
    ]
    return {"sets": found, "made": made}


def cities(preset: str, seeds: Sequence[int]) -> list[Document]:
    """Synthetic cities in which people stand twice and numbers are shared, as the preset plants."""
    found = []
    for seed in seeds:
        with TemporaryDirectory(prefix="graphrisk-city-") as place:
            graph = _city(preset, seed, Path(place))
            truth = Path(place) / "city" / "truth"
            whose, shared = _planted(graph, truth)
            registered = _registered(graph, truth)
        matches = match_persons(graph)
        nids = graph.nodes["Person"].column("nid").to_numpy()
        shown: Document = {"preset": preset, "seed": seed, "persons": len(nids)}
        shown["shared_numbers"] = len(shared)
        for name, least in (("same", SAME), ("with_queue", UNSURE)):
            left, right = matches.above(least)
            person = component_labels(graph.n, left, right)
            shown[name] = pair_figures(person[nids], whose[nids])
            shown[f"{name}_apart"] = pair_figures(person[nids], registered[nids])
            shown[f"{name}_merged"] = int((person[shared[:, 0]] == person[shared[:, 1]]).sum())
        doubtful = (matches.probability < SAME).sum()
        found.append({**shown, "queue": int(doubtful)})
    return found


def _planted(graph: RiskGraph, truth: Path) -> tuple[Ints, Ints]:
    """Whose each record is, by nid; and pairs of persons who have one number.

    The identities of an identity ring are one hand's: one person who was registered several times.
    """
    nid_of = _nid_of(graph)
    hands: dict[str, list[int]] = {}
    for ring, kind, key, role, _ in _rows(truth / "members.csv"):
        if (kind, role) == ("Person", "identity"):
            hands.setdefault(ring, []).append(nid_of[key])
    hand = np.arange(graph.n)
    for identities in hands.values():
        hand[identities] = identities[0]
    shared = [[nid_of[key] for key in row] for row in _rows(truth / "shared_numbers.csv")]
    return hand[_registered(graph, truth)], np.array(shared, np.int64)


def _registered(graph: RiskGraph, truth: Path) -> Ints:
    """Whose each record is, by nid, if each identity of an identity ring were a person."""
    nid_of = _nid_of(graph)
    whose = np.arange(graph.n)
    for later, first in _rows(truth / "later_records.csv"):
        whose[nid_of[later]] = nid_of[first]
    return whose


def _nid_of(graph: RiskGraph) -> dict[str, int]:
    persons = graph.nodes["Person"].select(["nid", "key"]).to_pydict()
    return dict(zip(persons["key"], persons["nid"], strict=True))


def _rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))[1:]


def _city(preset: str, seed: int, place: Path) -> RiskGraph:
    """The graph of a city, as the product loads it; calls and transfers stay out."""
    write_city(preset, seed, place / "city", quiet)
    for events in ("calls.parquet", "transfers.csv"):
        (place / "city" / events).unlink()
    store = SqliteStore(place / "graph.db")
    store.migrate()
    load(store, place / "files", place / "city", clock=SystemClock(), progress=quiet)
    reader = store.reader(EVERYTHING, Purpose("evaluation"))
    snapshot = Snapshot.open(place / "snapshot", reader, store.health().store_id)
    snapshot.refresh()
    graph = snapshot.graph()
    store.close()
    return graph


def scale(rows: int, seed: int = 1) -> Document:
    """Time and memory of so many made-up records, two in five of them duplicates."""
    table = records(rows * 3 // 5, rows - rows * 3 // 5, SETTINGS["usual"], seed)
    return {
        **judged("made up", table, 0),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def judged(name: str, table: pa.Table, border: int) -> Document:
    """Match and compare with the truth; beside it whoever has the same social security number."""
    wall, processor = time.perf_counter(), time.process_time()
    found = match(table, PLAN, border=border)
    seconds = time.perf_counter() - wall, time.process_time() - processor
    truth = _entities(table)
    left, right = found.above(SAME)
    person = component_labels(table.num_rows, left, right)
    number = table.column("soc_sec_id").combine_chunks().dictionary_encode().indices
    same_number = number.fill_null(-1).to_numpy().astype(np.int64)
    return {
        "set": name,
        "records": table.num_rows,
        "linked": border > 0,
        "resolved": pair_figures(person, truth, border),
        "same_number": pair_figures(same_number, truth, border),
        "compared": found.compared,
        "skipped_blocks": found.skipped_blocks,
        "seconds": round(seconds[0], 1),
        "processor_seconds": round(seconds[1], 1),
    }


def _entities(table: pa.Table) -> Ints:
    number = pc.extract_regex(table.column("rec_id").cast(pa.string()), r"^[^-]+-(?P<n>\d+)")
    return np.asarray(pc.struct_field(number, "n").cast(pa.int64()))


def sets(data: Path) -> Iterator[tuple[str, pa.Table, int]]:
    """Name, records and border of each set in the folder, in the order of names."""
    files = {file.stem: file for file in sorted(data.glob("*.parquet"))}
    for stem, file in files.items():
        if stem.endswith("b") and stem[:-1] + "a" in files:
            continue
        table = pq.read_table(file).replace_schema_metadata(None)
        second = files.get(stem[:-1] + "b") if stem.endswith("a") else None
        if second is None:
            yield stem, table, 0
        else:
            other = pq.read_table(second).replace_schema_metadata(None)
            yield stem[:-1], pa.concat_tables([table, other]), table.num_rows
