"""Windowed counters equal a brute-force count; their memory is bounded."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrisk.analysis.rules.model import Counter
from graphrisk.analysis.rules.windows import MOST_BYTES_A_KEY, Counted, Window, bytes_a_key
from graphrisk.core.errors import LimitExceeded
from tests.effort import effort

WITHIN, PANES = 120_000, 12


def counter(what: str, most: int = 0) -> Counter:
    of = {"count": None, "sum": "seconds", "distinct": "callee"}[what]
    assert what in ("count", "sum", "distinct")
    return Counter("call", "caller", what, of, WITHIN, PANES, most, None)  # type: ignore[arg-type]


def brute(what: str, most: int, rows: list[tuple[int, int, int]]) -> list[float]:
    """The window of each event's own key after it: (key, value, at) in order of arrival."""
    width, told = WITHIN // PANES, []
    for last in range(len(rows)):
        clock, counted = -(2**62), []
        for key, value, at in rows[: last + 1]:
            clock = max(clock, at // width)
            if at // width > clock - PANES:
                counted.append((key, value, at))
        values = [
            v for key, v, at in counted if key == rows[last][0] and at // width > clock - PANES
        ]
        distinct = min(most, len(set(values)))
        told.append({"count": len(values), "sum": sum(values), "distinct": distinct}[what])
    return [float(one) for one in told]


def run(window: Window, rows: list[tuple[int, int, int]], clock: int = -(2**62)) -> list[float]:
    key, value, at = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    clocks = np.maximum(np.maximum.accumulate(at), clock)
    add = np.ones_like(value) if window.counter.what == "count" else value
    batch = Counted(key, add, np.ones(len(key), np.bool_), clocks, at)
    return list(window.run(batch, key[None, :])[0])


@st.composite
def streams(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    now, rows = draw(st.integers(-(10**9), 10**12)), []
    for _ in range(draw(st.integers(1, 60))):
        now += draw(st.sampled_from([0, 1, 5_000, 9_999, 10_000, 40_000, 119_999, 500_000]))
        late = draw(st.sampled_from([0, 0, 0, 1, 15_000, 110_000, 130_000]))
        rows.append((draw(st.integers(-2, 2)), draw(st.integers(0, 9)), now - late))
    return rows


@settings(max_examples=effort(80, 3_000), deadline=None)
@given(
    st.sampled_from(["count", "sum", "distinct"]), st.sampled_from([2, 3, 50]), streams(), st.data()
)
def test_windows_equal_a_brute_force_count_in_any_batches(
    what: str, most: int, rows: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    window = Window(counter(what, most if what == "distinct" else 0))
    cut = data.draw(st.integers(0, len(rows)))
    told, clock = [], -(2**62)
    for part in (rows[:cut], rows[cut:]):
        if part:
            told += run(window, part, clock)
            clock = max(clock, *(at for _, _, at in part))
    assert told == brute(what, most, rows)


def test_keys_that_the_window_left_behind_give_up_their_rows() -> None:
    window = Window(counter("distinct", 50))
    for turn in range(20):
        run(window, [(turn * 1_000 + n, n, turn * WITHIN * 2) for n in range(1_000)])
    assert window.keys <= 2_000
    assert run(window, [(19_000, 7, 19 * WITHIN * 2)]) == [2.0]
    assert run(window, [(18_000, 7, 19 * WITHIN * 2)]) == [1.0]


@pytest.mark.parametrize(("what", "most"), [("count", 0), ("distinct", 160)])
def test_memory_a_key_is_what_is_promised(what: str, most: int) -> None:
    window, keys = Window(counter(what, most)), 50_000
    run(window, [(key, 1, 1_000) for key in range(keys)])
    assert window.keys == keys
    promised = bytes_a_key(window.counter)
    assert promised <= MOST_BYTES_A_KEY
    assert window.nbytes <= 1.3 * promised * keys


def test_more_keys_than_allowed_are_refused() -> None:
    window = Window(counter("count"), most_keys=5_000)
    with pytest.raises(LimitExceeded, match="5,000 keys"):
        run(window, [(key, 1, 1_000) for key in range(6_000)])


def test_a_full_row_lets_go_of_the_value_not_seen_for_longest() -> None:
    window = Window(counter("distinct", 2))
    assert run(window, [(1, 1, 0), (1, 2, 50_000), (1, 3, 100_000)]) == [1.0, 2.0, 2.0]
    # The first value has left the window; the second and third are still there.
    assert run(window, [(1, 3, 130_000)]) == [2.0]
    assert run(window, [(1, 3, 180_000)]) == [1.0]
