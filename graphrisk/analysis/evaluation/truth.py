"""What a city planted, read from its ``truth/`` folder: rings, look-alikes, second records."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from graphrisk.core.errors import BadInput
from graphrisk.store.contract import Reader

Nodes = frozenset[int]


@dataclass(frozen=True, slots=True)
class Ring:
    """A planted ring. Keys that the graph does not know are nodes below any nid, one each."""

    ring_id: str
    kind: str
    level: str  # of camouflage, 0-3
    started: int | None  # epoch ms UTC; None where the truth does not tell
    ended: int | None
    offenders: Nodes  # of every node kind
    victims: Nodes  # whoever else is listed with the ring


@dataclass(frozen=True, slots=True)
class Truth:
    """A city's truth in nids of the store that holds it."""

    rings: tuple[Ring, ...]  # in the order of rings.csv
    decoys: Mapping[tuple[str, str], Nodes]  # hard negatives: (kind, group id) → nodes
    later: Mapping[int, int]  # another record of a person → his first one

    def seen(self, stands_for: Mapping[int, int]) -> Truth:
        """The same by the records that stood for persons when a run saw them."""

        def now(nodes: Nodes) -> Nodes:
            return frozenset(stands_for.get(nid, nid) for nid in nodes)

        return Truth(
            rings=tuple(
                replace(one, offenders=now(one.offenders), victims=now(one.victims))
                for one in self.rings
            ),
            decoys={group: now(nodes) for group, nodes in self.decoys.items()},
            later=self.later,
        )

    def offenders(self) -> Nodes:
        """Offenders of any ring."""
        return frozenset().union(*(ring.offenders for ring in self.rings))

    def victims(self) -> Nodes:
        """Victims of any ring who are no offender of another."""
        return frozenset().union(*(ring.victims for ring in self.rings)) - self.offenders()


def read_truth(reader: Reader, folder: Path) -> Truth:
    """The truth of the city that the store holds.

    Raises:
        BadInput: A file of the folder is missing or lacks a column, a row a value.
    """
    planted = list(_rows(folder / "rings.csv", "ring_id", "kind"))
    offenders: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    victims: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    columns = ("ring_id", "node_kind", "key", "is_offender")
    for row in _rows(folder / "members.csv", *columns):
        guilty = row["is_offender"].strip().lower() in {"1", "true"}
        listed = offenders if guilty else victims
        listed[row["ring_id"]].append((row["node_kind"], row["key"]))
    groups: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    columns = ("group_id", "kind", "node_kind", "key")
    for row in _rows(folder / "hard_negatives.csv", *columns):
        groups[row["kind"], row["group_id"]].append((row["node_kind"], row["key"]))
    return Truth(
        rings=tuple(
            Ring(
                ring_id=row["ring_id"],
                kind=row["kind"],
                level=row.get("level") or "0",
                started=_moment(row, "started"),
                ended=_moment(row, "ended"),
                offenders=_nodes(reader, offenders[row["ring_id"]]),
                victims=_nodes(reader, victims[row["ring_id"]]),
            )
            for row in planted
        ),
        decoys={group: _nodes(reader, keys) for group, keys in groups.items()},
        later=_later(reader, folder / "later_records.csv"),
    )


def _later(reader: Reader, file: Path) -> dict[int, int]:
    if not file.exists():  # a city without faults of identity may have none
        return {}
    rows = list(_rows(file, "record", "person"))
    records = reader.lookup("Person", [row["record"] for row in rows]).tolist()
    persons = reader.lookup("Person", [row["person"] for row in rows]).tolist()
    pairs = zip(records, persons, strict=True)
    return {record: person for record, person in pairs if record >= 0 and person >= 0}


def _moment(row: Mapping[str, str], column: str) -> int | None:
    text = row.get(column) or ""
    try:
        return int(text) if text else None
    except ValueError as error:
        raise BadInput(f"{column} is no time in milliseconds: {text[:40]!r}") from error


def _rows(file: Path, *columns: str) -> Iterator[dict[str, str]]:
    """Rows of a file of the truth, with all ``columns``; ``BadInput`` names file and line."""
    table = csv.DictReader(io.StringIO(_text(file), newline=""), strict=True)
    try:
        missing = set(columns) - set(table.fieldnames or ())
        if missing:
            raise BadInput(f"columns missing: {', '.join(sorted(missing))}", file=file.name)
        for row in table:
            if any(row[name] is None for name in columns):
                raise BadInput("fewer values than columns", file=file.name, line=table.line_num)
            yield row
    except csv.Error as error:
        raise BadInput(f"not CSV: {error}", file=file.name, line=table.line_num + 1) from error


def _text(file: Path) -> str:
    try:
        data = file.read_bytes()
    except FileNotFoundError as error:
        raise BadInput("the truth folder has no such file", file=file.name) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadInput("not UTF-8", file=file.name, line=line) from error


def _nodes(reader: Reader, keys: list[tuple[str, str]]) -> Nodes:
    """Nids of (kind, key); keys the graph does not know count as nodes nobody can find."""
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    for kind, key in keys:
        by_kind[kind].append(key)
    nids = [nid for kind in by_kind for nid in reader.lookup(kind, by_kind[kind]).tolist()]
    # Unknown keys get numbers below any nid, one each.
    return frozenset(nid if nid >= 0 else -2 - place for place, nid in enumerate(nids))
