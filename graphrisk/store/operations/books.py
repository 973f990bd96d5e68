"""Books of double entry as rows: the rule of ``core.ledger`` kept within the transaction.

``post`` books in the caller's transaction, so that what earned an award and the award become true
together. Entries and postings are only ever added: the tables refuse changes by themselves.
Bookings in one book queue for each other, on PostgreSQL on an advisory lock held until the
transaction ends, on SQLite on the single writer; so numbers follow the order in which balances
came about. Book last in a transaction: who holds the book should wait for nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import func, or_, select, text, update
from sqlalchemy.orm import Session

from graphrisk.core.errors import Conflict, GraphRiskError, NotFound
from graphrisk.core.ledger import (
    Award,
    Entry,
    Ledger,
    Posting,
    check,
    check_balance,
    imbalances,
    kind_of,
    mirrored,
    same_or_refused,
)
from graphrisk.store.operations.book_tables import AccountRow, EntryRow, PostingRow
from graphrisk.store.operations.inserts import insert_into


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it changed one account, with its number in the book's order."""

    number: int
    entry: Entry
    amount: int


@dataclass(frozen=True, slots=True)
class BookProof:
    """What a replay of a whole book found; ``differences`` is empty when all is proven."""

    entries: int
    total: int  # of all postings: 0
    differences: tuple[str, ...]  # entries that break the rule, accounts that have another balance

    @property
    def holds(self) -> bool:
        """Whether the postings add up to 0 and every balance is the one of a replay."""
        return self.total == 0 and not self.differences


def post(session: Session, book: str, entry: Entry) -> bool:
    """Book an entry; ``False`` when it stood already. Raises what ``Ledger.post`` raises.

    After an error the caller's transaction must not be committed. Cost: four statements, two more
    a posting.
    """
    check(entry)
    if session.get_bind().dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtext('graphrisk.book'), hashtext(:book))")
        session.execute(lock, {"book": book})
    number = _added(session, book, entry)
    if number is None:
        return _known(session, book, entry)
    if entry.reverses is not None:
        _check_reversal(session, book, entry)
    for one in sorted(entry.postings):
        _move(session, book, one)
        session.add(PostingRow(entry=number, account=one.account, amount=one.amount))
    session.flush()
    return True


def balance(session: Session, book: str, account: str) -> int:
    """What an account has; 0 when nothing was ever booked on it."""
    row = session.get(AccountRow, (book, account))
    return 0 if row is None else row.balance


def statement(
    session: Session, book: str, account: str, before: int | None = None, limit: int = 100
) -> list[Line]:
    """Entries that touched an account, the latest first, those numbered below ``before``."""
    ours = (
        select(EntryRow.number, PostingRow.amount)
        .join(PostingRow, PostingRow.entry == EntryRow.number)
        .where(EntryRow.book == book, PostingRow.account == account)
    )
    if before is not None:
        ours = ours.where(EntryRow.number < before)
    found = session.execute(ours.order_by(EntryRow.number.desc()).limit(limit)).all()
    entries = dict(_entries(session, [n for n, _ in found]))
    return [Line(number, entries[number], amount) for number, amount in found]


def entry_of(session: Session, book: str, entry_id: str) -> Entry:
    """An entry by its id; ``NotFound`` when the book has none such."""
    ours = select(EntryRow.number).where(EntryRow.book == book, EntryRow.entry_id == entry_id)
    number = session.execute(ours).scalar_one_or_none()
    if number is None:
        raise NotFound("no such entry in the book")
    return next(_entries(session, [number]))[1]


