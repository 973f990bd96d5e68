"""Memory is bounded by blocks, whatever a file holds."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pytest

from tests.effort import effort
from tests.ingest.factory import TRANSFERS, Document, csv, transfers

_LIMITED = """
import resource, sys
from pathlib import Path
from graphrisk.cli.app import main
store, inbox = sys.argv[1:]
sys.argv = ["graphrisk", "load", inbox, "--store", store, "--json"]
try:
    main()
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)
"""
LINE_MB = effort(200, 1024)


def _run(store: Path, inbox: Path) -> tuple[Document, int]:
    """The report of a load in a process of its own, and the MiB it took at most."""
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, f"sqlite:///{store}", str(inbox)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr
    return orjson.loads(done.stdout)["files"][0], int(done.stderr.split()[-1])


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> int:
    """What a load of 100,000 rows takes."""
    folder = tmp_path_factory.mktemp("usual")
    return _run(folder / "graph.db", _inbox(folder).parent)[1]


def _inbox(folder: Path) -> Path:
    file = folder / "inbox" / "transfers.csv"
    file.parent.mkdir()
    file.write_text(csv(TRANSFERS, transfers(100_000)))
    return file


def _many_transfers(rows: int) -> Iterator[str]:
    """Of half as many accounts, so that what is known of keys grows as far as it may."""
    yield TRANSFERS + "\n"
    for i in range(rows):
        at = f"2026-01-{i % 28 + 1:02d} 12:{i // 28 % 60:02d}:00"
        yield f"S{i},A{i % (rows // 2)},A{i * 7 % (rows // 2)},{at},{i}.5\n"


def _many_accounts(rows: int) -> Iterator[str]:
    """A register, every row of which is remembered, to be compared and to end what is absent."""
    yield "account_no,holder_id,bank,opened_at,balance_yuan,device_id\n"
    for i in range(rows):
        yield f"A{i},P{i // 2},建设银行,2020-01-{i % 28 + 1:02d} 09:00:00,{i}.25,D{i // 3}\n"


@pytest.mark.parametrize("quote", [b"", b'"'])
def test_one_endless_line_takes_no_memory_and_costs_itself_alone(
    tmp_path: Path, usual: int, quote: bytes
) -> None:
    file = _inbox(tmp_path)
    with file.open("ab") as out:
        out.write(quote)
        for _ in range(LINE_MB):
            out.write(b"x" * (1 << 20))
        out.write(b"\n" + csv("", transfers(1, first=200_000)).lstrip().encode())
    report, most = _run(tmp_path / "graph.db", file.parent)
    file.unlink()
    assert (report["rows"], report["loaded"], report["rejected"]) == (100_002, 100_001, 1)
    row = orjson.loads(Path(str(report["reject_file"])).read_bytes())
    assert (row["line"], row["reason"]) == (100_002, "the line is longer than 1 MiB")
    assert most < usual + 48, "blocks of 4 MiB, whatever the line"


@pytest.mark.parametrize("make", [_many_transfers, _many_accounts])
def test_many_rows_take_bounded_memory(
    tmp_path: Path, make: Callable[[int], Iterator[str]]
) -> None:
    rows = effort(50_000, 8_000_000)
    file = tmp_path / "inbox" / f"{make.__name__.removeprefix('_many_')}.csv"
    file.parent.mkdir()
    with file.open("w", encoding="gb18030") as out:
        out.writelines(make(rows))
    report, most = _run(tmp_path / "graph.db", file.parent)
    file.unlink()
    (tmp_path / "graph.db").unlink()
    assert (report["rows"], report["loaded"]) == (rows, rows)
    assert most < 2048, "GiB of rows take no more"
