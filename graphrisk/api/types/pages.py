"""Pages of lists: keyset cursors of our own, so that a growing graph shifts nothing."""

from __future__ import annotations

import strawberry


@strawberry.type(description="Where a page ends and whether the list goes on.")
class PageInfo:
    """As the Relay cursor connections specification asks; lists are read forward only."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


def page_info(cursors: list[str], has_next: bool, after: str | None) -> PageInfo:
    """Of a page whose rows have these cursors."""
    return PageInfo(
        has_next_page=has_next,
        has_previous_page=after is not None,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )
