"""Findings and scores as the last run left them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from graphrisk.analysis.explain import finding_kinds
from graphrisk.analysis.lessons import LOTS, SHIFTS
from graphrisk.analysis.model import Finding, FindingPage, Lineage, NodeScore, Place, Run
from graphrisk.analysis.rows import finding_of, is_of, node_score_of, run_of
from graphrisk.analysis.tables import (
    FindingRow,
    LineageRow,
    MemberRow,
    NodeScoreRow,
    RecordRow,
    RunRow,
)
from graphrisk.core.errors import BadInput, NotFound
from graphrisk.store.contract import History
from graphrisk.store.operations.database import Database

Kept = Mapping[str, float]
_RANK = (FindingRow.score.desc(), FindingRow.finding_id)


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores of one run, of the nodes that have one."""

    run: Run
    scores: Mapping[int, NodeScore]
    nids: frozenset[int] = frozenset()  # those asked for that may be told of

    def of_node(self, nid: int) -> NodeScore:
        """Score of a node; 0 without reasons where nothing speaks against it."""
        return self.scores.get(nid) or NodeScore(nid, 0.0, ())


class Findings:
    """Reads of what detection found. Unless said otherwise: what the latest run found.

    A run that saw another graph than ``graph``, or a history of it that a restored backup undid,
    counts as none: its numbers name other people here.
    """

    def __init__(self, database: Database, graph: History) -> None:
        self._database = database
        self._graph = graph

    def latest_run(self) -> Run | None:
        """The last run that was saved; ``None`` before the first."""
        with self._database.reading() as session:
            row = self._latest(session)
            return None if row is None else run_of(row)

    def shifts(self) -> dict[str, float]:
        """What verdicts had taught the latest run, by the facts that evidence counts."""
        with self._database.reading() as session:
            row = self._latest(session)
            return {} if row is None else dict(cast("Kept", row.parameters.get(SHIFTS, {})))

    def proposed_by_lot(self) -> dict[str, float]:
        """Findings of the latest run that its lot drew for a case, each with its chance."""
        with self._database.reading() as session:
            row = self._latest(session)
            return {} if row is None else dict(cast("Kept", row.parameters.get(LOTS, {})))

    def is_of_another_graph(self) -> bool:
        """Whether there is a latest run, but it saw another graph than this one is now."""
        with self._database.reading() as session:
            any_run = session.execute(select(func.count()).select_from(RunRow)).scalar_one() > 0
            return any_run and self._latest(session) is None

    def page(
        self, after: Place | None = None, limit: int = 50, kind: str | None = None
    ) -> FindingPage:
        """Findings of the latest run by falling score, then id.

        A list that was begun goes on with the run that it began with, so that a detection in the
        meantime neither hides a finding nor shows one twice.

        Args:
            after: Place of the last finding seen; ``None`` begins.
            limit: Most findings handed back, at least 1.
            kind: Only this kind.

        Raises:
            BadInput: ``after`` is no finding of a run of this graph, ``limit`` is below 1, or
                there is no such kind.
        """
        if limit < 1:
            raise BadInput(f"limit must be at least 1, not {limit}")
        if kind is not None and kind not in finding_kinds():
            raise BadInput(f"kind is one of {', '.join(finding_kinds())}, not {kind[:40]!r}")
        with self._database.reading() as session:
            run = self._number(session) if after is None else self._begun(session, after)
            matching = [FindingRow.run == run, *([] if kind is None else [FindingRow.kind == kind])]
            count = select(func.count()).select_from(FindingRow).where(*matching)
            total = session.execute(count).scalar_one()
            if after is not None:
                matching.append(_behind(session, after))
            query = select(FindingRow).where(*matching).order_by(*_RANK).limit(limit + 1)
            found = _with_members(session, query)
            return FindingPage(tuple(found[:limit]), len(found) > limit, total, run)

    def get(self, finding_id: str) -> Finding:
        """The finding as the last run that had it saw it; ``NotFound`` when none ever had."""
        with self._database.reading() as session:
            query = select(FindingRow).where(FindingRow.finding_id == finding_id)
            query = query.order_by(FindingRow.run.desc()).limit(1)
            row = session.execute(query).scalar_one_or_none()
            if row is None or not is_of(self._graph, session.get_one(RunRow, row.run)):
                raise NotFound(f"no finding {finding_id[:40]!r}")
            return _with_members(session, query)[0]

    def of_node(self, nid: int) -> list[Finding]:
        """Findings the node is a member of, by falling score, then id."""
        return self.of_nodes([nid]).get(nid, [])

    def of_nodes(self, nids: Sequence[int]) -> dict[int, list[Finding]]:
        """Findings by member, each list by falling score, then id; nodes in none are left out.

        Every record of a person has the findings of the record that stands for him.
        """
        with self._database.reading() as session:
            run = self._number(session)
            member_of = _members(session, run, nids)
            ours = (MemberRow.run == run, MemberRow.nid.in_(set(member_of.values())))
            nids_of: dict[str, list[int]] = {}
            for part in session.execute(select(MemberRow).where(*ours)).scalars():
                nids_of.setdefault(part.finding_id, []).append(part.nid)
            wanted = (FindingRow.run == run, FindingRow.finding_id.in_(nids_of))
            ranked = _with_members(session, select(FindingRow).where(*wanted).order_by(*_RANK))
        found: dict[int, list[Finding]] = {}
        for item in ranked:
            for nid, member in member_of.items():
                if member in nids_of[item.finding_id]:
                    found.setdefault(nid, []).append(item)
        return found

    def node_scores(self, nids: Sequence[int]) -> Scored | None:
        """Scores of the nodes that have one, with the run; ``None`` before the first run."""
        with self._database.reading() as session:
            run = self._latest(session)
            if run is None:
                return None
            ours = (NodeScoreRow.run == run.number, NodeScoreRow.nid.in_(nids))
            rows = session.execute(select(NodeScoreRow).where(*ours)).scalars()
            return Scored(run_of(run), {row.nid: node_score_of(row) for row in rows})

    def runs_of(self, finding_ids: Sequence[str]) -> dict[str, Run]:
        """The last run that had each finding, by finding."""
        with self._database.reading() as session:
            last = select(FindingRow.finding_id, func.max(FindingRow.run).label("run"))
            last = last.where(FindingRow.finding_id.in_(finding_ids))
            seen = last.group_by(FindingRow.finding_id).subquery()
            rows = session.execute(
                select(seen.c.finding_id, RunRow).join(RunRow, RunRow.number == seen.c.run)
            )
            return {finding_id: run_of(run) for finding_id, run in rows}

    def node_score(self, nid: int) -> NodeScore | None:
        """Score of a node with its reasons; ``None`` when nothing speaks against it."""
        scored = self.node_scores([nid])
        return None if scored is None else scored.scores.get(nid)

    def scores(self) -> dict[int, float]:
        """Score of every node that has one in the latest run, by nid."""
        with self._database.reading() as session:
            ours = select(NodeScoreRow.nid, NodeScoreRow.score)
            ours = ours.where(NodeScoreRow.run == self._number(session))
            rows = session.execute(ours.order_by(NodeScoreRow.nid))
            return {row.nid: row.score for row in rows}

    def stands_for(self) -> dict[int, int]:
        """Records that were one person with a member when the run saw them: which member each."""
        with self._database.reading() as session:
            ours = select(RecordRow).where(RecordRow.run == self._number(session))
            return {row.nid: row.stands_for for row in session.execute(ours).scalars()}

    def lineage(self) -> list[Lineage]:
        """What became of the findings of the run before, and what is new, in id order."""
        with self._database.reading() as session:
            ours = select(LineageRow).where(LineageRow.run == self._number(session))
            rows = session.execute(ours.order_by(LineageRow.finding_id)).scalars()
            return [Lineage(row.finding_id, row.event, row.other_id, row.overlap) for row in rows]

    def _latest(self, session: Session) -> RunRow | None:
        """The latest run, if it saw this graph."""
        query = select(RunRow).order_by(RunRow.number.desc()).limit(1)
        row = session.execute(query).scalar_one_or_none()
        return row if row is not None and is_of(self._graph, row) else None

    def _number(self, session: Session) -> int:
        """Number of the latest run; -1, which no row has, where there is none."""
        row = self._latest(session)
        return -1 if row is None else row.number

    def _begun(self, session: Session, place: Place) -> int:
        """Number of the run in whose list the place is."""
        row = session.get(RunRow, place.run)
        if row is None or not is_of(self._graph, row):
            raise BadInput("the list goes on with a run that is no more: begin it anew")
        return row.number


