"""The whole graph as the CSV files that Neo4j's import tool reads; ``shapes`` says what is where.

A node's address in the files is its internal id to be: its nid, behind them the assertions by vid,
then what the store keeps of itself. So the tool has no addresses to look up.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from graphrisk.store.contract import Int64Array
from graphrisk.store.level import LEVEL
from graphrisk.store.neo4j.ledger import mark_properties
from graphrisk.store.neo4j.scores import property_names
from graphrisk_schema.model import Nature
from graphrisk_schema.reader import load_schema

#: Where the files lie in the stage: the tool reads commas and patterns in paths, so they are short.
_FOLDER = "files"
_PAIR_BITS = 31
_ID = ":ID"
_NAMES = {"changed_seq": "seq", "src": ":START_ID", "dst": ":END_ID"}
_TYPES = {pa.int64(): "long", pa.string(): "string", pa.float64(): "double", pa.bool_(): "boolean"}
_OPTIONS = csv.WriteOptions(include_header=False, quoting_style="needed")


class Contents(Protocol):
    """Everything a store keeps, at one moment. Columns are named as in the contract."""

    @property
    def counters(self) -> Mapping[str, int]:
        """``version``, ``latest`` and the next number of each sort."""
        ...

    @property
    def key_marks(self) -> Mapping[int, str]:
        """The mark of each key version that tokens were made with."""
        ...

    @property
    def models(self) -> Sequence[str]:
        """Names of the models that gave scores."""
        ...

    def nodes(self, kind: str) -> Iterator[pa.RecordBatch]:
        """``nid, key, changed_seq, terms``."""
        ...

    def assertions(self, kind: str) -> Iterator[pa.RecordBatch]:
        """All versions with provenance, ``akey`` and ``digest``."""
        ...

    def edges(self, kind: str) -> Iterator[pa.RecordBatch]:
        """The same of edges; sums have neither ``akey`` nor ``digest``."""
        ...

    def ledger(self) -> dict[str, pa.Table]:
        """``batch``, ``stated``, ``erased``, ``part`` and ``progress``."""
        ...

    def scores(self, nids: Int64Array) -> pa.Table:
        """``nid, model, score, run`` of some nodes, in (nid, model) order."""
        ...


@dataclass
class Files:
    """What was written, and the tool's arguments that name it (from within the stage)."""

    nodes: int = 0
    edges: int = 0
    _groups: list[str] = field(default_factory=list)
    _multiline: list[str] = field(default_factory=list)

    def add(self, stage: Path, label: str, rows: Iterable[pa.RecordBatch], *, edge: bool) -> int:
        """Write the rows of a label or edge kind, and a header; returns how many. None: no file."""
        name = label.replace(":", "-")
        data, header = (f"{_FOLDER}/{name}.{part}" for part in ("csv", "header"))
        count, writer, multiline = 0, None, False
        for batch in rows:
            if writer is None:
                writer = csv.CSVWriter(stage / data, batch.schema, write_options=_OPTIONS)
                (stage / header).write_text(_header(batch.schema), encoding="utf-8")
            writer.write_batch(batch)
            multiline = multiline or _has_breaks(batch)
            count += batch.num_rows
        if writer is not None:
            writer.close()
            option = "relationships" if edge else "nodes"
            self._groups.append(f"--{option}={label}={header},{data}")
            self._multiline += [data] if multiline else []
        self.edges += count if edge else 0
        self.nodes += 0 if edge else count
        return count

    def arguments(self) -> list[str]:
        """Files of nodes and edges; which of them hold line breaks within a value."""
        if not self._multiline:
            return self._groups
        named = f"--multiline-fields={','.join(self._multiline)}"
        return [*self._groups, named, "--multiline-fields-format=v2"]


