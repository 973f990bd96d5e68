"""Saved queries as their owners keep them."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Final

from sqlalchemy.orm import Session

from graphrisk.access.model import AuditPort, Principal, Purpose
from graphrisk.access.rights import require
from graphrisk.analysis.entities import Viewer
from graphrisk.analysis.events import follows
from graphrisk.analysis.saved import records
from graphrisk.analysis.saved.look import Asker
from graphrisk.analysis.saved.model import Known, News, Question, SavedQuery, Seen, Subject
from graphrisk.analysis.saved.rules import (
    checked_name,
    checked_question,
    rights_digest,
    shown_by,
)
from graphrisk.analysis.saved.tables import SavedQueryRow
from graphrisk.core.clock import Clock
from graphrisk.core.errors import LimitExceeded, NotFound
from graphrisk.core.ids import uuid7
from graphrisk.store.operations import outbox
from graphrisk.store.operations.database import Database

#: Queries that one owner keeps.
MOST_QUERIES: Final = 50
_SALT_BYTES: Final = 32


class SavedQueries:
    """Queries of their owners: nobody else sees that they are there.

    Raises:
        Forbidden: The principal may not keep watch lists and saved queries, or is a key.
        NotFound: He has no such query.
    """

    def __init__(
        self,
        database: Database,
        asker: Asker,
        clock: Clock,
        audit: AuditPort,
        draw: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._database = database
        self._asker = asker
        self._clock = clock
        self._audit = audit
        self._draw = draw

    def save(self, viewer: Viewer, name: str, question: Question) -> SavedQuery:
        """Keep a query for the purpose and case of the request; what it answers now is no news.

        Raises:
            BadInput: It has no name, or asks what no query asks.
            CaseRequired: It reads of persons, and he has to name a case.
            LimitExceeded: He keeps fifty already.
        """
        owner, now = viewer.principal, self._clock.now_ms()
        require(owner, "watch.keep")
        query = SavedQuery(
            query_id=uuid7(now),
            name=checked_name(name),
            owner=owner.name,
            question=checked_question(question),
            purpose=viewer.purpose.code,
            case=viewer.purpose.case,
            created_at=now,
            shown=shown_by(owner, now),
        )
        self._audit.record(owner, "query.save", viewer.purpose, 1, query.query_id)
        world, salt = self._asker.world(), self._draw(_SALT_BYTES)
        seen = replace(world, rights=rights_digest(viewer))
        answers = self._asker.ask(query, salt, viewer, world.place, world.place)
        values = {"seen": asdict(seen), "looked_at": now, "answers": len(answers.digests)}
        with self._database.session() as session:
            if records.count_of(session, owner.name) >= MOST_QUERIES:
                raise LimitExceeded(f"one keeps at most {MOST_QUERIES} queries")
            records.add(session, query, salt)
            records.take(session, Known(query, 0, salt, Seen()), values)
            if question.subject is not Subject.EVENTS:
                records.compare(session, query.query_id, answers)
            records.show(session, owner.name, query.shown)
        return replace(query, looked_at=now, answers=len(answers.digests))

    def rename(
        self, principal: Principal, purpose: Purpose, query_id: str, name: str
    ) -> SavedQuery:
        """Give a query another name."""
        said = checked_name(name)

        def change(row: SavedQueryRow) -> None:
            row.name = said

        return self._change(principal, purpose, query_id, "query.rename", change)

    def pause(self, principal: Principal, purpose: Purpose, query_id: str) -> SavedQuery:
        """Have it asked no more until it is resumed; once more changes nothing."""

        def change(row: SavedQueryRow) -> None:
            row.paused_at = row.paused_at or self._clock.now_ms()

        return self._change(principal, purpose, query_id, "query.pause", change)

    def resume(self, principal: Principal, purpose: Purpose, query_id: str) -> SavedQuery:
        """Have it asked again: what is new since it was paused is told."""

        def change(row: SavedQueryRow) -> None:
            row.paused_at = None

        return self._change(principal, purpose, query_id, "query.resume", change)

    def delete(self, principal: Principal, purpose: Purpose, query_id: str) -> SavedQuery:
        """Forget a query with what it told, for good; as it was."""
        with self._database.session() as session:
            found = records.query_of(self._own(session, principal, query_id))
            records.forget(session, query_id)
            self._audit.record(principal, "query.delete", purpose, 1, query_id)
        return found

    def queries(self, principal: Principal, purpose: Purpose) -> list[SavedQuery]:
        """One's own, oldest first."""
        require(principal, "watch.keep")
        shown = shown_by(principal, self._clock.now_ms())
        with self._database.session() as session:
            records.show(session, principal.name, shown)
            found = records.of_owner(session, principal.name)
        self._audit.record(principal, "query.list", purpose, len(found))
        return found

    def news(
        self,
        principal: Principal,
        purpose: Purpose,
        query_id: str,
        before: int | None,
        limit: int,
    ) -> tuple[list[News], bool]:
        """What was new of a query, latest first, and whether there is more."""
        with self._database.reading() as session:
            row = self._own(session, principal, query_id)
            found = records.news_of(session, row, before, limit + 1)
        self._audit.record(principal, "query.news", purpose, min(len(found), limit), query_id)
        return found[:limit], len(found) > limit

    def event(self, principal: Principal, place: int) -> outbox.Event | None:
        """The event at a place, if it is kept and he may still follow it."""
        with self._database.reading() as session:
            found = outbox.read_after(session, place - 1, 1)
        is_there = bool(found) and found[0].position == place
        return found[0] if is_there and follows(principal, found[0]) else None

    def _change(
        self,
        principal: Principal,
        purpose: Purpose,
        query_id: str,
        action: str,
        change: Callable[[SavedQueryRow], None],
    ) -> SavedQuery:
        with self._database.session() as session:
            row = self._own(session, principal, query_id)
            change(row)
            records.show(session, principal.name, shown_by(principal, self._clock.now_ms()))
            session.flush()
            session.refresh(row)
            found = records.query_of(row)
            self._audit.record(principal, action, purpose, 1, query_id)
        return found

    def _own(self, session: Session, principal: Principal, query_id: str) -> SavedQueryRow:
        require(principal, "watch.keep")
        row = records.own(session, principal.name, query_id)
        if row is None:
            raise NotFound("no such saved query")
        return row
