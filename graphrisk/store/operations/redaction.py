"""Takes words out of every text of the operations database, whichever table holds it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import JSON, Column, ColumnElement, MetaData, Table, Text, cast, or_, select
from sqlalchemy.orm import Session

#: What stands in the place of a word that was taken out.
ERASED_WORD: Final = "[已删除 erased]"
#: Written by the service alone or forgotten elsewhere: the audit names nobody but who asked, the
#: database itself refuses to change books, judgements have their own way of forgetting.
_KEPT: Final = frozenset(
    {
        *("alembic_version", "audit", "book_accounts", "book_entries", "book_postings"),
        *("identity_judgements", "principals", "api_keys", "api_key_secrets"),
        *("leases", "heartbeats", "sources", "outbox_readers"),
    }
)
#: Columns that say who works here: he may bear the name of who was erased.
_WHO: Final = frozenset(
    {
        *("author", "holder", "assignee", "judge", "owner", "maker", "proposer", "decider"),
        *("asker", "recipient", "whom"),
    }
)
#: Columns that say which case a row is part of.
_OF: Final = ("case_id", "part_of", "subject")
#: Columns that show what a text was: with the text they go.
_DIGEST: Final = "digest"
#: Shorter words of letters and digits are taken out only where they are the whole text.
_SHORTEST: Final = 4
_PART: Final = 100


def redact(session: Session, words: Collection[str], only: Collection[str] = ()) -> int:
    """Put ``ERASED_WORD`` in the place of these words, in all tables and in either case.

    Args:
        session: The caller's transaction.
        words: Keys and names. One of letters and digits counts where it stands by itself; a short
            one, where it is the whole text.
        only: Ids of cases and of what is part of them: rows of no others. Empty: all rows.

    Returns:
        How many rows held one.

    Cost: every text is looked at, once for a hundred words.
    """
    if not words:
        return 0
    pattern, changed = _pattern(words), 0
    for table in _tables(session):
        columns = _texts(table)
        within = _within(table, only) if only else None
        if not columns or (only and within is None):
            continue
        for row in _holding(session, table, columns, sorted(words), within):
            changed += _write(session, table, columns, row, pattern)
    return changed


def _tables(session: Session) -> list[Table]:
    """Those that there are, as the database tells them: a new one is never left out."""
    found = MetaData()
    found.reflect(session.connection())
    return [table for table in found.sorted_tables if table.name not in _KEPT]


def _texts(table: Table) -> list[Column[Any]]:
    return [
        column
        for column in table.columns
        if isinstance(column.type, (Text, JSON))
        and not column.primary_key
        and column.name not in _WHO
        and not column.name.endswith(("_by", _DIGEST))
    ]


def _within(table: Table, only: Collection[str]) -> ColumnElement[bool] | None:
    """Whether a row names one of these, or the row that it is part of does."""
    named = [table.c[name].in_(only) for name in _OF if name in table.c]
    for key in table.foreign_keys:
        whole = key.column.table
        of = [whole.c[name].in_(only) for name in _OF if name in whole.c]
        if of:
            named.append(key.parent.in_(select(key.column).where(or_(*of))))
    return or_(*named) if named else None


def _holding(
    session: Session,
    table: Table,
    columns: Sequence[Column[Any]],
    words: Sequence[str],
    within: ColumnElement[bool] | None,
) -> Iterator[dict[str, Any]]:
    """Rows in which one of the words may stand, each once a hundred words."""
    wanted = [*table.primary_key.columns, *columns]
    for first in range(0, len(words), _PART):
        part = words[first : first + _PART]
        holds = or_(
            *(
                cast(column, Text).icontains(form, autoescape=True)
                for column in columns
                for word in part
                for form in {word, json.dumps(word, ensure_ascii=False)[1:-1]}
            )
        )
        query = select(*wanted).where(holds)
        query = query if within is None else query.where(within)
        yield from (dict(row) for row in session.execute(query).mappings().all())


def _write(
    session: Session,
    table: Table,
    columns: Sequence[Column[Any]],
    row: dict[str, Any],
    pattern: re.Pattern[str],
) -> bool:
    said = {column.name: row[column.name] for column in columns}
    left = {name: _without(value, pattern) for name, value in said.items()}
    new = {name: value for name, value in left.items() if value != said[name]}
    if not new:
        return False
    if _DIGEST in table.c:
        new[_DIGEST] = ""
    ours = (column == row[column.name] for column in table.primary_key.columns)
    session.execute(table.update().where(*ours).values(new))
    return True


def _without(value: object, pattern: re.Pattern[str]) -> object:
    if isinstance(value, str):
        return pattern.sub(ERASED_WORD, value)
    if isinstance(value, list):
        return [_without(one, pattern) for one in value]
    if isinstance(value, dict):
        return {pattern.sub(ERASED_WORD, key): _without(one, pattern) for key, one in value.items()}
    return value


def _pattern(words: Collection[str]) -> re.Pattern[str]:
    """The longest first, so that a word is not cut out of one that begins with it."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(_standing, ordered)), re.IGNORECASE)


def _standing(word: str) -> str:
    """The word by itself; signs of a script without spaces stand anywhere."""
    if len(word) < _SHORTEST and word.isascii():
        return rf"\A{re.escape(word)}\Z"
    before = r"(?<![0-9A-Za-z_-])" if word[0].isascii() else ""
    after = r"(?![0-9A-Za-z_-])" if word[-1].isascii() else ""
    return f"{before}{re.escape(word)}{after}"
