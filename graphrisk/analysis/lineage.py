"""Stable names for findings: what became of each from run to run, by overlap of members."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphrisk.analysis.model import Lineage

#: Below this overlap two findings are different rings that share some members.
_LEAST_OVERLAP = 0.3


@dataclass(frozen=True, slots=True)
class Group:
    """What lineage needs to know of a finding: its kind and members."""

    kind: str
    nids: frozenset[int]


def born_id(kind: str, keys: Sequence[tuple[str, str]], taken: set[str]) -> str:
    """Id of a new finding from its kind and its members' (kind, key): equal on every engine.

    An id that lives on under other members is not given twice: the digest is taken again.
    """
    text = "\n".join([kind, *(f"{of}\t{key}" for of, key in sorted(keys))])
    digest = hashlib.sha256(text.encode()).hexdigest()
    while f"ring_{digest[:16]}" in taken:
        digest = hashlib.sha256(digest.encode()).hexdigest()
    return f"ring_{digest[:16]}"


def continued(before: Mapping[str, Group], now: Sequence[Group]) -> dict[int, tuple[str, float]]:
    """Which present groups go on under an earlier id: ``position -> (id, Jaccard)``.

    Pairs of one kind by falling Jaccard (ties: smaller id, earlier position), each side once,
    down to an overlap of 0.3. Cost: linear in members plus the pairs that share one.
    """
    found = sorted(
        (-overlap, finding_id, position)
        for finding_id, position, overlap in _overlaps(before, now)
        if overlap >= _LEAST_OVERLAP
    )
    kept: dict[int, tuple[str, float]] = {}
    used: set[str] = set()
    for overlap, finding_id, position in found:
        if position not in kept and finding_id not in used:
            kept[position] = (finding_id, -overlap)
            used.add(finding_id)
    return kept


def lineage(before: Mapping[str, Group], now: Mapping[str, Group]) -> list[Lineage]:
    """What became of every finding of both runs, in id order.

    A finding in ``now`` under an id of ``before`` is kept, grown, shrunk or changed; another one
    split from the earlier finding that held most of its members, if at least half, or was born.
    An earlier id that is gone merged into the present finding that holds most of its members, if
    at least half, or dissolved.
    """
    told = []
    for finding_id in sorted(before.keys() | now.keys()):
        old, new = before.get(finding_id), now.get(finding_id)
        if old is not None and new is not None:
            told.append(Lineage(finding_id, _change(old, new), None, _jaccard(old, new)))
        elif new is not None:
            told.append(_moved(finding_id, new, before, "split", "born"))
        elif old is not None:
            told.append(_moved(finding_id, old, now, "merged", "dissolved"))
    return told


def _change(old: Group, new: Group) -> str:
    if old.nids == new.nids:
        return "kept"
    if old.nids < new.nids:
        return "grown"
    return "shrunk" if old.nids > new.nids else "changed"


def _moved(
    finding_id: str, group: Group, others: Mapping[str, Group], moved: str, alone: str
) -> Lineage:
    shared = [
        (-len(group.nids & other.nids), name)
        for name, other in others.items()
        if other.kind == group.kind
    ]
    count, name = min(shared, default=(0, ""))
    if -2 * count < len(group.nids):
        return Lineage(finding_id, alone, None, 0.0)
    return Lineage(finding_id, moved, name, _jaccard(group, others[name]))


def _jaccard(left: Group, right: Group) -> float:
    return round(len(left.nids & right.nids) / len(left.nids | right.nids), 6)


def _overlaps(before: Mapping[str, Group], now: Sequence[Group]) -> list[tuple[str, int, float]]:
    """Jaccard of the pairs of one kind that share a member."""
    holding: defaultdict[int, list[str]] = defaultdict(list)
    for finding_id, group in before.items():
        for nid in group.nids:
            holding[nid].append(finding_id)
    return [
        (finding_id, position, _jaccard(before[finding_id], group))
        for position, group in enumerate(now)
        for finding_id in sorted({name for nid in group.nids for name in holding[nid]})
        if before[finding_id].kind == group.kind
    ]
