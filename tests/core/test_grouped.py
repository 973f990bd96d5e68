"""Callers at once share work; each hears what is his, and nobody is left waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from graphrisk.core.errors import Conflict, StoreUnavailable
from graphrisk.core.grouped import Grouped


class Doubling:
    """Doubles numbers; the first group waits until it may go on. Refuses 13, breaks at 666."""

    def __init__(self, most: int = 100) -> None:
        self.groups: list[list[int]] = []
        self.go_on = threading.Event()
        self.grouped = Grouped(self.work, most)

    def work(self, numbers: Sequence[int]) -> list[int | Conflict]:
        self.groups.append(list(numbers))
        self.go_on.wait()
        if 666 in numbers:
            raise ZeroDivisionError
        return [Conflict("unlucky") if number == 13 else 2 * number for number in numbers]

    def asked(
        self, pool: ThreadPoolExecutor, first: int, others: Sequence[int]
    ) -> list[Future[int]]:
        """The first one is worked on; the others wait, in their order, when that may go on."""
        asked = [pool.submit(self.grouped.ask, first)]
        self._until(lambda: len(self.groups) == 1)
        for place, number in enumerate(others, 1):
            asked.append(pool.submit(self.grouped.ask, number))
            self._until(lambda place=place: len(self.grouped._queue) == place)
        self.go_on.set()
        return asked

    @staticmethod
    def _until(is_so: object) -> None:
        assert callable(is_so)
        while not is_so():
            time.sleep(0.001)


def test_who_waits_is_served_together_in_the_order_of_arrival() -> None:
    doubling = Doubling()
    with ThreadPoolExecutor(5) as pool:
        asked = doubling.asked(pool, 1, [2, 3, 13, 4])
    assert doubling.groups == [[1], [2, 3, 13, 4]]
    assert [one.result() for one in asked if one.exception() is None] == [2, 4, 6, 8]
    with pytest.raises(Conflict, match="unlucky"):
        asked[3].result()


def test_a_group_has_no_more_than_its_most() -> None:
    doubling = Doubling(most=2)
    with ThreadPoolExecutor(6) as pool:
        asked = doubling.asked(pool, 1, [2, 3, 4, 5, 6])
    assert doubling.groups == [[1], [2, 3], [4, 5], [6]]
    assert [one.result() for one in asked] == [2, 4, 6, 8, 10, 12]


def test_a_group_that_fails_fails_for_all_of_it_and_for_nobody_else() -> None:
    doubling = Doubling(most=2)
    with ThreadPoolExecutor(5) as pool:
        asked = doubling.asked(pool, 1, [666, 2, 3, 4])
    assert isinstance(asked[1].exception(), ZeroDivisionError), "who worked hears what happened"
    assert isinstance(asked[2].exception(), StoreUnavailable)
    assert [asked[place].result() for place in (0, 3, 4)] == [2, 6, 8]
    assert doubling.grouped.ask(7) == 14
