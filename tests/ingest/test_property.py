"""Whatever a table holds: no row is lost, and loading again changes nothing."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphrisk.store.sqlite.store import SqliteStore
from tests.ingest.factory import TRANSFERS, Desk, rejects

WILD = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
SERIAL = st.one_of(st.integers(0, 9).map(lambda n: f"S{n}"), WILD)
ACCOUNT = st.one_of(st.sampled_from(["A1", "A2", "A3", ""]), WILD)
TIME = st.one_of(
    st.datetimes().map(lambda at: at.strftime("%Y-%m-%d %H:%M:%S")),
    st.sampled_from(["2026-01-02 03:04:05", "", "0000-00-00 00:00:00"]),
    WILD,
)
AMOUNT = st.one_of(
    st.decimals(allow_nan=True, allow_infinity=True, places=2).map(str),
    st.floats().map(str),
    WILD,
)
ROW = st.one_of(
    st.tuples(SERIAL, ACCOUNT, ACCOUNT, TIME, AMOUNT).map(list),
    st.lists(WILD, max_size=7),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(ROW, max_size=25),
    noise=st.lists(st.tuples(st.integers(0, 5000), st.binary(min_size=1, max_size=3)), max_size=3),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_sums_match_and_no_row_is_lost(
    tmp_path: Path, rows: list[list[str]], noise: list[tuple[int, bytes]], end: str
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=end).writerows(rows)
    body = out.getvalue().encode()
    for place, junk in noise:
        body = body[: place % (len(body) + 1)] + junk + body[place % (len(body) + 1) :]
    for folder in tmp_path.iterdir():
        shutil.rmtree(folder)
    desk = _desk(tmp_path / "one")
    file = desk.deliver("transfers.csv", TRANSFERS.encode() + end.encode() + body)
    report = desk.load().files[0]
    assert report.error is None
    assert report.loaded == len(desk.edges("TRANSFERRED"))
    assert len(rejects(report)) == report.rejected
    if not noise:
        assert report.rows == sum(bool("".join(row).strip()) for row in rows if row) + _blank(rows)
    again = desk.load()
    assert (again.files[0].loaded, again.files[0].rejected) == (0, report.rejected)
    assert again.files[0].rows == report.rows
    assert file.exists()
    desk.store.close()


def _blank(rows: list[list[str]]) -> int:
    """Rows that hold nothing but are written with delimiters or quotes: set aside as rows."""
    return sum(not "".join(row).strip() for row in rows if len(row) > 1 or row == [""])


def _desk(folder: Path) -> Desk:
    folder.mkdir()
    store = SqliteStore(folder / "graph.db")
    store.migrate()
    return Desk(store, folder / "files", folder / "inbox")
