"""Which volunteer took which task when, and how soon others usually follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from graphrisk_algorithms.algorithm import BoolArray
from graphrisk_algorithms.evidence.columns import NOBODY, node_numbers, state_of
from graphrisk_algorithms.graph import Float64Array, Int64Array, RiskGraph
from graphrisk_algorithms.kernels.csr import build_csr
from graphrisk_algorithms.kernels.joins import entries_of
from graphrisk_algorithms.kernels.pairs import edges_of

_ENDS: tuple[tuple[int, Literal["left", "right"]], ...] = ((-1, "left"), (1, "right"))


@dataclass(frozen=True, slots=True)
class TaskGrabs:
    """Grabs by task, then time; of several by one volunteer of one task the first."""

    n: int
    eid: Int64Array
    volunteer: Int64Array
    task: Int64Array
    at: Int64Array
    until: Int64Array  # when the proof was handed in
    cell: Int64Array  # where the task is to be done, else ``NOBODY``
    delay: Int64Array  # ms since the task was published

    def __len__(self) -> int:
        return len(self.eid)

    def followed(self, window: int) -> Float64Array:
        """Chance, for each grab, that somebody who takes the task later does so within ``window``.

        Told from how long after publication tasks are taken in the whole city, as if takers did
        not know of each other: of all delays longer than this grab's, those by ``window`` at most.
        """
        delays = np.sort(self.delay)
        later = len(delays) - np.searchsorted(delays, self.delay, "right")
        beyond = len(delays) - np.searchsorted(delays, self.delay + window, "right")
        # Laplace: that nobody was ever slower says little.
        chance: Float64Array = (later - beyond + 1) / (later + 2)
        return chance

    def pairs_together(self, window: int, crowd: int) -> Int64Array:
        """Pairs of positions of grabs of one task within ``window`` ms.

        A grab with more than ``crowd`` others so near stands in a race and is in no pair, so there
        are at most ``crowd`` pairs a grab.
        """
        # Tasks lie further apart than any window, so one search finds who is near in the same one.
        span = int(self.at.max() - self.at.min()) + window + 1
        moment = np.unique(self.task, return_inverse=True)[1] * span + self.at - self.at.min()
        begin, end = (np.searchsorted(moment, moment + sign * window, side) for sign, side in _ENDS)
        calm = np.flatnonzero(end - begin <= crowd + 1)
        followers = end[calm] - calm - 1
        first = np.repeat(calm, followers)
        start = np.repeat(np.cumsum(followers) - followers, followers)
        second = first + 1 + np.arange(len(first)) - start
        pairs = np.column_stack([first, second])
        return pairs[np.isin(second, calm)]

    def tasks_in_common(
        self, pair: Int64Array, followed: Float64Array
    ) -> tuple[Int64Array, Float64Array]:
        """How many tasks both volunteers of each ``pair`` took, and the mean of ``followed`` there.

        Linear in the grabs of the first ones. Both of a pair must have some task in common.
        """
        by_volunteer = build_csr(self.n, self.volunteer, np.zeros(len(self), np.int64))
        index, _, mine = entries_of(by_volunteer, pair[:, 0])
        key = self.volunteer * self.n + self.task
        order = np.argsort(key, kind="stable")
        wanted = pair[index, 1] * self.n + self.task[mine]
        place = np.minimum(np.searchsorted(key[order], wanted), len(order) - 1)
        theirs = order[place]
        both = key[theirs] == wanted
        earlier = np.minimum(mine[both], theirs[both])
        count = np.bincount(index[both], minlength=len(pair))
        return count, np.bincount(index[both], followed[earlier], len(pair)) / count

    def in_two_places(self) -> BoolArray:
        """Grabs made while the volunteer's task before was still being done in another cell."""
        order = np.lexsort((self.at, self.volunteer))
        before, after = order[:-1], order[1:]
        meets = (self.volunteer[before] == self.volunteer[after]) & (
            self.at[after] < self.until[before]
        )
        known = (self.cell[before] != NOBODY) & (self.cell[after] != NOBODY)
        torn = np.zeros(len(self), np.bool_)
        torn[after] = meets & known & (self.cell[before] != self.cell[after])
        return torn


def task_grabs(graph: RiskGraph) -> TaskGrabs:
    """The GRABBED edges with task and place; ``m log m``."""
    edges = edges_of(graph, "GRABBED")
    at, finished = (
        np.asarray(edges.columns.get(name, edges.eid), np.int64) for name in ("at", "finished_at")
    )
    order = np.lexsort((edges.eid, at, edges.dst))
    first = np.unique((edges.dst * graph.n + edges.src)[order], return_index=True)[1]
    kept = order[np.sort(first)]
    task, at = edges.dst[kept], at[kept]
    opened = np.full(graph.n, np.iinfo(np.int64).max)
    np.minimum.at(opened, task, at)
    published = node_numbers(graph, "Task", "published_at", NOBODY)
    opened = np.where(published == NOBODY, opened, np.minimum(published, opened))
    return TaskGrabs(
        n=graph.n,
        eid=edges.eid[kept],
        volunteer=edges.src[kept],
        task=task,
        at=at,
        until=np.maximum(finished[kept], at),
        cell=state_of(graph, "LOCATED_IN")[task],
        delay=at - opened[task],
    )
