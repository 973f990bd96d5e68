"""Double entry: what is taken from one account is given to others, and nothing is ever edited.

A ``Ledger`` is the state after a list of entries and the rule for the next one; it knows no store
and no clock. Amounts are whole numbers (points, fen). An entry's postings add up to zero; a
mistake is answered by a reversal, the entry's mirror image. The rows of a deployment obey the same
rule within their transaction (``graphrisk.store.operations.books``), and their proof is a replay
through this class.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from graphrisk.core.errors import BadInput, Conflict, NotFound

#: Sums of int64 amounts stay int64: no amount and no balance is larger.
LARGEST: Final = 2**53
#: An entry that touches more accounts is several entries.
MOST_POSTINGS: Final = 100
LONGEST_TEXT: Final = 200


class AccountKind(StrEnum):
    """Whose account it is: the first word of its name, ``person:…``."""

    PERSON = "person"
    SHOP = "shop"
    POOL = "pool"
    EXPIRY = "expiry"

    @property
    def may_be_negative(self) -> bool:
        """Whether it may owe: the pool that issues does, nobody else."""
        return self is AccountKind.POOL


@dataclass(frozen=True, slots=True, order=True)
class Posting:
    """A change of one account: above zero is given to it, below taken from it."""

    account: str  # KIND:NAME
    amount: int


@dataclass(frozen=True, slots=True)
class Award:
    """What an award is for. A person has one for a task under one version of the rule."""

    rule: str  # with its version, e.g. visit-1
    task: str
    person: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the book."""

    entry_id: str  # made by who books, so that a repeated booking is known
    postings: tuple[Posting, ...]
    author: str
    reason: str
    at: int  # epoch ms UTC
    award: Award | None = None
    reverses: str | None = None  # id of the entry that this one takes back


@dataclass(slots=True)
class Ledger:
    """All entries of a book and what follows from them."""

    entries: dict[str, Entry] = field(default_factory=dict)
    balances: dict[str, int] = field(default_factory=dict)
    awarded: dict[Award, str] = field(default_factory=dict)
    reversed_by: dict[str, str] = field(default_factory=dict)

    def post(self, entry: Entry) -> bool:
        """Book an entry; ``False`` when it stood already, word for word but for its time.

        Cost: linear in its postings.

        Raises:
            BadInput: The entry is none (``check``).
            NotFound: It reverses an entry that is not in the book.
            Conflict: Its id stands for another entry, the award was given before, the entry it
                reverses was reversed before or is not its mirror image, or an account that may not
                owe would.
        """
        check(entry)
        held = self.entries.get(entry.entry_id)
        if held is not None:
            return same_or_refused(held, entry)
        self._check_award(entry.award)
        if entry.reverses is not None:
            self._check_reversal(entry)
        after = {
            one.account: self.balances.get(one.account, 0) + one.amount for one in entry.postings
        }
        for account, balance in after.items():
            check_balance(account, balance)
        self.balances.update(after)
        self.entries[entry.entry_id] = entry
        if entry.award is not None:
            self.awarded[entry.award] = entry.entry_id
        if entry.reverses is not None:
            self.reversed_by[entry.reverses] = entry.entry_id
        return True

    def _check_award(self, award: Award | None) -> None:
        if award in self.awarded:
            raise Conflict("that award was given before")

    def _check_reversal(self, entry: Entry) -> None:
        assert entry.reverses is not None
        held = self.entries.get(entry.reverses)
        if held is None:
            raise NotFound("the entry to be reversed is not in the book")
        if entry.reverses in self.reversed_by:
            raise Conflict("that entry was reversed before")
        if mirrored(held.postings) != tuple(sorted(entry.postings)):
            raise Conflict("a reversal takes back exactly what the entry gave")


def replay(entries: Iterable[Entry]) -> Ledger:
    """The state that entries lead to, in their order; raises what ``post`` does."""
    ledger = Ledger()
    for entry in entries:
        ledger.post(entry)
    return ledger


def check(entry: Entry) -> None:
    """``BadInput`` unless the entry by itself is one: balanced, of real accounts, with a reason."""
    for text in (entry.entry_id, entry.author, entry.reason):
        if not text.strip() or len(text) > LONGEST_TEXT:
            raise BadInput(
                f"an entry has an id, an author and a reason of at most {LONGEST_TEXT} signs"
            )
    accounts = [one.account for one in entry.postings]
    if not 2 <= len(accounts) <= MOST_POSTINGS or len(set(accounts)) != len(accounts):
        raise BadInput(f"an entry has 2 to {MOST_POSTINGS} postings, one an account")
    for one in entry.postings:
        kind_of(one.account)
        if not 0 < abs(one.amount) <= LARGEST:
            raise BadInput("an amount is a whole number other than 0, and no giant")
    if sum(one.amount for one in entry.postings) != 0:
        raise BadInput("the postings of an entry add up to 0")
    if entry.award is not None and entry.reverses is not None:
        raise BadInput("a reversal awards nothing")


def check_balance(account: str, balance: int) -> None:
    """``Conflict`` when the account may not have this balance."""
    if balance < 0 and not kind_of(account).may_be_negative:
        raise Conflict("the balance would fall below 0, and this account may not owe")
    if abs(balance) > LARGEST:
        raise Conflict("the balance would be larger than any book keeps")


def kind_of(account: str) -> AccountKind:
    """The kind in an account's name; ``BadInput`` when it has none.

    >>> kind_of("person:wang")
    <AccountKind.PERSON: 'person'>
    """
    kind, separator, name = account.partition(":")
    if not separator or not name.strip() or len(account) > LONGEST_TEXT or kind not in _KINDS:
        raise BadInput(f"an account is named KIND:NAME, KIND one of {', '.join(_KINDS)}")
    return AccountKind(kind)


def mirrored(postings: Iterable[Posting]) -> tuple[Posting, ...]:
    """The postings that undo these, by account."""
    return tuple(sorted(Posting(one.account, -one.amount) for one in postings))


def same_or_refused(held: Entry, again: Entry) -> bool:
    """``False`` when both say the same (their times apart); ``Conflict`` when they do not."""
    if _content(held) != _content(again):
        raise Conflict("an entry of this id says something else")
    return False


def imbalances(balances: Mapping[str, int], other: Mapping[str, int]) -> list[str]:
    """Accounts on whose balance two books differ, by name; an account of 0 may be missing."""
    named = sorted({*balances, *other})
    return [name for name in named if balances.get(name, 0) != other.get(name, 0)]


def _content(entry: Entry) -> tuple[object, ...]:
    postings = tuple(sorted(entry.postings))
    return postings, entry.author, entry.reason, entry.award, entry.reverses


_KINDS: Final = tuple(kind.value for kind in AccountKind)
