"""An opened deployment in an analyst's hands."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import pyarrow as pa

from graphrisk.access.model import Principal
from graphrisk.access.purposes import purpose_of
from graphrisk.analysis.deployment import Deployment, opened_with, operator
from graphrisk.analysis.entities import Viewer
from graphrisk.analysis.model import DetectionReport
from graphrisk.analysis.run import detect
from graphrisk.analyst.findings import FindingView, finding_table
from graphrisk.analyst.graph import Graph
from graphrisk.core.clock import SystemClock
from graphrisk.core.errors import Forbidden
from graphrisk.core.ids import OpaqueIds
from graphrisk.ingest.load import load
from graphrisk.ingest.report import LoadReport, Progress, quiet
from graphrisk.ingest.service import Sources
from graphrisk.settings import read_settings
from graphrisk.store.contract import Reader, TraceQuery
from graphrisk.store.snapshot.snapshot import Snapshot

#: Without a role: sees what is open, and personal values masked, whatever the case.
_NO_ROLES = frozenset[str]()


def opened(store: str | None, as_: Principal | None, purpose: str, case: str | None) -> Session:
    """See ``graphrisk.open``."""
    principal = as_ or Principal(operator().name, _NO_ROLES, operator().scope)
    viewer = Viewer(principal, purpose_of(purpose, case))
    with ExitStack() as stack:
        deployment = stack.enter_context(opened_with(read_settings(store)))
        return Session(deployment, viewer, stack.pop_all())


@dataclass(frozen=True, slots=True)
class Traced:
    """Where money went: ``layer, eid, src, dst, at, amount`` (fen) in (layer, time) order."""

    rows: pa.Table
    truncated: bool  # a cap of the query was reached


class Session:
    """Loads, detects and looks; a context manager, or closed by ``close``."""

    def __init__(self, deployment: Deployment, viewer: Viewer, stack: ExitStack) -> None:
        self._deployment = deployment
        self._viewer = viewer
        self._stack = stack
        self._audit = deployment.audit()
        self._inquiry = deployment.inquiry_of(viewer)
        self._ids = OpaqueIds(deployment.settings.id_secret_bytes)

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the stores; doing it again does no harm."""
        self._stack.close()

    def __repr__(self) -> str:
        settings, purpose = self._deployment.settings, self._viewer.purpose
        return f"<graphrisk {settings.store} as {self._viewer.principal.name} for {purpose.code}>"

    def load(self, folder: str | Path, *, progress: Progress = quiet) -> LoadReport:
        """Load delivered files as ``graphrisk load`` does; see ``graphrisk.ingest.load.load``."""
        settings, clock = self._deployment.settings, SystemClock()
        return load(
            self._deployment.store,
            settings.folder,
            Path(folder),
            clock=clock,
            key_ring=settings.key_ring_file,
            sources=Sources(self._deployment.database, clock),
            progress=progress,
        )

    def detect(self, *, progress: Progress = quiet) -> DetectionReport:
        """Look for rings as ``graphrisk detect`` does; see ``graphrisk.analysis.run.detect``."""
        return detect(
            self._deployment.store,
            self._deployment.snapshot_folder,
            self._deployment.database,
            SystemClock(),
            progress=progress,
        )

    def snapshot(self) -> Graph:
        """The whole graph as it is now, as columns. Cost: linear in what changed since the last.

        Raises:
            Forbidden: The principal's scope is less than the city: whole graphs are not cut yet.
        """
        if not self._viewer.principal.scope.is_everything:
            raise Forbidden("columns are of the whole graph: they are for whoever sees all of it")
        store, folder = self._deployment.store, self._deployment.snapshot_folder
        snapshot = Snapshot.open(folder, self._reader(), store.health().store_id)
        snapshot.refresh()
        return Graph(snapshot.graph(), self._viewer, self._ids, self._audit)

    def search(self, text: str, *kinds: str, limit: int = 20) -> pa.Table:
        """Nodes found by words of their key or searchable properties: ``nid, id, kind, caption``.

        Chinese names are found by pinyin as well.
        """
        found = self._inquiry.search(text, kinds, limit).entities
        return pa.table(
            {
                "nid": pa.array([one.nid for one in found], pa.int64()),
                "id": pa.array([self._public(one.kind, one.nid) for one in found], pa.string()),
                "kind": pa.array([one.kind for one in found], pa.string()),
                "caption": pa.array([one.caption for one in found], pa.string()),
            }
        )

    def trace(self, query: TraceQuery) -> Traced:
        """Follow money strictly forward or backward in time; see ``TraceQuery``."""
        page = self._reader().trace(query)
        self._audit.record(self._viewer.principal, "trace", self._viewer.purpose, len(page.rows))
        rows = page.rows
        at = rows["at"].cast(pa.timestamp("ms", "UTC"))
        return Traced(rows.set_column(rows.column_names.index("at"), "at", at), page.truncated)

    def findings(self, kind: str | None = None, *, limit: int = 100) -> pa.Table:
        """The latest run's findings, strongest first: ``id, kind, score, members, reason``."""
        return finding_table(self._inquiry.findings(None, limit, kind).items)

    def finding(self, finding_id: str) -> FindingView:
        """One finding, to be read and looked at; ``NotFound`` when no run had it."""
        return FindingView(self._inquiry, self._inquiry.finding(finding_id), self._ids)

    def _reader(self) -> Reader:
        return self._deployment.store.reader(self._viewer.principal.scope, self._viewer.purpose)

    def _public(self, kind: str, nid: int) -> str:
        return self._ids.encode(kind.lower(), nid)
