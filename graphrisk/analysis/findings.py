"""From candidates to findings with stable ids, and from findings to scores of nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from graphrisk.analysis.lineage import Group, born_id, continued
from graphrisk.analysis.model import Finding, Member, NodeScore, Reason
from graphrisk.analysis.scoring import stated_scale, whole
from graphrisk_algorithms.algorithm import Candidate
from graphrisk_algorithms.graph import Int64Array, RiskGraph

VICTIM = "victim"
#: Roles that suffer from a ring: members of the finding, never suspects.
BLAMELESS = frozenset({"victim", "payer"})
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Earlier:
    """A finding of the run before: what lineage needs of it and who first found it."""

    group: Group
    first_run: str


@dataclass(frozen=True, slots=True)
class Assembled:
    """The findings of a run, strongest first, with ids that continue those of the run before."""

    items: tuple[Finding, ...]

    def groups(self) -> dict[str, Group]:
        """The findings by id, as lineage sees them."""
        return {
            item.finding_id: Group(item.kind, frozenset(member.nid for member in item.members))
            for item in self.items
        }


class NodeKeys:
    """Kind and key of any node of a graph; one array and one binary search a look-up."""

    def __init__(self, graph: RiskGraph) -> None:
        self._kinds = sorted(graph.nodes)
        self._tables = [graph.nodes[kind] for kind in self._kinds]
        self._nids: list[Int64Array] = [table.column("nid").to_numpy() for table in self._tables]
        self._kind_of = np.full(graph.n, -1, np.int64)
        for code, nids in enumerate(self._nids):
            self._kind_of[nids] = code

    def kind(self, nid: int) -> str:
        """Kind of a node of the graph."""
        return self._kinds[int(self._kind_of[nid])]

    def key(self, nid: int) -> str:
        """Key of a node of the graph."""
        code = int(self._kind_of[nid])
        row = int(np.searchsorted(self._nids[code], nid))
        return str(self._tables[code].column("key")[row].as_py())


def assembled(
    candidates: Sequence[Candidate],
    keys: NodeKeys,
    before: Mapping[str, Earlier],
    run_id: str,
    moved: Callable[[Candidate], Reason | None] = lambda _candidate: None,
) -> Assembled:
    """Findings of the candidates. Ids go on by overlap; a new one is the hash of its members.

    ``moved`` tells by how much verdicts moved a score (``Learnt.reason``): the last of its reasons.
    """
    groups = [Group(one.kind, frozenset(one.members.tolist())) for one in candidates]
    kept = continued({name: old.group for name, old in before.items()}, groups)
    taken = {name for name, _ in kept.values()}
    items = []
    for position, candidate in enumerate(candidates):
        if position in kept:
            name = kept[position][0]
            first_run = before[name].first_run
        else:
            pairs = [(keys.kind(nid), keys.key(nid)) for nid in candidate.members.tolist()]
            name, first_run = born_id(candidate.kind, pairs, taken), run_id
            taken.add(name)
        items.append(_finding(candidate, keys, name, first_run, moved(candidate)))
    return Assembled(tuple(items))


def node_scores(
    findings: Sequence[Finding], share: Callable[[str, str], float] = lambda _kind, _role: 1.0
) -> list[NodeScore]:
    """Score of each member that is not blameless: the chance that it offends, in nid order.

    A finding makes its member an offender with its own score times ``share(kind, role)``, the share
    of such members who offend where the finding holds. Findings that rest on nothing in common are
    independent, ``1 - product(1 - chance)``; of those with evidence in common the strongest counts.
    Who was robbed according to any finding has no score, whatever else he did with his money.
    """
    parts: defaultdict[int, list[_Part]] = defaultdict(list)
    robbed: set[int] = set()
    for finding in findings:
        evidence = frozenset(finding.evidence)
        for member in finding.members:
            if member.role == VICTIM:
                robbed.add(member.nid)
            elif member.role not in BLAMELESS:
                chance = finding.score * share(finding.kind, member.role)
                parts[member.nid].append(_Part(finding, member.role, chance, evidence))
    return [_node_score(nid, parts[nid]) for nid in sorted(parts) if nid not in robbed]


def of_all_records(scores: Sequence[NodeScore], same_as: Int64Array) -> list[NodeScore]:
    """The scores, and for every record of a person that of the record that stands for it."""
    if not len(same_as):
        return list(scores)
    by_nid = {score.nid: score for score in scores}
    others = np.flatnonzero(same_as != np.arange(len(same_as))).tolist()
    stands = [(nid, by_nid.get(int(same_as[nid]))) for nid in others]
    found = [replace(score, nid=nid) for nid, score in stands if score is not None]
    return sorted([*scores, *found], key=lambda score: score.nid)


def other_records(findings: Sequence[Finding], same_as: Int64Array) -> dict[int, int]:
    """Records of persons that are members, other than the members: which member each is."""
    members = np.array([one.nid for item in findings for one in item.members], np.int64)
    others = np.flatnonzero(same_as != np.arange(len(same_as)))
    ours = others[np.isin(same_as[others], members)]
    return dict(zip(ours.tolist(), same_as[ours].tolist(), strict=True))


def _finding(
    candidate: Candidate, keys: NodeKeys, name: str, first_run: str, moved: Reason | None
) -> Finding:
    members = [
        Member(nid=nid, kind=keys.kind(nid), role=role)
        for nid, role in zip(candidate.members.tolist(), candidate.roles, strict=True)
    ]
    by_verdicts = 0.0 if moved is None else moved.contribution
    rests = replace(candidate, score=round(candidate.score - by_verdicts, _DIGITS))
    parts = stated_scale().contributions(rests)
    reasons = [
        Reason(clue.code, part, clue.values)
        for clue, part in zip(candidate.clues, parts, strict=True)
    ]
    return Finding(
        finding_id=name,
        kind=candidate.kind,
        score=candidate.score,
        members=tuple(sorted(members, key=lambda member: (member.kind, member.nid))),
        reasons=(*reasons, *([] if moved is None else [moved])),
        evidence=tuple(candidate.evidence.tolist()),
        first_run=first_run,
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """What one finding says of one member."""

    finding: Finding
    role: str
    chance: float
    evidence: frozenset[int]


def _node_score(nid: int, parts: Sequence[_Part]) -> NodeScore:
    ranked = sorted(parts, key=lambda part: (-part.chance, part.finding.finding_id))
    innocent, counted = 1.0, set[int]()
    for part in ranked:
        if counted.isdisjoint(part.evidence):
            innocent *= 1.0 - part.chance
            counted |= part.evidence
    score = round(1.0 - innocent, _DIGITS)
    reasons = [
        Reason(
            "member_of",
            contribution,
            {"finding": part.finding.finding_id, "kind": part.finding.kind, "role": part.role},
        )
        for part, contribution in zip(
            ranked, whole(score, [part.chance for part in ranked]), strict=True
        )
    ]
    return NodeScore(nid, score, tuple(reasons))
