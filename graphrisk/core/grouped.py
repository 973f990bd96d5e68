"""Callers at once share one piece of work, such as a write to the disk or a transaction.

Whoever comes first works for all who wait by then; those who come meanwhile are the next group.
Nobody waits for a group to fill: one caller alone is served at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from graphrisk.core.errors import GraphRiskError, StoreUnavailable

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class _Waiting(Generic[Question, Answer]):
    """A caller's question, and what became of it."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.called = threading.Event()  # it was answered, or it is this caller's turn to work
        self.is_first = False
        self.answers: list[Answer | GraphRiskError] = []  # none or one


class Grouped(Generic[Question, Answer]):
    """Answers questions of many threads, as many at once as wait, in the order they came.

    Args:
        work: Answers a group in its order; an error in an answer's place is raised by the caller
            whose question it was. What it raises itself fails the whole group.
        most: Questions of one group.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Question]], Sequence[Answer | GraphRiskError]],
        most: int,
    ) -> None:
        self._work, self._most = work, most
        self._lock = threading.Lock()
        self._queue: list[_Waiting[Question, Answer]] = []
        self._is_busy = False  # somebody works, or was called to

    def ask(self, question: Question) -> Answer:
        """The answer to a question. Raises what ``work`` answers or raises.

        ``StoreUnavailable`` for whoever waited while another caller's group failed.
        """
        waiting = _Waiting[Question, Answer](question)
        with self._lock:
            self._queue.append(waiting)
            if not self._is_busy:
                self._call_next()
        waiting.called.wait()
        if waiting.is_first:
            self._serve()
        if not waiting.answers:
            raise StoreUnavailable("what was asked together with others failed; ask again")
        (answer,) = waiting.answers
        if isinstance(answer, GraphRiskError):
            raise answer
        return answer

    def _serve(self) -> None:
        """Work for a group, of which whoever calls this is the first."""
        with self._lock:
            group, self._queue = self._queue[: self._most], self._queue[self._most :]
        try:
            answers = self._work([one.question for one in group])
            for one, answer in zip(group, answers, strict=True):
                one.answers.append(answer)
        finally:
            with self._lock:
                self._call_next()
            for one in group:
                one.called.set()

    def _call_next(self) -> None:
        """It is the turn of whoever has waited longest. Under the lock."""
        self._is_busy = bool(self._queue)
        if self._queue:
            self._queue[0].is_first = True
            self._queue[0].called.set()
