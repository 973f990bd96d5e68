"""The query for pasted lists."""

from __future__ import annotations

import strawberry

from graphrisk.analysis import lookup
from graphrisk.api.context import Asked
from graphrisk.api.types.lookup import LookupLine, lookup_line
from graphrisk.api.types.vocabulary import NodeKind
from graphrisk.core.errors import BadInput, LimitExceeded


@strawberry.type
class LookupQueries:
    """Many numbers at once."""

    @strawberry.field(
        description="What pasted lines mean, in their order: phone and account numbers, hardware "
        "numbers, credit codes, keys of registers and ids, 500 at most; spaces, dashes, +86 and "
        "full-width digits are understood. Each line counts against the caller's allowance."
    )
    async def lookup(
        self, info: Asked, lines: list[str], kinds: list[NodeKind] | None = None
    ) -> list[LookupLine] | None:
        """Each line by itself: what is wrong with one says nothing of the others."""
        context = info.context
        if len(lines) > lookup.MOST_LINES:
            raise LimitExceeded(f"at most {lookup.MOST_LINES} lines at once, not {len(lines)}")
        wanted = lookup.KINDS if kinds is None else tuple(kind.value for kind in kinds)
        context.lookups.take(context.viewer.principal.name, len(lines))
        ids = {n: nid for n, line in enumerate(lines) if (nid := _named(info, line)) is not None}
        found = await context.ask(context.inquiry.lookup, lines, wanted, ids)
        return [lookup_line(info, one) for one in found]


def _named(info: Asked, line: str) -> int | None:
    """The node whose id a line is; ``None`` for a line that is no id."""
    try:
        return info.context.ids.read_entity(line.strip())[1]
    except BadInput:
        return None
