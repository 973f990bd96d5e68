"""State machines from tables: which action leads from which state to which, and on what terms.

A table is data (YAML). It is checked when it is read; from then on ``Machine.step`` is a pure
function of state, action and what went before: it answers with the step, which whoever keeps rows
writes down, or with a typed refusal. The module keeps nothing and asks no clock.

    machine: stop
    initial: proposed
    states:
      proposed: {zh: 已提出, en: Proposed}
      approved: {zh: 已批准, en: Approved, final: true}
    actions:
      approve: {zh: 批准, en: Approve}
    transitions:
      - {action: approve, from: [proposed], to: approved, right: measure.approve,
         reason: true, not_by: [propose], starts: [review], stops: [approval]}

Of a transition ``action``, ``from`` and ``right`` (the action of access that it takes) are
required. Without ``to`` the state stays. ``not_by`` names actions (also of another machine) whose
authors may not take this one: two persons, four eyes. ``starts`` and ``stops`` name deadlines.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from graphrisk.core.errors import BadInput, Conflict, Forbidden, GraphRiskError


@dataclass(frozen=True, slots=True)
class State:
    """A state in words; ``is_final``: the work has ended here, though it may be taken up again."""

    name: str
    zh: str
    en: str
    is_final: bool


@dataclass(frozen=True, slots=True)
class Transition:
    """A row of the table."""

    action: str
    before: tuple[str, ...]
    after: str | None  # None: the state stays
    right: str  # the action of access that it takes
    needs_reason: bool
    not_by: tuple[str, ...]  # actions whose authors may not take this one
    starts: tuple[str, ...]  # deadlines that begin to run
    stops: tuple[str, ...]  # deadlines that are met or void


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody did: the record that is kept, never changed."""

    action: str
    before: str
    after: str
    author: str
    reason: str
    at: int  # epoch ms UTC
    starts: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()


class Fault(StrEnum):
    """Why an action is refused."""

    UNKNOWN_ACTION = "unknown_action"
    WRONG_STATE = "wrong_state"
    NO_AUTHOR = "no_author"
    NO_REASON = "no_reason"
    SAME_PERSON = "same_person"


_ERRORS: Mapping[Fault, type[GraphRiskError]] = {
    Fault.UNKNOWN_ACTION: BadInput,
    Fault.WRONG_STATE: Conflict,
    Fault.NO_AUTHOR: BadInput,
    Fault.NO_REASON: BadInput,
    Fault.SAME_PERSON: Forbidden,
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """An action that the table does not allow now; nothing was done."""

    fault: Fault
    detail: str

    def error(self) -> GraphRiskError:
        """The same as an error: of the input, of the state, or of the person."""
        return _ERRORS[self.fault](self.detail)


class Machine:
    """A table that was read and checked; ``read_machine`` makes it."""

    def __init__(
        self,
        name: str,
        initial: str,
        states: Mapping[str, State],
        words: Mapping[str, Mapping[str, str]],
        transitions: Sequence[Transition],
    ) -> None:
        self.name = name
        self.initial = initial
        self.states = MappingProxyType(dict(states))
        self.words = MappingProxyType(dict(words))
        self.transitions = tuple(transitions)
        self._rows = {(row.action, before): row for row in transitions for before in row.before}

    def allowed(self, state: str) -> tuple[str, ...]:
        """Actions that the table has in ``state``, in the table's order."""
        return tuple(row.action for row in self.transitions if state in row.before)

    def row(self, state: str, action: str) -> Transition | Refusal:
        """The row of an action in a state: which right it takes, what it starts and stops."""
        found = self._rows.get((action, state))
        if found is not None:
            return found
        if action not in self.words:
            return Refusal(Fault.UNKNOWN_ACTION, f"a {self.name} knows no {action[:40]!r}")
        return Refusal(Fault.WRONG_STATE, f"{action} is not possible while the state is {state}")

    def right(self, state: str, action: str) -> str:
        """The action of access that ``action`` takes; raises what ``row`` refuses."""
        found = self.row(state, action)
        if isinstance(found, Refusal):
            raise found.error()
        return found.right

    def step(
        self,
        state: str,
        action: str,
        author: str,
        at: int,
        reason: str = "",
        earlier: Iterable[tuple[str, str]] = (),
    ) -> Step | Refusal:
        """What follows when ``author`` takes ``action`` in ``state`` at ``at`` (epoch ms UTC).

        Whether he has the right is asked of access, by ``right``; all else is decided here.

        Args:
            state: Where the thing stands.
            action: What is to be done.
            author: Who does it.
            at: When, by the caller's clock.
            reason: Why; required where the table says so.
            earlier: ``(action, author)`` of the steps before, for four eyes. Cost: linear in it.
        """
        row = self.row(state, action)
        if isinstance(row, Refusal):
            return row
        if not author.strip():
            return Refusal(Fault.NO_AUTHOR, f"{action} names who does it")
        if row.needs_reason and not reason.strip():
            return Refusal(Fault.NO_REASON, f"{action} takes a reason")
        if row.not_by and any(did in row.not_by and who == author for did, who in earlier):
            told = " or ".join(row.not_by)
            return Refusal(Fault.SAME_PERSON, f"{action} takes another person than {told} did")
        after = state if row.after is None else row.after
        return Step(action, state, after, author, reason.strip(), at, row.starts, row.stops)

    def taken(
        self,
        state: str,
        action: str,
        author: str,
        at: int,
        reason: str = "",
        earlier: Iterable[tuple[str, str]] = (),
    ) -> Step:
        """As ``step``, raising what it refuses: ``BadInput``, ``Conflict`` or ``Forbidden``."""
        done = self.step(state, action, author, at, reason, earlier)
        if isinstance(done, Refusal):
            raise done.error()
        return done

    def rights(self) -> Collection[str]:
        """All actions of access that the table names."""
        return sorted({row.right for row in self.transitions})