def write_files(
    contents: Contents, stage: Path, progress: Callable[[str, int, int], None]
) -> tuple[Files, dict[str, int]]:
    """Write everything into ``stage``; returns also the rows of each kind.

    About 100 bytes a row. Memory: a batch of rows, and the small tables whole.
    """
    (stage / _FOLDER).mkdir()
    vocabulary = load_schema()
    files, counts = Files(), dict[str, int]()
    total = 2 * len(vocabulary.nodes) + len(vocabulary.edges)
    for kind in vocabulary.nodes:
        nodes = (
            _with_scores(_with_id(rows, rows["nid"]), contents) for rows in contents.nodes(kind)
        )
        counts[kind] = files.add(stage, f"Node:{kind}", nodes, edge=False)
        progress("files", len(counts), total)
    for kind in vocabulary.nodes:
        facts = (
            _with_id(rows, pc.add(rows["vid"], contents.counters["next_nid"]))
            for rows in contents.assertions(kind)
        )
        counts[f"{kind}Assertion"] = files.add(stage, f"{kind}Assertion", facts, edge=False)
        progress("files", len(counts), total)
    for kind, edge in vocabulary.edges.items():
        edges = contents.edges(kind)
        if edge.nature is Nature.AGGREGATE:
            edges = map(_with_akey, edges)
        counts[kind] = files.add(stage, kind, edges, edge=True)
        progress("files", len(counts), total)
    _write_ledger(contents, files, stage)
    return files, counts


def _write_ledger(contents: Contents, files: Files, stage: Path) -> None:
    """What the store keeps of itself. It is another store from now on: its id is new."""
    ledger = contents.ledger()
    own: dict[str, str | int] = {"name": "graphrisk", "store_id": str(uuid.uuid4()), "epoch": 0}
    own |= {"schema_level": LEVEL, **contents.counters}
    own |= mark_properties(contents.key_marks)
    ledger["store"] = pa.table({name: [value] for name, value in own.items()})
    ledger["model"] = pa.table({"name": pa.array(contents.models, pa.string())})
    free = contents.counters["next_nid"] + contents.counters["next_vid"]
    for name, rows in ledger.items():
        numbered = [
            _with_id(batch, pa.array(np.arange(free, free + batch.num_rows)))
            for batch in rows.combine_chunks().to_batches()
        ]
        free += files.add(stage, name.capitalize(), numbered, edge=False)


def _with_id(batch: pa.RecordBatch, ids: pa.Array[pa.Scalar[pa.DataType]]) -> pa.RecordBatch:
    return batch.append_column(_ID, ids)


def _with_scores(batch: pa.RecordBatch, contents: Contents) -> pa.RecordBatch:
    """Nodes with the score and run of every model, null where there is none."""
    if not contents.models:
        return batch
    nids = batch["nid"].to_numpy()
    scores = contents.scores(nids)
    for model in contents.models:
        of_model = scores.filter(pc.field("model") == model)
        spots = pc.index_in(batch["nid"], of_model["nid"])
        for column, name in zip(("score", "run"), property_names(model), strict=True):
            batch = batch.append_column(name, of_model[column].combine_chunks().take(spots))
    return batch


def _with_akey(sums: pa.RecordBatch) -> pa.RecordBatch:
    """A sum is known by its pair of nodes."""
    pairs = pc.bit_wise_or(pc.shift_left(sums["src"], _PAIR_BITS), sums["dst"])
    return sums.append_column("akey", pairs)


def _header(schema: pa.Schema) -> str:
    """Names and types of the columns, a line of CSV."""
    names = (_NAMES.get(column.name, column.name) for column in schema)
    titles = [
        name if name.startswith(":") else f"{name}:{_TYPES[column.type]}"
        for name, column in zip(names, schema, strict=True)
    ]
    return ",".join('"' + title.replace('"', '""') + '"' for title in titles) + "\n"


def _has_breaks(batch: pa.RecordBatch) -> bool:
    """Whether a text holds a line break."""
    return any(
        pc.any(pc.match_substring(column, sign)).as_py()
        for column in batch.columns
        if column.type == pa.string()
        for sign in "\r\n"
    )
