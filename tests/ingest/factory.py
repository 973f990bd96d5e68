"""A desk where deliveries come in: a store, the folder beside it, a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.core.citizen_number import check_sign
from graphrisk.core.clock import ManualClock
from graphrisk.ingest.load import load
from graphrisk.ingest.report import FileReport, LoadReport
from graphrisk.ingest.service import Sources
from graphrisk.store.contract import NOW, AsOf, Reader, Store

#: 1 January 2026, Shanghai.
START = 1_767_196_800_000
DAY = 86_400_000
Document = dict[str, Any]


@dataclass
class Desk:
    """Loads deliveries and shows what came of them."""

    store: Store
    folder: Path
    inbox: Path
    clock: ManualClock = field(default_factory=lambda: ManualClock(START))
    sources: Sources | None = None

    def deliver(self, name: str, data: str | bytes, encoding: str = "utf-8") -> Path:
        """Put a file into the inbox."""
        self.inbox.mkdir(exist_ok=True)
        file = self.inbox / name
        file.write_bytes(data if isinstance(data, bytes) else data.encode(encoding))
        return file

    def load(self, mapping: Path | None = None) -> LoadReport:
        """Load the inbox; the sums of every file must match. A day passes before."""
        self.clock.advance(DAY)
        report = load(
            self.store,
            self.folder,
            self.inbox,
            clock=self.clock,
            mapping=mapping,
            sources=self.sources,
            progress=lambda *_: None,
        )
        for file in report.files:
            assert file.rows == file.loaded + file.unchanged + file.rejected, file
        return report

    def load_one(self, name: str, data: str | bytes, encoding: str = "utf-8") -> FileReport:
        """Deliver one file alone and load it."""
        for file in self.inbox.glob("*"):
            file.unlink()
        self.deliver(name, data, encoding)
        return self.load().files[0]

    def mapping(self, text: str) -> Path:
        """A mapping of one's own."""
        file = self.folder.parent / "mapping.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    @property
    def reader(self) -> Reader:
        """Reads of everything."""
        return self.store.reader(EVERYTHING, Purpose("test"))

    def node(self, kind: str, key: str, as_of: AsOf = NOW) -> Document | None:
        """A node's properties, if it is known."""
        nids = self.reader.lookup(kind, [key])
        found = self.reader.get_nodes(nids, as_of)
        return dict(found[kind].to_pylist()[0]) if kind in found else None

    def edges(self, kind: str) -> list[Document]:
        """All rows of an edge kind, history included."""
        batches = self.reader.export_edges(kind, 0, self.reader.version())
        return [row for batch in batches for row in batch.to_pylist()]


def rejects(report: FileReport) -> list[Document]:
    """Rows of the reject file, as written."""
    if report.reject_file is None:
        return []
    lines = Path(report.reject_file).read_bytes().splitlines()
    return [orjson.loads(line) for line in lines]


def csv(header: str, rows: Iterable[Sequence[object]]) -> str:
    """A CSV text without quotes."""
    return "\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n"


def transfers(count: int, first: int = 0) -> list[tuple[object, ...]]:
    """Rows of transfers.csv, no two alike."""
    return [
        (f"S{i:06d}", f"A{i % 7}", f"A{i % 11 + 7}", _second(i), f"{i}.5")
        for i in range(first, first + count)
    ]


def _second(number: int) -> str:
    day, hour = number // 86_400 + 2, number // 3600 % 24
    return f"2026-01-{day:02d} {hour:02d}:{number // 60 % 60:02d}:{number % 60:02d}"


TRANSFERS = "serial,from_account,to_account,time,amount_yuan"
PERSONS = "person_id,name,birth_year,id_number,grid_code"


def persons(count: int) -> list[tuple[object, ...]]:
    """Rows of persons.csv."""
    return [
        (f"P{i:05d}", f"名{i}", 1950 + i % 50, identity_number(i), f"G{i % 9}")
        for i in range(count)
    ]


def identity_number(number: int) -> str:
    """A sound identity number, another for each number below 9,000."""
    body = f"35020619{number % 90 + 10}0101{number % 1000:03d}"
    return body + check_sign(body)


def calls_parquet(file: Path, rows: Sequence[tuple[str, str, str, int, int]]) -> None:
    """A calls.parquet of (id, caller, callee, start in ms, seconds)."""
    columns = [[row[place] for row in rows] for place in range(5)]
    pq.write_table(
        pa.table(
            {
                "call_id": pa.array(columns[0], pa.string()),
                "caller": pa.array(columns[1], pa.string()),
                "callee": pa.array(columns[2], pa.string()),
                "start": pa.array(columns[3], pa.timestamp("ms", "UTC")),
                "seconds": pa.array(columns[4], pa.int64()),
            }
        ),
        file,
    )
