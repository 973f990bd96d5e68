"""How a deployment's verdicts teach its detections."""

from __future__ import annotations

from functools import partial

from graphrisk.analysis.lessons import Lessons
from graphrisk.centre.verdicts.service import told_by
from graphrisk.settings import Settings
from graphrisk.store.operations.database import Database


def lessons_of(settings: Settings, database: Database) -> Lessons:
    """Verdicts as the operations database has them; capacity and lot as the settings say."""
    return Lessons(partial(told_by, database), settings.case_capacity, settings.audit_share)
