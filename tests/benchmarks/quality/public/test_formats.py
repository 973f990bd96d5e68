"""Every format: what is planted is found, what is permuted is not, and labels stay apart."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq
import pytest

from benchmarks.quality.public import ponzi
from benchmarks.quality.public.formats import FORMATS, every, run
from benchmarks.quality.public.goals import goals
from graphrisk.core.errors import BadInput
from tests.benchmarks.quality.public.factory import SETS, rewritten, write

Rows = list[dict[str, Any]]
_SEED = 4
#: The measure each format is judged by, what is to be found, and the most that chance gives.
EXPECTED = {
    "transfers": ("AUC", 0.85, 0.65),
    "telecom": ("AUC", 0.80, 0.65),
    "reviews": ("AUC", 0.85, 0.65),
    "ratings": ("AUC", 0.85, 0.70),
    "firms": ("AUC", 0.85, 0.65),
    "payments": ("AUC", 0.80, 0.65),
    "communities": ("NMI", 0.80, 0.35),
}


def _rows(name: str, folder: Path) -> Rows:
    found: Any = run(name, folder)
    return list(found[0]["rows"])


def _means(rows: Rows, measure: str) -> list[float]:
    """Of the rows that have a goal, made sets apart."""
    judged = [row for row in rows if row["goal"] and "made" not in row["what"]]
    return [row["figures"][measure]["mean"] for row in judged if measure in row["figures"]]


def _permuted(table: pa.Table, column: str) -> pa.Table:
    order = np.random.default_rng(7).permutation(table.num_rows)
    place = table.column_names.index(column)
    return table.set_column(place, column, table.column(column).take(order))


@pytest.fixture(autouse=True)
def _few_platforms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ponzi, "EACH", 1)


def test_every_format_has_a_made_set() -> None:
    """``ponzi`` has positives only (test_ponzi.py), ``covert`` needs a city (test_covert.py)."""
    assert set(SETS) == set(FORMATS) - {"covert"} == {*EXPECTED, "ponzi"}


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_planted_is_found(name: str, tmp_path: Path) -> None:
    measure, least, _ = EXPECTED[name]
    found = _means(_rows(name, write(name, tmp_path, _SEED)), measure)
    assert found
    assert min(found) >= least


@pytest.mark.parametrize("name", EXPECTED)
def test_permuted_labels_are_met_by_chance_only(name: str, tmp_path: Path) -> None:
    measure, _, most = EXPECTED[name]
    rewritten(name, write(name, tmp_path, _SEED), _permuted)
    assert max(_means(_rows(name, tmp_path), measure)) <= most


@pytest.mark.parametrize("name", EXPECTED)
def test_ids_prefixes_and_the_order_of_rows_do_not_matter(name: str, tmp_path: Path) -> None:
    """Where nothing is random the figures stay; elsewhere other draws give about the same."""
    rng = np.random.default_rng(3)
    before = _rows(name, write(name, tmp_path / "one", 5))
    other = tmp_path / "other"
    other.mkdir()
    for file in (tmp_path / "one").iterdir():
        table = pc_csv.read_csv(file) if file.suffix == ".csv" else pq.read_table(file)
        table = table.take(rng.permutation(table.num_rows))
        for column in {"id", "src", "dst", "user", "product"} & set(table.column_names):
            numbers = table.column(column).to_numpy().tolist()
            keys = pa.array([f"k{(7 * number) % 10007}" for number in numbers])
            table = table.set_column(table.column_names.index(column), column, keys)
        pq.write_table(table, other / f"prefix_{file.stem}.parquet")
    after = _rows(name, other)
    for one, two in zip(before, after, strict=True):
        near = 0.08 if one["seeds"] else 1e-3
        for measure, figure in one["figures"].items():
            assert two["figures"][measure]["mean"] == pytest.approx(figure["mean"], abs=near)


@pytest.mark.parametrize("name", SETS)
def test_baselines_stand_beside_every_row(name: str, tmp_path: Path) -> None:
    for row in _rows(name, write(name, tmp_path, 1)):
        assert row["baselines"]
        assert row["goal"] in ("", *goals())
        assert len(row["figures"]) > 0
        assert not row["seeds"] or len(row["seeds"]) >= 5


@pytest.mark.parametrize("name", SETS)
def test_a_missing_column_and_a_missing_file_are_named(name: str, tmp_path: Path) -> None:
    file, column = SETS[name][1:]
    rewritten(name, write(name, tmp_path, 1), lambda table, gone: table.drop_columns([gone]))
    with pytest.raises(BadInput) as missing:
        run(name, tmp_path)
    assert Path(str(missing.value.file)).name == file
    assert missing.value.column == column
    (tmp_path / file).unlink()
    with pytest.raises(BadInput, match="no such file") as gone:
        run(name, tmp_path)
    assert Path(str(gone.value.file)).stem == Path(file).stem


def test_all_sets_below_a_folder_are_judged(tmp_path: Path) -> None:
    for name in SETS:
        write(name, tmp_path / name, 1)
    found = [(one["format"], one["set"]) for one in every(tmp_path)]
    assert found == [(name, name) for name in FORMATS if name in SETS]


@pytest.fixture
def command() -> Callable[..., subprocess.CompletedProcess[str]]:
    def call(*words: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "benchmarks.quality", *words]
        return subprocess.run(line, capture_output=True, text=True, check=False)

    return call


def test_the_command_prints_one_object_and_nothing_else(
    tmp_path: Path, command: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    done = command("communities", "--data", str(write("communities", tmp_path, 1)), "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["sets"][0]["rows"][0]["goal"] == "D13"
    assert "communities" in done.stderr


def test_the_command_names_what_is_missing_in_one_line(
    tmp_path: Path, command: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    done = command("communities", "--data", str(tmp_path), "--json")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.count("\n") == 1
    assert "edges" in done.stderr
