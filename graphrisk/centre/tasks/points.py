"""What somebody earned: his account in the book of points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graphrisk.access.model import AuditPort, Principal, Purpose
from graphrisk.access.rights import require
from graphrisk.centre.tasks.rules import POINTS_BOOK, account_of, check_name
from graphrisk.store.operations import books
from graphrisk.store.operations.database import Database


@dataclass(frozen=True, slots=True)
class Account:
    """A balance with one keyset page of the entries that led to it, the latest first."""

    person: str
    balance: int
    lines: Sequence[books.Line]
    has_next: bool


class Points:
    """Reads of points; each is recorded."""

    def __init__(self, database: Database, audit: AuditPort) -> None:
        self._database = database
        self._audit = audit

    def of(
        self,
        principal: Principal,
        purpose: Purpose,
        person: str | None,
        before: int | None,
        limit: int,
    ) -> Account:
        """One's own points, or another's for who verifies tasks (``Forbidden`` for all else)."""
        who = principal.name if person is None else person
        check_name(who)
        require(principal, "points.read" if who == principal.name else "task.verify")
        account = account_of(who)
        with self._database.reading() as session:
            held = books.balance(session, POINTS_BOOK, account)
            lines = books.statement(session, POINTS_BOOK, account, before, limit + 1)
        self._audit.record(principal, "points.read", purpose, 1)
        return Account(who, held, lines[:limit], len(lines) > limit)
