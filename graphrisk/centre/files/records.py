"""Rows of files, as others in the centre look at them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from graphrisk.centre.files.model import Upload
from graphrisk.centre.files.tables import UploadRow


def missing(session: Session, subject: str, hashes: Collection[str]) -> list[str]:
    """Which of these files nobody added to a case or task."""
    ours = (UploadRow.subject == subject, UploadRow.sha256.in_(hashes))
    there = set(session.execute(select(UploadRow.sha256).where(*ours)).scalars())
    return [one for one in hashes if one not in there]


def find(session: Session, subject: str, sha256: str) -> Upload | None:
    """A file of a case or task."""
    row = session.execute(
        select(UploadRow).filter_by(subject=subject, sha256=sha256)
    ).scalar_one_or_none()
    return None if row is None else _upload(row)


def listed(session: Session, subject: str) -> list[Upload]:
    """Files of a case or task, in the order they were added."""
    ours = select(UploadRow).filter_by(subject=subject).order_by(UploadRow.number)
    return [_upload(row) for row in session.execute(ours).scalars()]


def _upload(row: UploadRow) -> Upload:
    return Upload(
        sha256=row.sha256,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        added_by=row.added_by,
        added_at=row.added_at,
    )
