"""Money is whole fen, exactly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrisk.core.errors import BadInput
from graphrisk.core.money import fen_from_yuan, yuan


@given(st.integers(-(10**15), 10**15))
def test_what_is_shown_reads_back(fen: int) -> None:
    assert fen_from_yuan(yuan(fen)) == fen


@pytest.mark.parametrize("text", ["", "x", "1.005", "nan", "inf", "1e-9"])
def test_no_amount_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match=r"yuan|fen"):
        fen_from_yuan(text)
