"""Following money: the compiled loop against a slow reference that a reader can check."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrisk_algorithms.evidence.transfers import Transfers, links_of, money_links, transfers_of
from graphrisk_algorithms.graph import EdgeColumns, RiskGraph

Row = tuple[int, int, int, int]  # payer, payee, time, amount
_ROWS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 30), st.integers(-1, 9)),
    max_size=40,
)


def ledger(rows: list[Row], n: int = 5) -> Transfers:
    src, dst, at, amount = np.array(rows, np.int64).reshape(-1, 4).T
    columns = {"at": at, "amount": amount}
    edges = EdgeColumns(np.arange(len(rows)), src, dst, columns)
    return transfers_of(RiskGraph(n=n, nodes={}, edges={"TRANSFERRED": edges}))


def _slow_links(transfers: Transfers, window: int) -> list[tuple[int, int, int]]:
    """Last in, first out, one list an account."""
    stacks: dict[int, list[list[int]]] = {}
    links = []
    for moment in sorted(set(transfers.at.tolist())):
        now = np.flatnonzero(transfers.at == moment).tolist()
        for out in now:
            stack = stacks.setdefault(int(transfers.src[out]), [])
            need = int(transfers.amount[out])
            while need and stack and moment - int(transfers.at[stack[-1][0]]) <= window:
                part = min(need, stack[-1][1])
                links.append((stack[-1][0], out, part))
                need -= part
                stack[-1][1] -= part
                if not stack[-1][1]:
                    stack.pop()
        for into in now:
            stacks.setdefault(int(transfers.dst[into]), []).append(
                [into, int(transfers.amount[into])]
            )
    return links


@settings(deadline=None)
@given(_ROWS, st.integers(1, 20))
def test_money_is_followed_as_the_slow_reference_does(rows: list[Row], window: int) -> None:
    transfers = ledger(rows)
    links = money_links(transfers, window)
    found = zip(links.earlier.tolist(), links.later.tolist(), links.taken.tolist(), strict=True)
    assert list(found) == _slow_links(transfers, window)


@settings(deadline=None)
@given(_ROWS, st.integers(1, 20))
def test_no_more_money_leaves_than_came_and_none_before_it_came(
    rows: list[Row], window: int
) -> None:
    transfers = ledger(rows)
    links = money_links(transfers, window)
    assert (links.drained <= 1).all()
    assert (links.carried <= 1).all()
    waited = transfers.at[links.later] - transfers.at[links.earlier]
    assert ((waited > 0) & (waited <= window)).all()
    np.testing.assert_array_equal(transfers.dst[links.earlier], transfers.src[links.later])


@settings(deadline=None)
@given(_ROWS)
def test_transfers_are_in_time_order_without_empty_ones_and_those_to_oneself(
    rows: list[Row],
) -> None:
    transfers = ledger(rows)
    assert (np.diff(transfers.at) >= 0).all()
    kept = sorted(number for number, row in enumerate(rows) if row[0] != row[1] and row[3] > 0)
    assert sorted(transfers.eid.tolist()) == kept
    for account in range(5):
        mine = transfers.paid_by(np.array([account]))
        assert (transfers.src[mine] == account).all()
        assert (np.diff(mine) > 0).all()


def test_a_mule_drains_what_it_got_and_a_saver_does_not() -> None:
    transfers = ledger([(0, 1, 0, 100), (1, 2, 1, 49), (1, 3, 2, 49), (4, 3, 5, 100)])
    links = money_links(transfers, 10)
    assert links.drained.tolist() == [0.98, 0.0, 0.0, 0.0]
    assert links.carried.tolist() == [0.0, 1.0, 1.0, 0.0]


def test_what_several_algorithms_need_is_derived_once_a_graph_and_anew_for_another() -> None:
    graph = RiskGraph(n=3, nodes={}, edges={})
    made: list[int] = []

    def derive() -> list[int]:
        made.append(len(made))
        return made[-1:]

    assert graph.once("one", derive) is graph.once("one", derive)
    assert graph.once(("one", 2), derive) == [1], "other parameters are another thing"
    assert replace(graph).once("one", derive) == [2], "another graph has other columns"
    assert transfers_of(graph) is transfers_of(graph)
    assert links_of(graph, 5) is links_of(graph, 5)
    assert links_of(graph, 5) is not links_of(graph, 6)
