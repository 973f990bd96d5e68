"""The graph as files: for their owner alone, masked like every other answer."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from graphrisk.access.masking import mask
from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.store.contract import Store
from graphrisk.store.export import export_parquet
from graphrisk_schema.model import Sensitivity
from tests.algorithms.towns import START, Town
from tests.analysis.stores import fill

NAMES = ["王小明", "李华"]


def _exported(store: Store, out: Path, sees: Callable[[Sensitivity], bool]) -> dict[str, pa.Table]:
    rows = export_parquet(store.reader(EVERYTHING, Purpose("export")), out, sees, lambda *_: None)
    files = {file.stem: file for file in out.rglob("*") if file.is_file()}
    assert {f"{file.parent.name}/{file.name}" for file in files.values()} == {
        name for name, count in rows.items() if count
    }
    assert {stat.S_IMODE(file.stat().st_mode) for file in files.values()} == {0o600}
    return {kind: pq.read_table(file) for kind, file in files.items()}


def test_personal_values_leave_masked_unless_they_may_be_seen(store: Store, tmp_path: Path) -> None:
    town = Town()
    first, second = (town.citizen(name, 1990) for name in NAMES)
    town.pay(first.account, second.account, 100, START)
    fill(store, town.graph())
    clear = _exported(store, tmp_path / "clear", lambda _: True)
    masked = _exported(
        store, tmp_path / "masked", lambda one: one in (Sensitivity.OPEN, Sensitivity.INTERNAL)
    )
    assert clear["Person"]["name"].to_pylist() == NAMES
    assert masked["Person"]["name"].to_pylist() == ["王**", "李*"]
    assert masked["Person"]["birth_year"].to_pylist() == [None, None]
    assert masked["Account"]["nid"] == clear["Account"]["nid"]
    assert masked["Phone"].schema == clear["Phone"].schema
    for kind in ("Account", "Phone"):
        hidden, shown = (map(str, t[kind]["key"].to_pylist()) for t in (masked, clear))
        assert [mask(key) for key in shown] == list(hidden), kind
    assert masked["TRANSFERRED"] == clear["TRANSFERRED"]


def test_an_export_over_an_earlier_one_leaves_no_file_that_others_may_read(
    store: Store, tmp_path: Path
) -> None:
    town = Town()
    town.citizen(NAMES[0], 1990)
    fill(store, town.graph())
    out = tmp_path / "out"
    left = out / "nodes" / "Person.partial"
    left.parent.mkdir(parents=True)
    left.write_text("of an export that was stopped")
    left.chmod(0o644)
    assert _exported(store, out, lambda _: True)["Person"]["name"].to_pylist() == NAMES[:1]
