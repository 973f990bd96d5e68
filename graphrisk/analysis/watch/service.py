"""Watch lists as their owners keep them, and the look that tells what is new on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from graphrisk.access.model import EVERYTHING, AuditPort, Principal, Purpose, Scope
from graphrisk.access.rights import require
from graphrisk.analysis.watch.model import (
    APPEARED,
    KINDS,
    PROPERTIES,
    Looked,
    WatchHit,
    WatchItem,
    WatchList,
)
from graphrisk.analysis.watch.rules import changes
from graphrisk.analysis.watch.tables import (
    WatchHitRow,
    WatchItemRow,
    WatchListRow,
    WatchPositionRow,
)
from graphrisk.core.clock import Clock
from graphrisk.core.errors import BadInput, Conflict, LimitExceeded, NotFound
from graphrisk.core.ids import uuid7
from graphrisk.store.contract import Reader, Store
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.inserts import insert_into
from graphrisk.store.operations.outbox import emit

PURPOSE: Final = Purpose("operation")
LONGEST_MS: Final = 366 * 86_400_000
MOST_ITEMS: Final = 1_000
_LONGEST_NAME, _LONGEST_KEY = 200, 200


class WatchLists:
    """Lists of their owners: nobody else sees that they are there."""

    def __init__(self, database: Database, store: Store, clock: Clock, audit: AuditPort) -> None:
        self._database = database
        self._store = store
        self._clock = clock
        self._audit = audit

    def begin(
        self, principal: Principal, purpose: Purpose, name: str, expires_at: int
    ) -> WatchList:
        """A new empty list for the stated purpose and case.

        Raises:
            Forbidden: The principal may not keep watch lists.
            BadInput: It has no name, or does not end within a year from now.
        """
        require(principal, "watch.keep")
        now = self._clock.now_ms()
        if not 0 < len(name.strip()) <= _LONGEST_NAME:
            raise BadInput(f"a list has a name of at most {_LONGEST_NAME} characters")
        if not now < expires_at <= now + LONGEST_MS:
            raise BadInput("a list ends after now, within 366 days (有效期最长366天)")
        row = WatchListRow(
            list_id=uuid7(now),
            name=name.strip(),
            owner=principal.name,
            areas=list(principal.scope.areas),
            purpose=purpose.code,
            case=purpose.case,
            created_at=now,
            expires_at=expires_at,
            closed_at=None,
        )
        with self._database.session() as session:
            session.add(row)
            self._audit.record(principal, "watch.begin", purpose, 1, row.list_id)
        return _told(row, ())

    def add(
        self, principal: Principal, purpose: Purpose, list_id: str, kind: str, keys: Sequence[str]
    ) -> WatchList:
        """Put things on a list, whether the graph knows them or not: it does not say which.

        Raises:
            Forbidden: The principal may not keep watch lists.
            NotFound: He has no such list.
            Conflict: The list is closed.
            BadInput: A key is empty or too long, or the kind cannot be watched.
            LimitExceeded: The list would hold more than a thousand things.
        """
        if kind not in KINDS:
            raise BadInput(f"kind is one of {', '.join(KINDS)}, not {kind[:40]!r}")
        for key in keys:
            if not 0 < len(key) <= _LONGEST_KEY:
                raise BadInput(f"a key has at most {_LONGEST_KEY} characters")
        reader = self._store.reader(EVERYTHING, PURPOSE)
        # Before the look-up: what appears in between is told rather than taken for known.
        version, now = reader.version(), self._clock.now_ms()
        nids = reader.lookup(kind, keys).tolist()
        with self._database.session() as session:
            row = self._own(session, principal, list_id)
            if row.closed_at is not None:
                raise Conflict("the list is closed")
            row.areas = list(principal.scope.areas)
            for key, nid in zip(keys, nids, strict=True):
                fresh = insert_into(session, WatchItemRow).values(
                    list_id=list_id,
                    kind=kind,
                    key=key,
                    nid=None if nid < 0 else nid,
                    since=version,
                    added_at=now,
                )
                session.execute(fresh.on_conflict_do_nothing())
            items = _items(session, [list_id])[list_id]
            if len(items) > MOST_ITEMS:
                raise LimitExceeded(f"a list holds at most {MOST_ITEMS:,} things")
            found = _told(row, items)
            self._audit.record(principal, "watch.add", purpose, len(keys), list_id)
        return found

    def close(self, principal: Principal, purpose: Purpose, list_id: str) -> WatchList:
        """End a list; what it told stays. Raises as ``add``."""
        with self._database.session() as session:
            row = self._own(session, principal, list_id)
            row.closed_at = row.closed_at or self._clock.now_ms()
            found = _told(row, _items(session, [list_id])[list_id])
            self._audit.record(principal, "watch.close", purpose, 1, list_id)
        return found

    def lists(self, principal: Principal, purpose: Purpose) -> list[WatchList]:
        """One's own lists, oldest first."""
        require(principal, "watch.keep")
        ours = select(WatchListRow).filter_by(owner=principal.name)
        with self._database.reading() as session:
            rows = session.execute(ours.order_by(WatchListRow.list_id)).scalars().all()
            items = _items(session, [row.list_id for row in rows])
        self._audit.record(principal, "watch.lists", purpose, sum(map(len, items.values())))
        return [_told(row, items[row.list_id]) for row in rows]

    def hits(
        self,
        principal: Principal,
        purpose: Purpose,
        list_id: str,
        before: int | None,
        limit: int,
    ) -> tuple[list[WatchHit], bool]:
        """What a list told, latest first, and whether there is more. Raises as ``add``."""
        wanted = select(WatchHitRow).filter_by(list_id=list_id).order_by(WatchHitRow.number.desc())
        if before is not None:
            wanted = wanted.where(WatchHitRow.number < before)
        with self._database.reading() as session:
            self._own(session, principal, list_id)
            rows = session.execute(wanted.limit(limit + 1)).scalars().all()
        self._audit.record(principal, "watch.hits", purpose, min(len(rows), limit), list_id)
        found = [
            WatchHit(row.number, row.list_id, row.nid, tuple(row.changed), row.at)
            for row in rows[:limit]
        ]
        return found, len(rows) > limit

    def _own(self, session: Session, principal: Principal, list_id: str) -> WatchListRow:
        require(principal, "watch.keep")
        row = session.get(WatchListRow, list_id)
        if row is None or row.owner != principal.name:
            raise NotFound("no such watch list")
        return row


