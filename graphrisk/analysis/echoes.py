"""What one finder tells is not told again by another that sees less of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from graphrisk.analysis.findings import BLAMELESS
from graphrisk_algorithms.algorithm import Candidate

#: A mule ladder found once more as a flow shares nearly all its accounts with the cell.
_SAME = 0.8


def without_echoes(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Leave out whose suspects nearly all stand in a larger candidate of another kind.

    The larger one is at least as strong, so nothing is lost but the same accusation twice; of two
    of one size the first in the list is told. Linear in members.
    """
    suspects = [_suspects(one) for one in candidates]
    holding: defaultdict[int, list[int]] = defaultdict(list)
    for place, nodes in enumerate(suspects):
        for nid in nodes:
            holding[nid].append(place)
    return [
        one
        for place, one in enumerate(candidates)
        if not any(
            candidates[other].kind != one.kind
            and candidates[other].score >= one.score
            and (len(suspects[other]), place) > (len(suspects[place]), other)
            and common >= _SAME * len(suspects[place])
            for other, common in Counter(
                other for nid in suspects[place] for other in holding[nid]
            ).items()
        )
    ]


def _suspects(candidate: Candidate) -> set[int]:
    roles = zip(candidate.members.tolist(), candidate.roles, strict=True)
    return {nid for nid, role in roles if role not in BLAMELESS}
