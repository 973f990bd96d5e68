"""What has run out is deleted, or says nothing of anybody any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from graphrisk.access.model import EVERYTHING, AuditPort, Principal, Purpose
from graphrisk.analysis.rules.tables import RuleHitRow
from graphrisk.analysis.saved.tables import SavedNewsRow
from graphrisk.analysis.watch.tables import WatchHitRow, WatchItemRow, WatchListRow
from graphrisk.centre.cases import records as cases
from graphrisk.centre.cases.tables import CaseFindingRow, CaseMemberRow, CaseRow
from graphrisk.centre.files.service import place_of
from graphrisk.centre.files.tables import UploadRow
from graphrisk.centre.measures.tables import MeasureRow
from graphrisk.centre.openings.tables import OpeningRow
from graphrisk.centre.retention.rules import Keeping
from graphrisk.centre.tasks.tables import StepRow as TaskStepRow
from graphrisk.centre.tasks.tables import TaskRow
from graphrisk.centre.timeline.tables import StepRow
from graphrisk.centre.verdicts.tables import LabelRow, VerdictRow
from graphrisk.core.clock import Clock
from graphrisk.core.errors import system_faults
from graphrisk.store.operations.database import Database

#: What stands where a text was.
RUN_OUT: Final = "[已过保存期 no longer kept]"
_DAY_MS: Final = 86_400_000
#: In one turn of the job: cases and tasks; rows of other kinds.
_MOST, _MOST_ROWS = 200, 20_000
_SERVICE: Final = Principal("retention", frozenset(), EVERYTHING)
_PURPOSE: Final = Purpose("operation")
_ENDED: Final = ("done", "cancelled", "expired")


@dataclass(frozen=True, slots=True)
class _Kind:
    """Rows that are deleted as they are: when they have run out, and the id to find them by."""

    table: type[Any]
    key: Any
    has_run_out: Callable[[int], ColumnElement[bool]]


class Retention:
    """Keeps what is kept no longer than its period; each deletion is on record before it is done.

    A case is held while it, a case it was merged into or one of its tasks is not closed, and while
    its number is among the holds. Who decided what and when stays.
    """

    def __init__(
        self, database: Database, folder: Path, keeping: Keeping, clock: Clock, audit: AuditPort
    ) -> None:
        self._database = database
        self._folder = folder
        self._keeping = keeping
        self._clock = clock
        self._audit = audit

    def turn(self) -> dict[str, int]:
        """Do a part of what has run out, the oldest first; how many of each kind.

        ``StoreUnavailable`` where it cannot be recorded: then nothing of that part is gone.
        """
        done = Counter({"cases": self._cases(), "tasks": self._tasks()})
        for name, kind in _KINDS:
            done[name] += self._rows(name, kind)
        return dict(done)

    def _before(self, name: str) -> int:
        return self._clock.now_ms() - self._keeping.periods[name].days * _DAY_MS

    def _cases(self) -> int:
        with self._database.session() as session:
            due = (CaseRow.state == "closed", CaseRow.closed_at < self._before("cases"))
            kept = CaseRow.title != RUN_OUT
            query = select(CaseRow.case_id).where(*due, kept).order_by(CaseRow.closed_at)
            families = (cases.family(session, one) for one in session.execute(query).scalars())
            free = (one for one in families if not self._is_held(session, one))
            due_now = list(islice(free, _MOST))
            for family in due_now:
                self._audit.record(_SERVICE, "retention.case", _PURPOSE, len(family), family[0])
                self._empty_case(session, family)
            return len(due_now)

    def _is_held(self, session: Session, family: Sequence[str]) -> bool:
        ours = (CaseRow.case_id.in_(family), CaseRow.number.in_(self._keeping.holds))
        open_tasks = (TaskRow.case_id.in_(family), TaskRow.state.not_in(_ENDED))
        return any(
            session.execute(select(1).where(*one).limit(1)).first() for one in (ours, open_tasks)
        )

    def _empty_case(self, session: Session, family: Sequence[str]) -> None:
        """Everything of a case that may tell of somebody but the officers who worked on it."""
        findings = select(CaseFindingRow.number).where(CaseFindingRow.case_id.in_(family))
        session.execute(delete(CaseMemberRow).where(CaseMemberRow.attachment.in_(findings)))
        verdicts = select(VerdictRow.number).where(VerdictRow.case_id.in_(family))
        session.execute(delete(LabelRow).where(LabelRow.verdict.in_(verdicts)))
        of = VerdictRow.case_id.in_(family)
        session.execute(update(VerdictRow).where(of).values(projected_at=None))
        opened = OpeningRow.case_id.in_(family), OpeningRow.node_key.is_not(None)
        session.execute(update(OpeningRow).where(*opened).values(node_key=RUN_OUT))
        for table, owner, texts in _TEXTS:
            session.execute(update(table).where(owner.in_(family)).values(texts))
        tasks = select(TaskRow.task_id).where(TaskRow.case_id.in_(family))
        ids = list(session.execute(tasks).scalars())
        self._empty_tasks(session, ids)
        self._drop_files(session, family)

    def _tasks(self) -> int:
        with self._database.session() as session:
            last = select(TaskStepRow.task).where(TaskStepRow.at >= self._before("tasks"))
            due = (TaskRow.case_id.is_(None), TaskRow.state.in_(_ENDED), TaskRow.title != RUN_OUT)
            query = select(TaskRow.task_id).where(*due, TaskRow.number.not_in(last))
            created = TaskRow.created_at < self._before("tasks")
            ids = list(session.execute(query.where(created).limit(_MOST)).scalars())
            for one in ids:
                self._audit.record(_SERVICE, "retention.task", _PURPOSE, 1, one)
            self._empty_tasks(session, ids)
            return len(ids)

    def _empty_tasks(self, session: Session, ids: Sequence[str]) -> None:
        steps = TaskStepRow.task.in_(select(TaskRow.number).where(TaskRow.task_id.in_(ids)))
        gone = {"reason": "", "proof": None, "digest": ""}
        session.execute(update(TaskStepRow).where(steps).values(gone))
        texts = {"title": RUN_OUT, "instructions": "", "digest": ""}
        session.execute(update(TaskRow).where(TaskRow.task_id.in_(ids)).values(texts))
        self._drop_files(session, ids)

    def _drop_files(self, session: Session, subjects: Sequence[str]) -> None:
        """Files go before their rows, so that a kill in between leaves none behind.

        One that came in within a day stays: somebody may be about to add it elsewhere.
        """
        ours = UploadRow.subject.in_(subjects)
        hashes = set(session.execute(select(UploadRow.sha256).where(ours)).scalars())
        others = select(UploadRow.sha256).where(UploadRow.sha256.in_(hashes), ~ours)
        for sha256 in hashes.difference(session.execute(others).scalars()):
            file = place_of(self._folder, sha256)
            with system_faults(file):
                if not file.exists():
                    continue
                if file.stat().st_mtime * 1_000 < self._clock.now_ms() - _DAY_MS:
                    file.unlink()
        session.execute(delete(UploadRow).where(ours))

    def _rows(self, name: str, kind: _Kind) -> int:
        with self._database.session() as session:
            old = select(kind.key).where(kind.has_run_out(self._before(name)))
            keys = list(session.execute(old.order_by(kind.key).limit(_MOST_ROWS)).scalars())
            if keys:
                self._audit.record(_SERVICE, f"retention.{name}", _PURPOSE, len(keys))
                session.execute(delete(kind.table).where(kind.key.in_(keys)))
            return len(keys)


def _ended_lists(before: int) -> ColumnElement[bool]:
    ended = or_(WatchListRow.closed_at < before, WatchListRow.expires_at < before)
    return WatchItemRow.list_id.in_(select(WatchListRow.list_id).where(ended))


#: Texts of a case by table, and the column that says of which.
_TEXTS: Final[tuple[tuple[type[Any], Any, Mapping[str, str]], ...]] = (
    (CaseRow, CaseRow.case_id, {"title": RUN_OUT}),
    (StepRow, StepRow.part_of, {"reason": "", "digest": ""}),
    (MeasureRow, MeasureRow.case_id, {"target": RUN_OUT}),
    (OpeningRow, OpeningRow.case_id, {"reason": "", "decision": ""}),
)
#: In the order of deletion: what was told of a watched thing goes with it.
_KINDS: Final[tuple[tuple[str, _Kind], ...]] = (
    ("rule_hits", _Kind(RuleHitRow, RuleHitRow.number, lambda before: RuleHitRow.at < before)),
    (
        "watch_lists",
        _Kind(
            WatchHitRow,
            WatchHitRow.number,
            lambda before: WatchHitRow.item.in_(
                select(WatchItemRow.number).where(_ended_lists(before))
            ),
        ),
    ),
    ("watch_lists", _Kind(WatchItemRow, WatchItemRow.number, _ended_lists)),
    (
        "query_news",
        _Kind(SavedNewsRow, SavedNewsRow.number, lambda before: SavedNewsRow.at < before),
    ),
)
