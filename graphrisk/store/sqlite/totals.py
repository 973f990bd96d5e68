"""How many edges a hub has, counted once for each state of the store."""

from __future__ import annotations

from collections.abc import Hashable

#: Edges from which a node is a hub.
HUB = 5_000
_MOST = 4_096


class HubTotals:
    """Totals by what was counted, as of one commit; of hubs only, to count others costs nothing.

    SQLite counts by stepping over the index, 250,000 edges in 5 ms, and whoever leafs through a
    hub asks for the same total with every page. A reader asks within the transaction that told it
    the commit's stamp, which no other commit has, so a total is never that of another state, even
    when a backup was put in the file's place. Safe to use from many threads.
    """

    def __init__(self) -> None:
        self._kept: tuple[int, dict[Hashable, int]] = (0, {})

    def find(self, commit: int, counted: Hashable) -> int | None:
        """The total, if it was counted as of this commit."""
        kept, totals = self._kept
        return totals.get(counted) if kept == commit else None

    def keep(self, commit: int, counted: Hashable, total: int) -> None:
        """Remember a hub's total; another commit makes the others forgotten."""
        if total < HUB or not commit:
            return
        kept = self._kept
        if kept[0] != commit or len(kept[1]) >= _MOST:
            kept = (commit, {})
            self._kept = kept
        kept[1][counted] = total
