"""A delivered folder, from its files to explained findings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.model import Purpose
from graphrisk.analysis.entities import Viewer
from graphrisk.analysis.explain import explain
from graphrisk.analysis.inquiry import Inquiry
from graphrisk.analysis.model import Finding
from graphrisk.analysis.run import detect
from graphrisk.analysis.service import Findings
from graphrisk.cli.documents import finding_document
from graphrisk.core.clock import ManualClock
from graphrisk.core.ids import OpaqueIds
from graphrisk.ingest.load import load
from graphrisk.ingest.report import LoadReport
from graphrisk.store.audit.spool import AuditSpool
from graphrisk.store.contract import Store
from graphrisk.store.operations.database import Database


@dataclass(frozen=True)
class Seen:
    """What the product made of a folder."""

    report: LoadReport
    findings: list[Finding]
    listed: str  # as `findings --json` says it
    texts: list[str]


def seen_by(store: Store, folder: Path, place: Path) -> Seen:
    """Load ``folder`` into an empty store and detect; ``place`` keeps what lies beside it."""
    place.mkdir()
    database = Database(f"sqlite:///{place / 'operations.db'}")
    database.migrate()
    clock = ManualClock(1)
    report = load(store, place / "files", folder, clock=clock, progress=lambda *_: None)
    detect(store, place / "snapshot", database, clock, progress=lambda *_: None)
    viewer = Viewer(DEVELOPMENT, Purpose("investigation"))
    audit = AuditSpool(place / "audit", clock)
    inquiry = Inquiry(store, Findings(database, store), viewer, audit, OpaqueIds(b"s").entity)
    found = list(Findings(database, store).page(None, 1_000).items)
    documents = [finding_document(inquiry, one) for one in found]
    texts = [
        explain(one, {}, inquiry.proofs(one), language)
        for one in found[:3]
        for language in ("zh", "en")
    ]
    database.dispose()
    return Seen(report, found, json.dumps(documents), texts)
