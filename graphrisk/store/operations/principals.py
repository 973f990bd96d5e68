"""Principals as rows: ``graphrisk.access.principals.model.PrincipalRows``.

Nothing is remembered between calls, so that all processes on one database know of a change with
their next look. Each change and its event are one transaction; events name nobody.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from graphrisk.access.principals.model import Act, Grant, GrantState, Newcomer, Registered, Rights
from graphrisk.core.errors import Conflict, NotFound
from graphrisk.core.ids import uuid7
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.outbox import emit
from graphrisk.store.operations.principal_tables import PrincipalGrantRow, PrincipalRow


class StoredPrincipals:
    """See the port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, who: Newcomer, act: Act) -> Registered:
        """See the port."""
        row = PrincipalRow(
            principal_id=uuid7(act.at),
            name=who.name,
            title=who.title,
            area=who.area,
            added_by=act.by,
            added_at=act.at,
        )
        with self._database.session() as session:
            if session.execute(select(PrincipalRow.number).filter_by(name=who.name)).first():
                raise Conflict("somebody of that name is known already")
            session.add(row)
            session.flush()
            _tell(session, "add", row.principal_id, [], act)
        return _told(row, ())

    def find(self, name: str) -> Registered | None:
        """See the port."""
        with self._database.reading() as session:
            wanted = select(PrincipalRow).filter_by(name=name)
            found = _registered(session, session.execute(wanted).scalars().all())
        return found[0] if found else None

    def holder(self, grant_id: str) -> Registered | None:
        """See the port."""
        with self._database.reading() as session:
            wanted = select(PrincipalRow).join(PrincipalGrantRow).filter_by(grant_id=grant_id)
            found = _registered(session, session.execute(wanted).scalars().all())
        return found[0] if found else None

    def after(self, number: int, limit: int, waiting: bool) -> list[Registered]:
        """See the port."""
        wanted = select(PrincipalRow).where(PrincipalRow.number > number)
        if waiting:
            proposed = PrincipalGrantRow.state == GrantState.PROPOSED.value
            wanted = wanted.where(
                PrincipalRow.number.in_(select(PrincipalGrantRow.principal).where(proposed))
            )
        with self._database.reading() as session:
            rows = session.execute(wanted.order_by(PrincipalRow.number).limit(limit))
            return _registered(session, rows.scalars().all())

    def is_any(self, role: str, now: int) -> bool:
        """See the port."""
        live = (PrincipalGrantRow.state == GrantState.GIVEN.value, PrincipalGrantRow.ends_at > now)
        wanted = select(PrincipalGrantRow.roles).join(PrincipalRow)
        with self._database.reading() as session:
            held = session.execute(wanted.where(*live, PrincipalRow.ended_at.is_(None)))
            return any(role in roles for roles in held.scalars())

    def give(self, name: str, grant_id: str, rights: Rights, state: GrantState, act: Act) -> None:
        """See the port."""
        with self._database.session() as session:
            holder = _locked(session, name)
            if holder.ended_at is not None:
                raise Conflict("the principal was ended")
            row = PrincipalGrantRow(
                grant_id=grant_id,
                principal=holder.number,
                roles=list(rights.roles),
                areas=list(rights.areas),
                ends_at=rights.ends_at,
                state=state.value,
                reason=act.reason,
                given_by=act.by,
                given_at=act.at,
            )
            session.add(row)
            session.flush()
            action = "propose" if state is GrantState.PROPOSED else "give"
            _tell(session, action, grant_id, row.roles, act)

    def decide(self, grant_id: str, state: GrantState, act: Act) -> None:
        """See the port."""
        with self._database.session() as session:
            row = _locked_grant(session, grant_id)
            if row.state != GrantState.PROPOSED.value:
                raise Conflict("the grant is decided already")
            row.state, row.decided_by, row.decided_at = state.value, act.by, act.at
            session.flush()
            action = "approve" if state is GrantState.GIVEN else "refuse"
            _tell(session, action, grant_id, row.roles, act)

    def withdraw(self, grant_id: str, act: Act) -> None:
        """See the port."""
        with self._database.session() as session:
            row = _locked_grant(session, grant_id)
            if row.state in (GrantState.PROPOSED.value, GrantState.GIVEN.value):
                row.state = GrantState.WITHDRAWN.value
                row.withdrawn_by, row.withdrawn_at = act.by, act.at
                session.flush()
                _tell(session, "withdraw", grant_id, row.roles, act)

    def end(self, name: str, act: Act) -> None:
        """See the port."""
        with self._database.session() as session:
            row = _locked(session, name)
            if row.ended_at is None:
                row.ended_by, row.ended_at = act.by, act.at
                session.flush()
                _tell(session, "end", row.principal_id, [], act)


def _tell(session: Session, action: str, subject: str, roles: Sequence[str], act: Act) -> None:
    payload = {"action": action, "roles": ", ".join(roles)}
    emit(session, "principal.changed", subject, payload, act.at)


def _locked(session: Session, name: str) -> PrincipalRow:
    wanted = select(PrincipalRow).filter_by(name=name).with_for_update()
    row = session.execute(wanted).scalar_one_or_none()
    if row is None:
        raise NotFound("no such principal")
    return row


def _locked_grant(session: Session, grant_id: str) -> PrincipalGrantRow:
    wanted = select(PrincipalGrantRow).filter_by(grant_id=grant_id).with_for_update()
    row = session.execute(wanted).scalar_one_or_none()
    if row is None:
        raise NotFound("no such grant")
    return row


def _registered(session: Session, rows: Sequence[PrincipalRow]) -> list[Registered]:
    grants: dict[int, list[Grant]] = {row.number: [] for row in rows}
    wanted = select(PrincipalGrantRow).where(PrincipalGrantRow.principal.in_(grants))
    for row in session.execute(wanted.order_by(PrincipalGrantRow.number)).scalars():
        grants[row.principal].append(_grant(row))
    return [_told(row, tuple(grants[row.number])) for row in rows]


def _grant(row: PrincipalGrantRow) -> Grant:
    return Grant(
        grant_id=row.grant_id,
        rights=Rights(tuple(row.roles), tuple(row.areas), row.ends_at),
        state=GrantState(row.state),
        reason=row.reason,
        given_by=row.given_by,
        given_at=row.given_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        withdrawn_by=row.withdrawn_by,
        withdrawn_at=row.withdrawn_at,
    )


def _told(row: PrincipalRow, grants: tuple[Grant, ...]) -> Registered:
    return Registered(
        number=row.number,
        who=Newcomer(row.name, row.title, row.area),
        added_by=row.added_by,
        added_at=row.added_at,
        grants=grants,
        ended_by=row.ended_by,
        ended_at=row.ended_at,
    )