def is_any_open(session: Session, now: int) -> bool:
    """Whether there is a list that may tell something."""
    some = select(WatchListRow.list_id).where(_is_open(now)).limit(1)
    return session.execute(some).first() is not None


def _is_open(now: int) -> ColumnElement[bool]:
    """Which lists tell what they see."""
    return WatchListRow.closed_at.is_(None) & (WatchListRow.expires_at > now)


def look(store: Store, database: Database, clock: Clock) -> Looked:
    """Tell what appeared or changed since the last look, each change once.

    Hits, their events and the new position commit together: killed before, the next look tells
    the same; killed after, it tells nothing twice. What lies outside the areas that the owner had
    when he last changed the list is withheld. Of a graph that was put back from a backup all that
    is watched is told once more as appeared.

    Raises:
        Conflict: Another process looked at the same moment; nothing was written.
    """
    reader, store_id = store.reader(EVERYTHING, PURPOSE), store.health().store_id
    upto, now = reader.version(), clock.now_ms()
    with database.session() as session:
        fresh = insert_into(session, WatchPositionRow).values(
            store_id=store_id, version=0, stamp=reader.stamp(0)
        )
        session.execute(fresh.on_conflict_do_nothing())
        held = session.get_one(WatchPositionRow, store_id)
        before = (held.version, held.stamp)
        since = held.version
        if reader.stamp(held.version) != held.stamp:
            session.execute(update(WatchItemRow).values(nid=None))
            since = 0
        found = _changed(session, reader, since, upto, now)
        outside = _outside(store, found)
        told = [one for one in found if (one[0].nid, tuple(one[1])) not in outside]
        for row, _, changed in told:
            _tell(session, row, changed, upto, now)
        _move(session, store_id, before, (upto, reader.stamp(upto)))
    return Looked(upto, len(told), len(found) - len(told))


