"""The figures of identity resolution are what a folder of sets gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from benchmarks.quality.entity import SETTINGS, sets
from benchmarks.quality.measures import pair_figures
from benchmarks.quality.noise import records


def test_pairs_are_counted_once_and_across_the_border_only() -> None:
    found, truth = np.array([0, 0, 1, 1, -1]), np.array([5, 5, 5, 6, 6])
    assert pair_figures(found, truth) == {
        "pairs": 4.0, "precision": 0.5, "recall": 0.25, "f1": 0.3333,
    }  # fmt: skip
    assert pair_figures(found, truth, 2) == {"pairs": 2.0, "precision": 0, "recall": 0, "f1": 0}


def test_two_files_that_differ_in_a_final_letter_are_two_registers(tmp_path: Path) -> None:
    table = records(40, 20, SETTINGS["usual"], 1)
    for name, part in (("x4a", table.slice(0, 40)), ("x4b", table.slice(40)), ("x1", table)):
        pq.write_table(part, tmp_path / f"{name}.parquet")
    found = {name: (part.num_rows, border) for name, part, border in sets(tmp_path)}
    assert found == {"x1": (60, 0), "x4": (60, 40)}


@pytest.mark.parametrize("setting", SETTINGS)
def test_made_up_records_are_another_city_every_seed(setting: str) -> None:
    one, again, other = (records(50, 30, SETTINGS[setting], seed) for seed in (1, 1, 2))
    assert one.equals(again)
    names = [set(table.column("surname").to_pylist()) for table in (one, other)]
    assert len(names[0] & names[1]) < len(names[0]) / 3