def prove(session: Session, book: str) -> BookProof:
    """Replay a book from its first entry and compare; linear in its entries, in time and memory."""
    numbers = select(EntryRow.number).where(EntryRow.book == book).order_by(EntryRow.number)
    every = list(session.execute(numbers).scalars())
    ledger, broken = Ledger(), []
    for _, entry in _entries(session, every):
        try:
            ledger.post(entry)
        except GraphRiskError:
            broken.append(entry.entry_id)
    accounts = session.execute(
        select(AccountRow.account, AccountRow.balance).where(AccountRow.book == book)
    )
    kept = {row.account: row.balance for row in accounts}
    total = session.execute(
        select(func.coalesce(func.sum(PostingRow.amount), 0))
        .join(EntryRow, EntryRow.number == PostingRow.entry)
        .where(EntryRow.book == book)
    ).scalar_one()
    return BookProof(len(every), int(total), (*broken, *imbalances(kept, ledger.balances)))


def _added(session: Session, book: str, entry: Entry) -> int | None:
    award = entry.award
    row = insert_into(session, EntryRow).values(
        book=book,
        entry_id=entry.entry_id,
        author=entry.author,
        reason=entry.reason,
        at=entry.at,
        award_rule=None if award is None else award.rule,
        award_task=None if award is None else award.task,
        award_person=None if award is None else award.person,
        reverses=entry.reverses,
    )
    fresh = row.on_conflict_do_nothing().returning(EntryRow.number)
    return session.execute(fresh).scalar_one_or_none()


def _known(session: Session, book: str, entry: Entry) -> bool:
    """Why the entry was not added: it stands already, or what it says was said before."""
    held = select(EntryRow.number, EntryRow.book).where(EntryRow.entry_id == entry.entry_id)
    row = session.execute(held).one_or_none()
    if row is None:
        what = "that award was given before" if entry.award else "that entry was reversed before"
        raise Conflict(what)
    if row.book != book:
        raise Conflict("an entry of this id stands in another book")
    return same_or_refused(next(_entries(session, [row.number]))[1], entry)


def _check_reversal(session: Session, book: str, entry: Entry) -> None:
    assert entry.reverses is not None
    held = entry_of(session, book, entry.reverses)
    if held.entry_id == entry.entry_id or mirrored(held.postings) != tuple(sorted(entry.postings)):
        raise Conflict("a reversal takes back exactly what the entry gave")


def _move(session: Session, book: str, one: Posting) -> None:
    kind = kind_of(one.account)
    fresh = insert_into(session, AccountRow).values(
        book=book, account=one.account, may_be_negative=kind.may_be_negative, balance=0
    )
    session.execute(fresh.on_conflict_do_nothing())
    ours = (AccountRow.book == book, AccountRow.account == one.account)
    allowed = or_(AccountRow.may_be_negative, AccountRow.balance + one.amount >= 0)
    moved = (
        update(AccountRow)
        .where(*ours, allowed)
        .values(balance=AccountRow.balance + one.amount)
        .returning(AccountRow.balance)
    )
    after = session.execute(moved).scalar_one_or_none()
    check_balance(one.account, -1 if after is None else after)


def _entries(session: Session, numbers: Sequence[int]) -> Iterator[tuple[int, Entry]]:
    """Entries by number, in order; read in parts."""
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        rows = session.execute(
            select(EntryRow, PostingRow)
            .join(PostingRow, PostingRow.entry == EntryRow.number)
            .where(EntryRow.number.in_(part))
            .order_by(EntryRow.number, PostingRow.account)
        )
        for number, lines in groupby(rows, key=lambda line: line[0].number):
            held = list(lines)
            yield number, _entry(held[0][0], [posting for _, posting in held])


def _entry(row: EntryRow, postings: Sequence[PostingRow]) -> Entry:
    award = None
    if row.award_rule is not None:
        assert row.award_task is not None
        assert row.award_person is not None
        award = Award(row.award_rule, row.award_task, row.award_person)
    return Entry(
        entry_id=row.entry_id,
        postings=tuple(Posting(one.account, one.amount) for one in postings),
        author=row.author,
        reason=row.reason,
        at=row.at,
        award=award,
        reverses=row.reverses,
    )
