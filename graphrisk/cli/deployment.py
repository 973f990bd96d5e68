"""What a command works on: settings, graph store and operations database, opened together."""

from __future__ import annotations

import os
import pwd
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.model import EVERYTHING, Principal, Purpose
from graphrisk.core.errors import ConfigError, system_faults
from graphrisk.core.files import private_folder

if TYPE_CHECKING:
    from pydantic import SecretStr

    from graphrisk.access.model import AuditPort
    from graphrisk.analysis.inquiry import Inquiry
    from graphrisk.ingest.resolve.service import Identities
    from graphrisk.settings import Settings
    from graphrisk.store.contract import Reader, Store
    from graphrisk.store.operations.database import Database


@dataclass(frozen=True, slots=True)
class Deployment:
    """An opened deployment: everything a command may touch."""

    settings: Settings
    store: Store
    database: Database

    @property
    def snapshot_folder(self) -> Path:
        """Where the columns that algorithms read are kept."""
        return self.settings.snapshot_folder

    def inquiry(self, purpose: str, case: str | None = None) -> Inquiry:
        """The recorded door, for whoever runs the command; personal values need a case.

        ``BadInput`` for a purpose outside the vocabulary or a case that is no number.
        """
        from graphrisk.access.purposes import purpose_of
        from graphrisk.analysis.entities import Viewer
        from graphrisk.analysis.inquiry import Inquiry
        from graphrisk.analysis.service import Findings

        viewer = Viewer(operator(), purpose_of(purpose, case))
        return Inquiry(self.store, Findings(self.database, self.store), viewer, self._audit())

    def reader(self, action: str, purpose: str) -> Reader:
        """Reads of the whole graph as it stands, for a comparison; recorded before the first."""
        reader = self.store.reader(EVERYTHING, Purpose(purpose))
        self.record(action, purpose, sum(reader.counts().values()))
        return reader

    def record(self, action: str, purpose: str, count: int) -> None:
        """Note what whoever runs the command is about to do, and to how many."""
        self._audit().record(operator(), action, Purpose(purpose), count)

    def identities(self) -> Identities:
        """What is judged of the records."""
        from graphrisk.core.clock import SystemClock
        from graphrisk.ingest.resolve.service import Identities

        return Identities(self.store, self.database, SystemClock())

    def _audit(self) -> AuditPort:
        from graphrisk.core.clock import SystemClock
        from graphrisk.store.audit import AuditFile

        return AuditFile(self.settings.audit_file, SystemClock())


def operator() -> Principal:
    """Whoever runs a command: named as the operating system does, with a developer's rights."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's user has a number only
        name = str(os.getuid())
    return replace(DEVELOPMENT, name=f"os:{name}")


def read_settings(store: str | None) -> Settings:
    """Settings from the environment, with the store of the command line over them."""
    from pydantic import ValidationError

    from graphrisk.settings import Settings

    try:
        settings = Settings() if store is None else Settings(store=store)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"GRAPHRISK_{name.upper()}: {first['msg']}") from error
    if settings.sqlite_file is None:
        settings.neo4j_target()
        if settings.store_password is None and sys.stdin.isatty():
            return settings.model_copy(update={"store_password": _ask_password(settings)})
    return settings


@contextmanager
def opened(store: str | None) -> Iterator[Deployment]:
    """The deployment of ``--store`` (or the environment), migrated; closed on leaving."""
    with opened_with(read_settings(store)) as deployment:
        yield deployment


@contextmanager
def opened_with(settings: Settings) -> Iterator[Deployment]:
    """The deployment that ``settings`` describe, migrated; closed on leaving."""
    from graphrisk.store.open import open_store
    from graphrisk.store.operations.database import Database

    with system_faults(settings.folder), ExitStack() as stack:
        private_folder(settings.folder)
        graph = open_store(settings)
        stack.callback(graph.close)
        database = Database(settings.operations_url)
        stack.callback(database.dispose)
        database.migrate()
        yield Deployment(settings, graph, database)


def _ask_password(settings: Settings) -> SecretStr:
    import typer
    from pydantic import SecretStr

    uri, user = settings.neo4j_target()
    return SecretStr(typer.prompt(f"Password of {user} at {uri}", hide_input=True, err=True))
