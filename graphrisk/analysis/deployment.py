"""An opened deployment: settings, graph store and operations database, together."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.model import EVERYTHING, WHAT_SEPARATOR, AuditPort, Principal, Purpose
from graphrisk.access.purposes import purpose_of
from graphrisk.analysis.entities import Viewer
from graphrisk.analysis.inquiry import Inquiry
from graphrisk.analysis.service import Findings
from graphrisk.core.clock import SystemClock
from graphrisk.core.errors import system_faults
from graphrisk.core.files import private_folder
from graphrisk.core.ids import OpaqueIds
from graphrisk.ingest.resolve.service import Identities
from graphrisk.settings import Settings
from graphrisk.store.audit.spool import AuditSpool
from graphrisk.store.contract import Reader, Store
from graphrisk.store.open import open_store
from graphrisk.store.operations.database import Database


@dataclass(frozen=True, slots=True)
class Deployment:
    """Everything that a command or a notebook at the machine may touch."""

    settings: Settings
    store: Store
    database: Database
    _audit: AuditPort = field(init=False)

    def __post_init__(self) -> None:
        spool = AuditSpool(self.settings.audit_folder, SystemClock())
        object.__setattr__(self, "_audit", spool)  # as for any field of a frozen class

    @property
    def snapshot_folder(self) -> Path:
        """Where the columns that algorithms read are kept."""
        return self.settings.snapshot_folder

    def inquiry(self, purpose: str, case: str | None = None) -> Inquiry:
        """The recorded door, for whoever runs the command; personal values need a case.

        ``BadInput`` for a purpose outside the vocabulary or a case that is no number.
        """
        return self.inquiry_of(Viewer(operator(), purpose_of(purpose, case)))

    def inquiry_of(self, viewer: Viewer) -> Inquiry:
        """The recorded door for a viewer."""
        findings, ids = (
            Findings(self.database, self.store),
            OpaqueIds(self.settings.id_secret_bytes),
        )
        return Inquiry(self.store, findings, viewer, self.audit(), ids.entity)

    def reader(self, action: str, purpose: str) -> Reader:
        """Reads of the whole graph as it stands, for a comparison; recorded before the first."""
        reader = self.store.reader(EVERYTHING, Purpose(purpose))
        self.record(action, purpose, sum(reader.counts().values()))
        return reader

    def record(self, action: str, purpose: str, count: int, what: str = "") -> None:
        """Note what whoever runs the command is about to do, and to how many."""
        self.audit().record(operator(), action, Purpose(purpose), count, what)

    def ids_of(self, kind: str, keys: Sequence[str]) -> str:
        """Opaque ids of a kind's nodes, as the audit names them; nothing for unknown keys."""
        ids = OpaqueIds(self.settings.id_secret_bytes)
        found = self.store.reader(EVERYTHING, Purpose("operation")).lookup(kind, keys).tolist()
        return WHAT_SEPARATOR.join(ids.entity(kind, nid) for nid in found if nid >= 0)

    def identities(self) -> Identities:
        """What is judged of the records."""
        return Identities(self.store, self.database, SystemClock())

    def audit(self) -> AuditPort:
        """Where reads are recorded."""
        return self._audit


def operator() -> Principal:
    """Whoever runs a command: named as the operating system does, with a developer's rights."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's user has a number only
        name = str(os.getuid())
    return replace(DEVELOPMENT, name=f"os:{name}")


@contextmanager
def opened_with(settings: Settings) -> Iterator[Deployment]:
    """The deployment that ``settings`` describe, migrated; closed on leaving."""
    with system_faults(settings.folder), ExitStack() as stack:
        private_folder(settings.folder)
        graph = open_store(settings)
        stack.callback(graph.close)
        database = Database(settings.operations_url)
        stack.callback(database.dispose)
        database.migrate()
        yield Deployment(settings, graph, database)
