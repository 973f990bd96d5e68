"""From one reported number to the ring behind it: what an investigator looks at, in his order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graphrisk.analysis.model import Finding
from graphrisk.analysis.service import Findings
from graphrisk.store.contract import Direction, NeighbourQuery, Reader

#: Whose a number is, and which handset it is used on.
_OWN: tuple[tuple[str, Direction], ...] = (
    ("HOLDS", "in"),
    ("OWNS_PHONE", "in"),
    ("USES_DEVICE", "out"),
)
#: What else is his, and on the handset.
_HIS: tuple[tuple[str, Direction], ...] = (
    ("HOLDS", "out"),
    ("OWNS_PHONE", "out"),
    ("USES_DEVICE", "in"),
)
#: Whom a victim paid, and who called him; then whom a member was paid by and called.
_DEALT: tuple[tuple[str, Direction], ...] = (
    ("TRANSFERRED", "out"),
    ("CALLED", "in"),
    ("TRANSFERRED", "in"),
    ("CALLED", "out"),
)
_MOST = 200  # edges looked at of one kind and node


def ring_behind(findings: Findings, reader: Reader, nid: int) -> Finding | None:
    """The finding that a number leads to, the nearest first; ``None`` when nothing is near.

    The strongest finding that the number itself is a member of, in whatever role; else that of
    its owner or handset; else that of what else is theirs; else of those it dealt with.
    Cost: at most ``200`` edges a kind at the number and at its owner and handset.

    Args:
        findings: Of the latest run.
        reader: Reads the graph.
        nid: A phone or account.
    """
    found = _strongest(findings, [nid])
    if found is not None:
        return found
    own = _near(reader, [nid], _OWN)
    for nids in (own, _near(reader, own, _HIS), _near(reader, [nid], _DEALT)):
        found = _strongest(findings, nids)
        if found is not None:
            return found
    return None


def _strongest(findings: Findings, nids: Sequence[int]) -> Finding | None:
    listed = findings.of_nodes(nids) if nids else {}
    every = {one.finding_id: one for found in listed.values() for one in found}
    return min(every.values(), key=lambda one: (-one.score, one.finding_id), default=None)


def _near(reader: Reader, nids: Iterable[int], ways: Iterable[tuple[str, Direction]]) -> list[int]:
    """Nodes at the other end of edges, in nid order."""
    found: set[int] = set()
    ways = tuple(ways)
    for nid in nids:
        for kind, direction in ways:
            rows = reader.neighbours(NeighbourQuery(nid, kind, direction, limit=_MOST)).rows
            found.update(rows["dst" if direction == "out" else "src"].to_numpy().tolist())
    return sorted(found)
