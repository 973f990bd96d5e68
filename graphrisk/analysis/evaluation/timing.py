"""When a ring could first be told, and how much of its victims' money that would have saved.

One run sees all days at once, so it cannot know when it would have spoken. What it knows is when
each event happened that its finding rests on: a suspect is *there* from the first event at him in
the evidence on, or from when a tie of the evidence (who holds, owns and uses what) joins him to
one who is; what nothing dates was there from the first event on. The first alert is the first
moment at which the suspects that are there overlap the ring by a Jaccard of 0.3. A run at that
moment may still have needed more to call it no chance: this is the earliest moment possible.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from graphrisk.analysis.evaluation.rings import TOUCHED, jaccard, suspects
from graphrisk.analysis.evaluation.truth import Nodes, Ring
from graphrisk.analysis.model import Finding
from graphrisk.store.contract import NeighbourQuery, Reader

DAY = 86_400_000
#: Column that says when an edge happened or was first seen, by preference.
_TIMES = ("at", "first")
_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Payment:
    """A transfer at one of a ring's accounts."""

    src: int
    dst: int
    at: int  # epoch ms UTC
    amount: int  # fen


@dataclass(frozen=True, slots=True)
class Alert:
    """When a ring could be told, and what the victims' money was doing then."""

    at: int  # epoch ms UTC
    days: float | None  # after the ring began; None where the truth does not say when
    stoppable: float | None  # share of the victims' money; None where nobody paid


def first_alert(ring: Ring, finding: Finding, reader: Reader) -> Alert | None:
    """The first moment at which ``finding`` could have told ``ring``; ``None`` if it has no time.

    Cost: one read of the evidence and two a planted account.
    """
    at = _told_at(ring, finding, reader)
    if at is None:
        return None
    days = None if ring.started is None else max(at - ring.started, 0) / DAY
    return Alert(at, days, stoppable_share(ring, payments_of(ring.offenders, reader), at))


def stoppable_share(ring: Ring, payments: Iterable[Payment], at: int) -> float | None:
    """Share of the victims' money that a stop at ``at`` would still have saved.

    That is what they paid afterwards, and what of the money before still lay in the ring's
    accounts: what others had paid in less what had left, never more than the victims paid.
    """
    before = after = lying = 0
    for one in payments:
        enters = one.dst in ring.offenders and one.src not in ring.offenders
        leaves = one.src in ring.offenders and one.dst not in ring.offenders
        from_victim = enters and one.src in ring.victims
        if one.at > at:
            after += one.amount * from_victim
        else:
            before += one.amount * from_victim
            lying += one.amount * enters - one.amount * leaves
    if not before + after:
        return None
    return (after + min(max(lying, 0), before)) / (before + after)


def payments_of(nodes: Nodes, reader: Reader) -> list[Payment]:
    """All transfers at the accounts among ``nodes``, each once, in eid order."""
    known = np.array(sorted(nid for nid in nodes if nid >= 0), np.int64)
    accounts = reader.get_nodes(known).get("Account")
    found: dict[int, Payment] = {}
    for nid in [] if accounts is None else accounts["nid"].to_numpy().tolist():
        for direction in ("in", "out"):
            query = NeighbourQuery(nid, "TRANSFERRED", direction, limit=_MOST)
            rows = reader.neighbours(query).rows
            columns = [rows[name].to_pylist() for name in ("eid", "src", "dst", "at", "amount")]
            for eid, src, dst, at, amount in zip(*columns, strict=True):
                found[eid] = Payment(src, dst, at, amount)
    return [found[eid] for eid in sorted(found)]


def _told_at(ring: Ring, finding: Finding, reader: Reader) -> int | None:
    there = suspects_there(finding, reader)
    present: set[int] = set()
    for at, nids in sorted(_by_moment(there).items()):
        present.update(nids)
        if jaccard(frozenset(present), ring.offenders) >= TOUCHED:
            return at
    return None


def _by_moment(there: Mapping[int, int]) -> dict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for nid, at in there.items():
        found[at].append(nid)
    return found


def suspects_there(finding: Finding, reader: Reader) -> dict[int, int]:
    """From which moment on each suspect was there; none where nothing is dated."""
    accused = suspects(finding)
    there: dict[int, int] = {}
    ties: defaultdict[int, set[int]] = defaultdict(set)
    for src, dst, at in _evidence(finding, reader):
        for one, other in ((src, dst), (dst, src)):
            if at is None:
                ties[one].add(other)
            elif one in accused:
                there[one] = min(at, there.get(one, at))
    for nid in sorted(there, key=lambda one: (there[one], one)):  # earliest first: like Dijkstra
        reached = [nid]
        while reached:
            for other in ties[reached.pop()]:
                if other in accused and there[nid] < there.get(other, there[nid] + 1):
                    there[other] = there[nid]
                    reached.append(other)
    begun = min(there.values(), default=None)
    return {} if begun is None else {nid: there.get(nid, begun) for nid in sorted(accused)}


def _evidence(finding: Finding, reader: Reader) -> Iterator[tuple[int, int, int | None]]:
    """Ends and moment of each edge of the evidence."""
    for table in reader.get_edges(np.array(finding.evidence, np.int64)).values():
        timed = next((name for name in _TIMES if name in table.column_names), None)
        moments = [None] * len(table) if timed is None else table[timed].to_pylist()
        ends = (table["src"].to_pylist(), table["dst"].to_pylist())
        yield from zip(*ends, moments, strict=True)
