"""Records that stand for one person, derived from judgements."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from graphrisk_algorithms.graph import EdgeColumns, Int64Array
from graphrisk_algorithms.kernels.components import component_labels

#: The edge kind of judgements: ``verdict`` 1, 0 or -1, ``by_person`` 1 or 0, ``probability``.
JUDGED = "JUDGED"


@dataclass(frozen=True, slots=True)
class Identities:
    """``same_as[nid]`` is the smallest nid of the person's records; others are their own.

    ``conflicts`` holds eids of judgements *same* that were not followed: some pair they would have
    joined, directly or through others, is judged *different*.
    """

    same_as: Int64Array
    conflicts: Int64Array


def identities(n: int, judged: EdgeColumns) -> Identities:
    """Join what is judged the same, as far as nobody judged it different.

    Of a person's and the machine's judgement on one pair the person's counts. Judgements are
    followed persons' first, then by falling probability, then by nids, so the result depends on
    nothing else. Cost: near-linear; judgements around a *different* are looked at one by one.
    """
    left, right = np.minimum(judged.src, judged.dst), np.maximum(judged.src, judged.dst)
    person = judged.columns["by_person"].astype(np.int64)
    probable = np.nan_to_num(judged.columns["probability"].astype(np.float64))
    order = np.lexsort((right, left, -probable, -person))
    pairs = np.column_stack([left, right])[order]
    first = np.sort(np.unique(pairs, axis=0, return_index=True)[1])
    rows = order[first]
    verdict = judged.columns["verdict"][rows]
    same, different = rows[verdict > 0], rows[verdict < 0]
    whole = component_labels(n, left[same], right[same])
    torn = np.unique(whole[left[different]][whole[left[different]] == whole[right[different]]])
    doubtful = np.isin(whole[left[same]], torn)
    apart = list(zip(left[different].tolist(), right[different].tolist(), strict=True))
    refused = _refused(left[same[doubtful]], right[same[doubtful]], apart)
    conflicts = same[doubtful][refused]
    kept = np.setdiff1d(same, conflicts)
    return Identities(component_labels(n, left[kept], right[kept]), np.sort(judged.eid[conflicts]))


def _refused(left: Int64Array, right: Int64Array, apart: list[tuple[int, int]]) -> Int64Array:
    """Positions of pairs, taken in turn, that would bring together what must stay apart."""
    group: dict[int, set[int]] = {}
    foes: defaultdict[int, set[int]] = defaultdict(set)
    for one, two in apart:
        foes[one].add(two)
        foes[two].add(one)
    refused = []
    for place, (one, two) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        mine, yours = group.setdefault(one, {one}), group.setdefault(two, {two})
        if mine is yours:
            continue
        if any(foes[node] & yours for node in mine):
            refused.append(place)
            continue
        mine |= yours
        for node in yours:
            group[node] = mine
    return np.array(refused, np.int64)
