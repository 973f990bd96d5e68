"""The audit as an auditor reads it: who did what, and the proof of each record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graphrisk.access.model import AuditPort, Principal, Purpose
from graphrisk.access.rights import require
from graphrisk.core.errors import BadInput, NotFound, StoreError
from graphrisk.core.tlog import keyring
from graphrisk.core.tlog.reader import LogReader
from graphrisk.store.audit import records
from graphrisk.store.audit.place import AuditPlace
from graphrisk.store.audit.records import AuditFilter, AuditLine
from graphrisk.store.operations.database import Database


@dataclass(frozen=True, slots=True)
class Proved:
    """A record with what shows to anybody that it stands in the log as it is."""

    number: int
    entry: str  # the log's entry, as it stands there
    proof: str  # a tlog-proof file: the entry is under a signed checkpoint
    keys: str  # the log's public keys, signed by the newest
    record: str | None  # what the entry commits to, with its salt; None: erased


class AuditTrail:
    """Reads of the audit, each of which is recorded in it.

    It needs the log's public files and no secret: the process that answers may not sign.
    """

    def __init__(self, place: AuditPlace, database: Database, audit: AuditPort) -> None:
        self._place = place
        self._database = database
        self._audit = audit

    def page(
        self,
        principal: Principal,
        purpose: Purpose,
        before: int | None,
        limit: int,
        wanted: AuditFilter,
    ) -> tuple[Sequence[AuditLine], bool]:
        """Records that fit, the latest first, and whether there are more.

        What was recorded in the last half minute may not be in the log yet. ``Forbidden`` to all
        but auditors of the whole city.
        """
        require(principal, "audit.read")
        reader, found = self._reader(), list[AuditLine]()
        if reader is not None:
            with self._database.reading() as session:
                origin = reader.checkpoint.origin
                found = records.latest(session, origin, limit + 1, wanted, before)
        self._audit.record(principal, "audit.read", purpose, min(len(found), limit))
        return found[:limit], len(found) > limit

    def proof(self, principal: Principal, purpose: Purpose, number: int) -> Proved:
        """A record and its proof.

        Raises:
            Forbidden: The principal is no auditor of the whole city.
            NotFound: The log has no such entry.
            StoreError: The log, or the row, is not what was signed.
        """
        require(principal, "audit.read")
        self._audit.record(principal, "audit.proof", purpose, 1, str(number))
        reader = self._reader()
        if reader is None:
            raise NotFound("nothing is in the log yet")
        try:
            entry, proof = reader.entry(number), reader.proof(number)
        except BadInput as error:
            raise StoreError("the audit's log is damaged: graphrisk audit verify") from error
        with self._database.reading() as session:
            line = records.one(session, reader.checkpoint.origin, number)
        kept = None if line is None else line.record
        if line is None or (kept is None and line.erased_at is None):
            raise StoreError("a row of the audit is missing: graphrisk audit verify")
        if kept is not None and kept.content != entry:
            raise StoreError("a row of the audit was changed: graphrisk audit verify")
        return Proved(
            number,
            entry.decode(),
            str(proof),
            self._keys(),
            None if kept is None else bytes(kept).decode(),
        )

    def _reader(self) -> LogReader | None:
        """The log as it is shown; ``None`` before there is one."""
        fetch = self._place.files().read
        if fetch("checkpoint") is None:
            return None
        try:
            verifiers = [one.verifier for one in keyring.read_public(self._keys())]
            return LogReader(fetch, verifiers)
        except BadInput as error:
            raise StoreError("the audit's log is damaged: graphrisk audit verify") from error

    def _keys(self) -> str:
        return (self._place.files().read(keyring.PATH) or b"").decode("utf-8", "replace")
