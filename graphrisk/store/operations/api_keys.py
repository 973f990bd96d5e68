"""API keys as rows: ``graphrisk.access.keys.model.KeyRows`` on the operations database.

Nothing is remembered between calls, so that all processes on one database know of a revocation
with their next look.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from graphrisk.access.keys.model import ApiKey, Grant, Secret
from graphrisk.core.errors import Conflict, NotFound
from graphrisk.store.operations.api_key_tables import ApiKeyRow, ApiKeySecretRow
from graphrisk.store.operations.database import Database


class ApiKeyRows:
    """See the port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, key_id: str, grant: Grant, issued_by: str, issued_at: int, digest: str) -> ApiKey:
        """See the port."""
        row = ApiKeyRow(
            key_id=key_id,
            name=grant.name,
            roles=list(grant.roles),
            areas=list(grant.areas),
            purposes=list(grant.purposes),
            issued_by=issued_by,
            issued_at=issued_at,
            expires_at=grant.expires_at,
        )
        with self._database.session() as session:
            session.add(row)
            session.flush()
            first = Secret(1, digest, issued_by, issued_at)
            session.add(_secret_row(row.number, first))
        return _told(row, (first,))

    def find(self, key_id: str) -> ApiKey | None:
        """See the port."""
        with self._database.reading() as session:
            wanted = select(ApiKeyRow).filter_by(key_id=key_id)
            found = _keys(session, session.execute(wanted).scalars().all())
        return found[0] if found else None

    def after(self, number: int, limit: int) -> list[ApiKey]:
        """See the port."""
        wanted = select(ApiKeyRow).where(ApiKeyRow.number > number).order_by(ApiKeyRow.number)
        with self._database.reading() as session:
            return _keys(session, session.execute(wanted.limit(limit)).scalars().all())

    def rotate(self, key_id: str, fresh: Secret, ends_at: int) -> ApiKey:
        """See the port."""
        with self._database.session() as session:
            row = _locked(session, key_id)
            held = _secrets(session, [row.number])[row.number]
            if row.revoked_at is not None or held[-1].number + 1 != fresh.number:
                raise Conflict("the key was rotated or revoked meanwhile")
            lasting = or_(ApiKeySecretRow.ends_at.is_(None), ApiKeySecretRow.ends_at > ends_at)
            older = update(ApiKeySecretRow).where(ApiKeySecretRow.key == row.number, lasting)
            session.execute(older.values(ends_at=ends_at))
            session.add(_secret_row(row.number, fresh))
            session.flush()
            session.expire_all()
            return _told(row, _secrets(session, [row.number])[row.number])

    def revoke(self, key_id: str, by: str, at: int) -> ApiKey:
        """See the port."""
        with self._database.session() as session:
            row = _locked(session, key_id)
            if row.revoked_at is None:
                row.revoked_by, row.revoked_at = by, at
            return _told(row, _secrets(session, [row.number])[row.number])

    def note_use(self, key_id: str, at: int, every_ms: int) -> None:
        """See the port."""
        is_due = or_(ApiKeyRow.used_at.is_(None), ApiKeyRow.used_at <= at - every_ms)
        with self._database.session() as session:
            session.execute(
                update(ApiKeyRow).where(ApiKeyRow.key_id == key_id, is_due).values(used_at=at)
            )


def _locked(session: Session, key_id: str) -> ApiKeyRow:
    """The row, held until the transaction ends: who rotates and who revokes take turns."""
    wanted = select(ApiKeyRow).filter_by(key_id=key_id).with_for_update()
    row = session.execute(wanted).scalar_one_or_none()
    if row is None:
        raise NotFound("no such key")
    return row


def _keys(session: Session, rows: Sequence[ApiKeyRow]) -> list[ApiKey]:
    secrets = _secrets(session, [row.number for row in rows])
    return [_told(row, secrets[row.number]) for row in rows]


def _secrets(session: Session, keys: Sequence[int]) -> dict[int, tuple[Secret, ...]]:
    wanted = select(ApiKeySecretRow).where(ApiKeySecretRow.key.in_(keys))
    found: dict[int, list[Secret]] = {key: [] for key in keys}
    for row in session.execute(wanted.order_by(ApiKeySecretRow.number)).scalars():
        found[row.key].append(
            Secret(row.number, row.digest, row.created_by, row.created_at, row.ends_at)
        )
    return {key: tuple(secrets) for key, secrets in found.items()}


def _secret_row(key: int, one: Secret) -> ApiKeySecretRow:
    return ApiKeySecretRow(
        key=key,
        number=one.number,
        digest=one.digest,
        created_by=one.created_by,
        created_at=one.created_at,
        ends_at=one.ends_at,
    )


def _told(row: ApiKeyRow, secrets: tuple[Secret, ...]) -> ApiKey:
    return ApiKey(
        key_id=row.key_id,
        number=row.number,
        grant=Grant(
            row.name, tuple(row.roles), tuple(row.areas), tuple(row.purposes), row.expires_at
        ),
        issued_by=row.issued_by,
        issued_at=row.issued_at,
        secrets=secrets,
        revoked_by=row.revoked_by,
        revoked_at=row.revoked_at,
        used_at=row.used_at,
    )
