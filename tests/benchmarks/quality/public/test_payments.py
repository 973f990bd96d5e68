"""What a payment tells comes from the payments before it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.quality.public.payments import features, payments
from tests.benchmarks.quality.public.factory import write


def test_later_payments_change_no_feature(tmp_path: Path) -> None:
    every, _, _ = payments(write("payments", tmp_path, 1))
    half = len(every.amount) // 2
    earlier = replace(
        every,
        amount=every.amount[:half],
        sides={name: side[:half] for name, side in every.sides.items()},
    )
    before, after = features(earlier), features(every)
    for name, column in before.items():
        np.testing.assert_allclose(after[name][:half], column, atol=1e-3, err_msg=name)


def test_counts_and_means_are_those_of_the_earlier_rows(tmp_path: Path) -> None:
    every, _, _ = payments(write("payments", tmp_path, 2))
    told, payer = features(every), every.sides["src"]
    for row in (0, 700, 3999):
        own = np.flatnonzero(payer[:row] == payer[row])
        assert told["src before"][row] == len(own)
        recent = np.flatnonzero(payer[max(row - 200, 0) : row] == payer[row])
        assert told["src in 200"][row] == len(recent)
        known = every.sides["dst"][own].tolist()
        assert told["dst of src"][row] == len({*known, int(every.sides["dst"][row])})
        if len(own):
            mean = every.amount[own].mean()
            ratio = np.log((every.amount[row] + 1) / (mean + 1))
            assert told["src against mean"][row] == pytest.approx(ratio)
