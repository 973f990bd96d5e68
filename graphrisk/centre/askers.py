"""Saved queries asked with what their owners may see at this moment."""

from __future__ import annotations

from graphrisk.access.demands import read_demand
from graphrisk.access.principals.service import Standing
from graphrisk.analysis.saved.look import Asker
from graphrisk.analysis.saved.model import Asked
from graphrisk.analysis.saved.rules import Owners
from graphrisk.centre.openings.sight import Sights
from graphrisk.core.clock import Clock
from graphrisk.core.ids import OpaqueIds
from graphrisk.settings import Settings
from graphrisk.store.audit.spool import AuditSpool
from graphrisk.store.contract import Store
from graphrisk.store.operations.database import Database
from graphrisk.store.operations.principals import StoredPrincipals


def ask_saved(settings: Settings, store: Store, database: Database, clock: Clock) -> Asked:
    """One round of looks at all saved queries. Raises as ``Asker.round``."""
    sights = Sights(database, clock, read_demand(settings.case_demanded), store)
    audit = AuditSpool(settings.audit_folder, clock)
    is_kept = settings.rights == "rows"
    standing = Standing(StoredPrincipals(database), clock) if is_kept else None
    ids = OpaqueIds(settings.id_secret_bytes)
    asker = Asker(store, database, clock, audit, sights.viewer, ids.entity)
    return asker.round(Owners(standing, clock).principal)