def _changed(
    session: Session, reader: Reader, since: int, upto: int, now: int
) -> list[tuple[WatchItemRow, list[str], list[str]]]:
    """Items of lists that are open, the areas of their owners, and what is new of them."""
    wanted = select(WatchItemRow, WatchListRow.areas).join(WatchListRow).where(_is_open(now))
    rows = [(row, areas) for row, areas in session.execute(wanted.order_by(WatchItemRow.number))]
    appeared = _appeared(reader, [row for row, _ in rows if row.nid is None])
    known = {row.nid for row, _ in rows if row.nid is not None and row.number not in appeared}
    # Nobody asks about changes before the oldest item was put on its list.
    first = min((row.since for row, _ in rows), default=upto)
    of_node = changes(reader, known, max(since, first), upto)
    found = []
    for row, areas in rows:
        if row.nid is None:
            continue
        if row.number in appeared:
            found.append((row, areas, [APPEARED]))
            continue
        new = {what for what, seq in of_node.get(row.nid, {}).items() if seq > row.since}
        if new:
            told = [PROPERTIES] * (PROPERTIES in new) + sorted(new - {PROPERTIES})
            found.append((row, areas, told))
    return found


def _outside(
    store: Store, found: Sequence[tuple[WatchItemRow, list[str], list[str]]]
) -> set[tuple[int | None, tuple[str, ...]]]:
    """Which nodes lie outside which areas: one question a set of areas."""
    nids: dict[tuple[str, ...], set[int]] = {}
    for row, areas, _ in found:
        nids.setdefault(tuple(areas), set()).add(row.nid or 0)
    return {
        (nid, areas)
        for areas, asked in nids.items()
        for nid in store.reader(Scope(areas), PURPOSE).outside(np.array(sorted(asked), np.int64))
    }


def _appeared(reader: Reader, rows: Sequence[WatchItemRow]) -> set[int]:
    """Numbers of items that the graph knows by now; each has its nid from here on."""
    found = set()
    for kind in sorted({row.kind for row in rows}):
        of_kind = [row for row in rows if row.kind == kind]
        for row, nid in zip(
            of_kind, reader.lookup(kind, [row.key for row in of_kind]).tolist(), strict=True
        ):
            if nid >= 0:
                row.nid, row.since = nid, reader.version()
                found.add(row.number)
    return found


def _tell(session: Session, row: WatchItemRow, changed: list[str], upto: int, now: int) -> None:
    hit = WatchHitRow(
        item=row.number, list_id=row.list_id, nid=row.nid, changed=changed, upto=upto, at=now
    )
    session.add(hit)
    session.flush()
    owner = session.get_one(WatchListRow, row.list_id).owner
    payload = {"hit": hit.number, "changed": changed}
    emit(session, "watch.hit", row.list_id, payload, now, whom=owner)


def _move(session: Session, store_id: str, before: tuple[int, int], after: tuple[int, int]) -> None:
    ours = (
        WatchPositionRow.store_id == store_id,
        WatchPositionRow.version == before[0],
        WatchPositionRow.stamp == before[1],
    )
    moved = update(WatchPositionRow).where(*ours).values(version=after[0], stamp=after[1])
    if session.execute(moved.returning(WatchPositionRow.store_id)).scalar_one_or_none() is None:
        raise Conflict("another process looked at the same moment")


def _items(session: Session, lists: Sequence[str]) -> dict[str, tuple[WatchItem, ...]]:
    wanted = select(WatchItemRow).where(WatchItemRow.list_id.in_(lists))
    found: dict[str, list[WatchItem]] = {one: [] for one in lists}
    for row in session.execute(wanted.order_by(WatchItemRow.number)).scalars():
        found[row.list_id].append(WatchItem(row.kind, row.key, row.added_at))
    return {one: tuple(items) for one, items in found.items()}


def _told(row: WatchListRow, items: tuple[WatchItem, ...]) -> WatchList:
    return WatchList(
        list_id=row.list_id,
        name=row.name,
        owner=row.owner,
        purpose=row.purpose,
        case=row.case,
        created_at=row.created_at,
        expires_at=row.expires_at,
        closed_at=row.closed_at,
        items=items,
    )
