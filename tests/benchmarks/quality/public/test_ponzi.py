"""Schemes alarm before most of the money is in; honest platforms hardly ever do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.quality.public import ponzi
from benchmarks.quality.public.formats import run
from benchmarks.quality.public.platforms import KINDS, made
from benchmarks.quality.public.ponzi import schemes
from graphrisk.core.errors import BadInput
from graphrisk_algorithms.evidence.cash_flow import PonziWatch
from tests.benchmarks.quality.public.factory import write


@pytest.fixture(autouse=True)
def _few_platforms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ponzi, "EACH", 1)
    monkeypatch.setattr(ponzi, "SEEDS", (7, 8))


def _rows(folder: Path) -> dict[str, dict[str, Any]]:
    found: Any = run("ponzi", folder)
    return {row["what"]: row for row in found[0]["rows"]}


def test_planted_schemes_alarm_while_money_still_comes(tmp_path: Path) -> None:
    rows = _rows(write("ponzi", tmp_path, 4))
    for name in ("scheme 0", "scheme 1"):
        figures = rows[name]["figures"]
        assert figures["alarmed"]["mean"] == 1.0
        assert figures["days to alarm"]["mean"] < 30
        assert figures["deposits to come"]["mean"] > 0.2


def test_every_kind_of_honest_platform_is_counted_and_simple_rules_stand_beside(
    tmp_path: Path,
) -> None:
    rows = _rows(write("ponzi", tmp_path, 4))
    assert {f"honest: {kind}" for kind in KINDS} <= set(rows)
    whole = rows["all schemes; honest platforms"]
    assert whole["figures"]["false alarms"]["mean"] <= 0.1
    assert whole["baselines"]["pays out 90 %"]["false alarms"] > 0.4
    assert len(KINDS) * 10 >= 100
    assert {"lender", "crowdfunding", "payroll", "savings club"} <= set(KINDS)


def test_honest_platforms_of_many_worlds_are_left_alone() -> None:
    watch = PonziWatch()
    flows = [made(kind, seed, 0) for kind in KINDS for seed in range(301, 309)]
    told = [watch.alarm(flow) is not None for flow in flows]
    assert np.mean(told) <= 0.05


def test_platforms_differ_by_seed_and_number_but_not_from_call_to_call() -> None:
    one, same, other = made("lender", 1, 0), made("lender", 1, 0), made("lender", 1, 1)
    assert one.received.tolist() == same.received.tolist()
    assert one.received.tolist() != other.received.tolist()


def test_days_count_from_the_first_deposit(tmp_path: Path) -> None:
    file = write("ponzi", tmp_path, 4) / "cashflow.parquet"
    before = schemes(tmp_path)["0"]
    table = pq.read_table(file)
    later = pa.array(table.column("day").to_numpy() + 100)
    pq.write_table(table.set_column(table.column_names.index("day"), "day", later), file)
    after = schemes(tmp_path)["0"]
    assert after.received.tolist() == before.received.tolist()


def test_a_set_without_payouts_or_with_days_before_the_first_is_refused(tmp_path: Path) -> None:
    file = write("ponzi", tmp_path, 4) / "cashflow.parquet"
    table = pq.read_table(file)
    series = np.array(table.column("series").to_pylist())
    pq.write_table(table.filter(pa.array(series != "send")), file)
    with pytest.raises(BadInput, match="receive and send"):
        run("ponzi", tmp_path)
    day = pa.array(table.column("day").to_numpy() - 1)
    pq.write_table(table.set_column(table.column_names.index("day"), "day", day), file)
    with pytest.raises(BadInput, match="days count from 0"):
        run("ponzi", tmp_path)