def _members(session: Session, run: int, nids: Sequence[int]) -> dict[int, int]:
    """The node that is a member in place of each: itself, or another record of its person."""
    ours = select(RecordRow).where(RecordRow.run == run, RecordRow.nid.in_(nids))
    others = {row.nid: row.stands_for for row in session.execute(ours).scalars()}
    return {nid: others.get(nid, nid) for nid in nids}


def _behind(session: Session, place: Place) -> ColumnElement[bool]:
    """Condition: ranked behind that finding."""
    row = session.get(FindingRow, (place.run, place.finding_id))
    if row is None:
        raise BadInput("the list goes on behind a finding that its run does not have")
    tied = and_(FindingRow.score == row.score, FindingRow.finding_id > place.finding_id)
    return or_(FindingRow.score < row.score, tied)


def _with_members(session: Session, query: Select[FindingRow]) -> list[Finding]:
    """Findings of the query, in its order, with the members of all of them in one more read."""
    rows = session.execute(query).scalars().all()
    if not rows:
        return []
    wanted = (MemberRow.run == rows[0].run, MemberRow.finding_id.in_([r.finding_id for r in rows]))
    members: dict[str, list[MemberRow]] = {row.finding_id: [] for row in rows}
    for member in session.execute(select(MemberRow).where(*wanted)).scalars():
        members[member.finding_id].append(member)
    return [finding_of(row, members[row.finding_id]) for row in rows]
