"""Saved queries in a caller's transaction: kept, listed, asked again, forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from graphrisk.analysis.saved.model import (
    Answers,
    Change,
    Known,
    News,
    Question,
    SavedQuery,
    Seen,
    Shown,
)
from graphrisk.analysis.saved.tables import SavedAnswerRow, SavedNewsRow, SavedQueryRow

#: News of a query that are kept, the latest.
MOST_NEWS: Final = 1_000
_PART: Final = 500


def add(session: Session, query: SavedQuery, salt: bytes) -> None:
    """Keep a new query, which was never asked yet."""
    row = SavedQueryRow(
        query_id=query.query_id,
        name=query.name,
        owner=query.owner,
        question=query.question.told(),
        purpose=query.purpose,
        case=query.case,
        created_at=query.created_at,
        roles=list(query.shown.roles),
        areas=list(query.shown.areas),
        shown_at=query.shown.at,
        answers=0,
        looks=0,
        salt=salt,
        seen=asdict(Seen()),
    )
    session.add(row)
    session.flush()


def of_owner(session: Session, owner: str) -> list[SavedQuery]:
    """Somebody's queries, oldest first."""
    wanted = select(SavedQueryRow).filter_by(owner=owner).order_by(SavedQueryRow.query_id)
    return [query_of(row) for row in session.execute(wanted).scalars()]


def own(session: Session, owner: str, query_id: str) -> SavedQueryRow | None:
    """His query of that id."""
    row = session.get(SavedQueryRow, query_id)
    return row if row is not None and row.owner == owner else None


def show(session: Session, owner: str, shown: Shown) -> None:
    """Note of all queries of somebody what his token says of him now."""
    ours = update(SavedQueryRow).where(SavedQueryRow.owner == owner)
    values = {"roles": list(shown.roles), "areas": list(shown.areas), "shown_at": shown.at}
    session.execute(ours.values(**values))


def running(session: Session) -> list[Known]:
    """All queries that are not paused."""
    wanted = select(SavedQueryRow).where(SavedQueryRow.paused_at.is_(None))
    rows = session.execute(wanted.order_by(SavedQueryRow.query_id)).scalars()
    return [known_of(row) for row in rows]


def is_any_running(session: Session) -> bool:
    """Whether there is a query to ask."""
    wanted = select(SavedQueryRow.query_id).where(SavedQueryRow.paused_at.is_(None))
    return session.execute(wanted.limit(1)).first() is not None


def take(session: Session, known: Known, values: Mapping[str, object]) -> bool:
    """Make this the next look at the query; ``False`` when it is no longer that.

    Somebody else looked, or it was paused or forgotten meanwhile.
    """
    ours = (
        SavedQueryRow.query_id == known.query.query_id,
        SavedQueryRow.looks == known.looks,
        SavedQueryRow.paused_at.is_(None),
    )
    changed = update(SavedQueryRow).where(*ours).values(looks=known.looks + 1, **values)
    return session.execute(changed.returning(SavedQueryRow.looks)).scalar_one_or_none() is not None


def compare(session: Session, query_id: str, answers: Answers) -> list[tuple[str, Change]]:
    """What is new in the answers against those kept; from here on these are kept."""
    held = select(SavedAnswerRow.thing, SavedAnswerRow.digest).filter_by(query_id=query_id)
    before = {row.thing: row.digest for row in session.execute(held)}
    fresh = [thing for thing in answers.digests if thing not in before]
    other = [one for one, digest in answers.digests.items() if before.get(one, digest) != digest]
    gone = sorted(before.keys() - answers.digests.keys()) if answers.is_whole else []
    for things in (gone[n : n + _PART] for n in range(0, len(gone), _PART)):
        ours = (SavedAnswerRow.query_id == query_id, SavedAnswerRow.thing.in_(things))
        session.execute(delete(SavedAnswerRow).where(*ours))
    rows = [
        {"query_id": query_id, "thing": one, "digest": answers.digests[one]}
        for one in (*fresh, *other)
    ]
    if other:
        session.execute(update(SavedAnswerRow), rows[len(fresh) :])
    session.add_all(SavedAnswerRow(**row) for row in rows[: len(fresh)])
    return [(one, Change.APPEARED) for one in fresh] + [(one, Change.CHANGED) for one in other]


def tell(session: Session, query_id: str, news: Sequence[tuple[str, Change]], now: int) -> None:
    """Keep what is new; of much, the latest."""
    session.add_all(
        SavedNewsRow(query_id=query_id, thing=thing, change=change.value, at=now)
        for thing, change in news
    )
    session.flush()
    numbers = select(SavedNewsRow.number).filter_by(query_id=query_id)
    last = numbers.order_by(SavedNewsRow.number.desc()).offset(MOST_NEWS).limit(1)
    oldest = session.execute(last).scalar_one_or_none()
    if oldest is not None:
        old = (SavedNewsRow.query_id == query_id, SavedNewsRow.number <= oldest)
        session.execute(delete(SavedNewsRow).where(*old))


def news_of(session: Session, query: SavedQueryRow, before: int | None, limit: int) -> list[News]:
    """News of a query, latest first."""
    subject = Question.read(query.question).subject
    wanted = select(SavedNewsRow).filter_by(query_id=query.query_id)
    if before is not None:
        wanted = wanted.where(SavedNewsRow.number < before)
    rows = session.execute(wanted.order_by(SavedNewsRow.number.desc()).limit(limit)).scalars()
    return [News(row.number, subject, row.thing, Change(row.change), row.at) for row in rows]


def forget(session: Session, query_id: str) -> None:
    """Delete a query with its answers and news."""
    for table in (SavedNewsRow, SavedAnswerRow, SavedQueryRow):
        session.execute(delete(table).where(table.query_id == query_id))


def count_of(session: Session, owner: str) -> int:
    """How many queries somebody keeps."""
    return session.execute(
        select(func.count()).select_from(SavedQueryRow).where(SavedQueryRow.owner == owner)
    ).scalar_one()


def query_of(row: SavedQueryRow) -> SavedQuery:
    """A row as its owner sees it."""
    return SavedQuery(
        query_id=row.query_id,
        name=row.name,
        owner=row.owner,
        question=Question.read(row.question),
        purpose=row.purpose,
        case=row.case,
        created_at=row.created_at,
        shown=Shown(tuple(row.roles), tuple(row.areas), row.shown_at),
        paused_at=row.paused_at,
        looked_at=row.looked_at,
        refused=row.refused,
        answers=row.answers,
    )


def known_of(row: SavedQueryRow) -> Known:
    """A row as a look takes it up."""
    seen = Seen(
        version=int(str(row.seen["version"])),
        stamp=int(str(row.seen["stamp"])),
        run=str(row.seen["run"]),
        rights=str(row.seen["rights"]),
        place=int(str(row.seen["place"])),
    )
    return Known(query_of(row), row.looks, row.salt, seen)
