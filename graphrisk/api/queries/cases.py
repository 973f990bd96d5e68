"""Queries of cases."""

from __future__ import annotations

import strawberry

from graphrisk.api.context import Asked
from graphrisk.api.inputs import page_size, text_of
from graphrisk.api.types.cases import Case, CaseConnection, case_of, cases_page
from graphrisk.api.types.scalars import DateTime
from graphrisk.centre.cases.model import CaseFilter, CaseState


@strawberry.type
class CaseQueries:
    """Reads of cases within the caller's areas."""

    @strawberry.field(description="A case by id, within the caller's areas.")
    async def case(self, info: Asked, id: strawberry.ID) -> Case | None:
        """One case."""
        context = info.context
        return case_of(info, await context.ask(context.cases.case, text_of(id, "id")))

    @strawberry.field(
        description="Cases within the caller's areas, newest first; by state, area (a prefix of "
        "its code), unit, holder, and by a deadline that falls due before a moment."
    )
    async def cases(
        self,
        info: Asked,
        first: int = 20,
        after: str | None = None,
        state: CaseState | None = None,
        area: str | None = None,
        unit: str | None = None,
        holder: str | None = None,
        due_before: DateTime | None = None,
    ) -> CaseConnection | None:
        """A keyset page of cases."""
        asked = CaseFilter(
            areas=(),  # the desk names those of the caller
            state=state,
            area=None if area is None else text_of(area, "area"),
            unit=None if unit is None else text_of(unit, "unit"),
            holder=None if holder is None else text_of(holder, "holder"),
            due_before=due_before,
        )
        return await _page(info, asked, first, after)

    @strawberry.field(description="Cases that the caller holds, newest first.")
    async def my_desk(
        self, info: Asked, first: int = 20, after: str | None = None
    ) -> CaseConnection | None:
        """A keyset page of the caller's own cases."""
        asked = CaseFilter(areas=(), holder=info.context.cases.name)
        return await _page(info, asked, first, after)


async def _page(info: Asked, asked: CaseFilter, first: int, after: str | None) -> CaseConnection:
    context, limit = info.context, page_size(first)
    place = None if after is None else context.ids.read_cursor("cases", after)
    page = await context.ask(context.cases.page, asked, place, limit)
    return cases_page(info, page, after)
