"""A person's right to be forgotten: out of the graph, and out of all that was written of him."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from graphrisk.access.model import EVERYTHING, Purpose
from graphrisk.analysis.watch.tables import WatchHitRow, WatchItemRow
from graphrisk.centre.cases import records as cases
from graphrisk.centre.cases.tables import CaseFindingRow, CaseMemberRow
from graphrisk.centre.tasks.tables import PackageRow, TaskRow
from graphrisk.centre.verdicts.tables import LabelRow
from graphrisk.core.clock import Clock
from graphrisk.core.errors import NotFound
from graphrisk.ingest.resolve.records import Decisions
from graphrisk.store.contract import Store
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.redaction import redact

_PURPOSE: Final = Purpose("operation")
_PERSON: Final = "Person"
#: Names and tokens that are shorter tell nobody.
_SHORTEST: Final = 2


@dataclass(frozen=True, slots=True)
class Erased:
    """What is gone: records of persons, judgements that no longer name them, and other rows."""

    persons: int
    judgements: int
    rows: int


@dataclass(frozen=True, slots=True)
class _Words:
    """What tells the persons: words of theirs alone, and names that others bear as well."""

    own: frozenset[str]
    shared: frozenset[str]


def erase_persons(store: Store, database: Database, clock: Clock, keys: Sequence[str]) -> Erased:
    """Erase the records with these keys for good: facts, history, ties, scores, keys, names.

    Case members, labels of verdicts and watched things that name them are deleted; from every
    other text of the operations database their keys and names are taken out. A name that others
    bear too goes only from cases they were members of. Of what a person judged of them it stays
    who judged, what and when. What columns and published scores hold goes with the next detection.

    Texts go first, while the graph still tells the names, and once more afterwards, for what was
    written meanwhile; after a kill in between the same call erases the rest.

    Raises:
        NotFound: Neither the graph nor a row knows any of the keys.
        Conflict: Another process is writing.

    Cost: every version of every person and every text of the operations database is looked at.
    """
    words = _words(store, keys)
    rows = _forget(database, keys, words)
    with store.writer("erase") as writer:
        nids = store.reader(EVERYTHING, _PURPOSE).lookup(_PERSON, keys)
        persons = writer.delete(nids[nids >= 0])
        writer.commit()
    judgements = Decisions(database).forget(keys, clock.now_ms())
    rows += _forget(database, keys, words)
    if not persons and not judgements and not rows:
        raise NotFound("no person, no judgement and no other row has any of these keys")
    return Erased(persons, judgements, rows)


def _words(store: Store, keys: Sequence[str]) -> _Words:
    """All that the graph ever stated of them as text, apart by whether it was stated of others."""
    reader = store.reader(EVERYTHING, _PURPOSE)
    ours = pa.array(reader.lookup(_PERSON, keys), pa.int64())
    told: set[str] = set()
    for batch in reader.export_nodes(_PERSON, 0, reader.version()):
        told.update(_texts(batch.filter(pc.is_in(batch.column("nid"), ours))))
    shared: set[str] = set()
    if told:
        known = pa.array(sorted(told), pa.string())
        for batch in reader.export_nodes(_PERSON, 0, reader.version()):
            others = batch.filter(pc.invert(pc.is_in(batch.column("nid"), ours)))
            shared.update(_texts(others, known))
    return _Words(frozenset(told - shared).union(keys), frozenset(shared))


def _texts(rows: pa.RecordBatch, known: pa.StringArray | None = None) -> set[str]:
    """Texts of the rows, or those of them that are known."""
    found: set[str] = set()
    for name in rows.schema.names:
        column = rows.column(name)
        if name == "source" or not pa.types.is_string(column.type):
            continue
        if known is not None:
            column = column.filter(pc.is_in(column, known))
        found.update(text for text in column.unique().to_pylist() if text)
    return {text for text in found if len(text) >= _SHORTEST}


def _forget(database: Database, keys: Sequence[str], words: _Words) -> int:
    with database.session() as session:
        theirs = _cases(session, keys)
        rows = _delete_named(session, keys)
        rows += redact(session, words.own)
        rows += redact(session, words.shared, theirs) if theirs else 0
        marked = select(TaskRow.package_id).where(TaskRow.digest == "")
        packages = PackageRow.package_id.in_(marked)
        for package in session.execute(select(PackageRow).where(packages)).scalars():
            package.digest = ""  # it shows what the texts of its tasks were
        return rows


def _cases(session: Session, keys: Sequence[str]) -> list[str]:
    """Cases that they are or were members of, with all merged into one with these."""
    ours = (CaseMemberRow.kind == _PERSON, CaseMemberRow.key.in_(keys))
    query = select(CaseFindingRow.case_id).join(
        CaseMemberRow, CaseMemberRow.attachment == CaseFindingRow.number
    )
    heads = {cases.head(session, one) for one in session.execute(query.where(*ours)).scalars()}
    return sorted({one for head in heads for one in cases.family(session, head)})


def _delete_named(session: Session, keys: Sequence[str]) -> int:
    """Delete rows that are of nothing but them."""
    watched = select(WatchItemRow.number).where(
        WatchItemRow.kind == _PERSON, WatchItemRow.key.in_(keys)
    )
    items = list(session.execute(watched).scalars())
    session.execute(delete(WatchHitRow).where(WatchHitRow.item.in_(items)))
    session.execute(delete(WatchItemRow).where(WatchItemRow.number.in_(items)))
    done = len(items)
    for table in (CaseMemberRow, LabelRow):
        named = (table.kind == _PERSON, table.key.in_(keys))
        done += len(session.execute(delete(table).where(*named).returning(table.key)).all())
    return done
