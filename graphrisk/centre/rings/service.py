"""Cases hear what became of their rings, once a run, whoever is killed meanwhile.

A ring that changed is kept anew; one that merged into a ring of no case brings that ring with it.
Of one that split or dissolved the case is told, and people decide. A step's id follows from run,
finding and case, so what was told before a kill is not told again after it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from graphrisk.analysis.service import Findings
from graphrisk.analysis.tables import LineageRow, RunRow
from graphrisk.centre.cases import records
from graphrisk.centre.cases.model import FoundRing
from graphrisk.centre.cases.service import Cases
from graphrisk.centre.cases.tables import CaseFindingRow, CaseRow, HeardRunRow
from graphrisk.centre.rings.model import kept_rings
from graphrisk.centre.timeline.model import Order
from graphrisk.core.errors import NotFound
from graphrisk.core.machine import Step
from graphrisk.store.contract import Store
from graphrisk.store.operations.database import Database

AUTHOR = "detection"
_NAMES = uuid.UUID("6f1c1d5e-8f0e-5d7c-9a54-3f6f0f7a2b11")
_CHANGED = ("grown", "shrunk", "changed")


class Rings:
    """Brings what detection says of rings to the cases that work on them."""

    def __init__(self, store: Store, database: Database, findings: Findings, cases: Cases) -> None:
        self._store = store
        self._database = database
        self._findings = findings
        self._cases = cases

    def hear(self) -> int:
        """Tell cases what became of their rings in the runs they have not heard of; how often."""
        told = 0
        with self._database.reading() as session:
            heard = select(HeardRunRow.run)
            runs = select(RunRow.number, RunRow.run_id).where(RunRow.number.not_in(heard))
            waiting = session.execute(runs.order_by(RunRow.number)).all()
        for number, run_id in waiting:
            told += sum(self._tell(run_id, *one) for one in self._news(number))
            with self._database.session() as session:
                session.merge(HeardRunRow(run=number))
        return told

    def _news(self, run: int) -> list[tuple[str, str, str | None, str]]:
        """Finding, what became of it, the other finding, and the case that is to hear of it."""
        with self._database.reading() as session:
            lineage = select(LineageRow).where(LineageRow.run == run, LineageRow.event != "kept")
            lineage = lineage.order_by(LineageRow.finding_id)
            rows = session.execute(lineage).scalars().all()
            held = select(CaseFindingRow.finding_id, CaseFindingRow.case_id)
            held = held.where(CaseFindingRow.detached_at.is_(None))
            case_of = {row.finding_id: row.case_id for row in session.execute(held)}
        news = []
        for row in rows:
            about = row.other_id if row.event == "split" else row.finding_id
            case_id = case_of.get(about or "")
            if case_id is not None:
                news.append((row.finding_id, row.event, row.other_id, case_id))
        return news

    def _tell(
        self, run_id: str, finding_id: str, event: str, other: str | None, case_id: str
    ) -> bool:
        seen = self._ring(finding_id) if event in _CHANGED else None
        follows = self._ring(other) if event == "merged" and other is not None else None

        def change(session: Session, row: CaseRow, step: Step) -> None:
            if seen is not None:
                _keep(session, row.case_id, seen)
            if follows is not None and not _is_attached(session, follows.finding_id):
                records.attach(session, row.case_id, [follows], AUTHOR, step.at)

        step_id = str(uuid.uuid5(_NAMES, f"{run_id} {finding_id} {case_id}"))
        detail: Mapping[str, object] = {"finding": finding_id, "event": event, "other": other}
        self._cases.act(Order(case_id, AUTHOR, "", step_id), "hear", change, detail)
        return True

    def _ring(self, finding_id: str) -> FoundRing | None:
        """The finding as it is now; ``None`` when this graph does not know it."""
        try:
            return kept_rings(self._store, [self._findings.get(finding_id)])[0]
        except NotFound:
            return None


def _keep(session: Session, case_id: str, ring: FoundRing) -> None:
    ours = (CaseFindingRow.case_id == case_id, CaseFindingRow.finding_id == ring.finding_id)
    query = select(CaseFindingRow).where(*ours, CaseFindingRow.detached_at.is_(None))
    row = session.execute(query).scalar_one_or_none()
    if row is not None:
        records.keep_members(session, row, ring)


def _is_attached(session: Session, finding_id: str) -> bool:
    held = (CaseFindingRow.finding_id == finding_id, CaseFindingRow.detached_at.is_(None))
    return session.execute(select(CaseFindingRow.number).where(*held)).first() is not None
