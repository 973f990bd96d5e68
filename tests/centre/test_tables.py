"""The migrations make the tables of the centre as the code declares them, and can be undone."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from graphrisk.centre.cases import tables as cases
from graphrisk.centre.deadlines import tables as deadlines
from graphrisk.centre.files import tables as files
from graphrisk.centre.measures import tables as measures
from graphrisk.centre.openings import tables as openings
from graphrisk.centre.timeline import tables as timeline
from graphrisk.centre.verdicts import tables as verdicts
from graphrisk.centre.webhooks import tables as webhooks
from graphrisk.store.operations.base import Base
from graphrisk.store.operations.database import Database

_OURS = {
    row.__tablename__
    for row in (
        cases.CaseRow,
        cases.CaseFindingRow,
        cases.CaseMemberRow,
        cases.CaseNumberRow,
        cases.HeardRunRow,
        deadlines.DeadlineRow,
        deadlines.EscalationRow,
        timeline.StepRow,
        measures.MeasureRow,
        openings.OpeningRow,
        files.UploadRow,
        verdicts.VerdictRow,
        verdicts.LabelRow,
        webhooks.WebhookRow,
        webhooks.WebhookMessageRow,
    )
}


def _differences(database: Database) -> list[object]:
    with database.session() as session:
        context = MigrationContext.configure(session.connection())
        found = compare_metadata(context, Base.metadata)
    return [item for item in found if any(name in str(item) for name in _OURS)]


def test_the_tables_go_up_down_and_up(database: Database) -> None:
    assert _differences(database) == []
    database.downgrade("0011")
    assert len(_differences(database)) >= len(_OURS)
    database.migrate()
    assert _differences(database) == []
