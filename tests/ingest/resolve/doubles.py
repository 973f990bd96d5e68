"""People of a city who stand in it twice: second records with the faults of real registers.

Half a second record's evidence may be gone: the name written by ear, by a look-alike, in pinyin or
back to front, the identity number missing or mistyped, another telephone on the same handset.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphrisk.ingest.facts import UNSOUND
from graphrisk.store.search import syllable
from graphrisk_algorithms.graph import EdgeColumns, RiskGraph

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Doubled:
    """A graph with second records, and for each record (in nid order) whose it is."""

    graph: RiskGraph
    person: Ints


def with_doubles(graph: RiskGraph, share: float, seed: int) -> Doubled:
    """Give ``share`` of the persons with a name a second record."""
    rng = np.random.default_rng(seed)
    persons = graph.nodes["Person"].select(
        ["nid", "key", "name", "birth_year", "id_token", "id_halves"]
    )
    rows = np.flatnonzero(rng.random(len(persons)) < share)
    nids = graph.n + np.arange(len(rows))
    spoilt = _spoilt(persons, rows, rng).set_column(0, persons.schema.field(0), pa.array(nids))
    originals = persons.column("nid").to_numpy()
    old = dict(zip(originals[rows].tolist(), nids.tolist(), strict=True))
    phones, uses = _telephones(graph, old, rng)
    cells = _again(graph.edges["LIVES_IN"], old, rng.random(len(graph.edges["LIVES_IN"])) < 0.8)
    edges = {**graph.edges, "OWNS_PHONE": phones, "USES_DEVICE": uses, "LIVES_IN": cells}
    nodes = {**graph.nodes, "Person": pa.concat_tables([persons, spoilt])}
    n = int(max(nids.max(initial=0), phones.dst.max(initial=0))) + 1
    person = np.concatenate([originals, originals[rows]])
    return Doubled(replace(graph, n=max(n, graph.n), nodes=nodes, edges=edges), person)


def _telephones(
    graph: RiskGraph, old: dict[int, int], rng: np.random.Generator
) -> tuple[EdgeColumns, EdgeColumns]:
    """Two in five keep a number; as many have a new one, half of these on the old handset."""
    owns, uses = graph.edges["OWNS_PHONE"], graph.edges["USES_DEVICE"]
    fate = rng.random(len(owns))
    kept = _again(owns, old, fate < 0.4)
    new = _again(owns, old, (fate >= 0.4) & (fate < 0.8))
    count = len(new) - len(owns)
    fresh = graph.n + len(old) + np.arange(count)
    owns_more = _joined(
        kept, replace(new, dst=np.concatenate([new.dst[: len(owns)], fresh])), count
    )
    handset = dict(zip(uses.src.tolist(), uses.dst.tolist(), strict=True))
    before = new.dst[len(owns) :].tolist()
    pairs = [
        (number, handset[phone])
        for number, phone in zip(fresh.tolist(), before, strict=True)
        if phone in handset and rng.random() < 0.5
    ]
    src, dst = np.array(pairs, np.int64).reshape(-1, 2).T
    return owns_more, _with(uses, src, dst)


def _joined(kept: EdgeColumns, new: EdgeColumns, count: int) -> EdgeColumns:
    last = len(new) - count
    return _with(kept, new.src[last:], new.dst[last:])


def _again(edges: EdgeColumns, old: dict[int, int], chosen: npt.NDArray[np.bool_]) -> EdgeColumns:
    """The edges, and the chosen ones of doubled persons once more from their second record."""
    rows = [row for row in np.flatnonzero(chosen).tolist() if int(edges.src[row]) in old]
    src = np.array([old[int(edges.src[row])] for row in rows], np.int64)
    return _with(edges, src, edges.dst[np.array(rows, np.int64)])


def _with(edges: EdgeColumns, src: Ints, dst: Ints) -> EdgeColumns:
    more = len(src)
    eid = np.concatenate([edges.eid, edges.eid.max(initial=-1) + 1 + np.arange(more)])
    columns = {name: np.resize(column, len(eid)) for name, column in edges.columns.items()}
    return EdgeColumns(
        eid, np.concatenate([edges.src, src]), np.concatenate([edges.dst, dst]), columns
    )


def _spoilt(persons: pa.Table, rows: Ints, rng: np.random.Generator) -> pa.Table:
    heard = _homophones(persons.column("name").to_pylist())
    found = persons.take(rows).to_pylist()
    for row in found:
        row["key"] = f"second-{row['key']}"
        row["name"] = _misspelt(row["name"], heard, rng)
        fate = rng.random()
        if row["birth_year"] is not None and fate < 0.15:
            row["birth_year"] = None if fate < 0.1 else row["birth_year"] + 1
        fate = rng.random()
        if fate < 0.3:
            row["id_token"] = row["id_halves"] = None
        elif fate < 0.5 and row["id_token"] is not None:
            row["id_token"] = f"{UNSOUND}:1:{rng.bytes(16).hex()}"
            halves = [
                half if rng.random() < 0.6 else f"x{rng.bytes(8).hex()}" for half in _halves(row)
            ]
            row["id_halves"] = " ".join(halves)
    return pa.Table.from_pylist(found, schema=persons.schema)


def _halves(row: dict[str, str | None]) -> list[str]:
    return (row["id_halves"] or "").split()


def _homophones(names: list[str | None]) -> dict[str, list[str]]:
    """Signs in use, by reading."""
    signs = sorted({sign for name in names for sign in name or ""})
    found: defaultdict[str, list[str]] = defaultdict(list)
    for sign in signs:
        found[syllable(sign)].append(sign)
    return found


def _misspelt(
    name: str | None, heard: dict[str, list[str]], rng: np.random.Generator
) -> str | None:
    if not name:
        return name
    place, fate = int(rng.integers(0, len(name))), rng.random()
    if fate < 0.25:
        other = heard[syllable(name[place])]
    elif fate < 0.35:
        other = [sign for signs in heard.values() for sign in signs]
    elif fate < 0.5:
        return f"{''.join(map(syllable, name[1:]))} {syllable(name[0])}".title()
    elif fate < 0.6:
        return name[1:] + name[0]
    else:
        return name
    return name[:place] + other[int(rng.integers(0, len(other)))] + name[place + 1 :]
