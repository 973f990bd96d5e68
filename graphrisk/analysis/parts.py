"""Which part each account plays in a finding's payments: who pays, passes on, collects."""

from __future__ import annotations

import numpy as np

from graphrisk.analysis.model import Finding
from graphrisk.store.contract import Reader
from graphrisk_algorithms.communities.roles import Part, block_roles

_MOST_MEMBERS = 500  # beyond, nobody reads who is who, and the blocks take their time
_LEAST_BITS = 7.0  # what blocks must save: below, a hundredth of unstructured groups have them


def money_parts(finding: Finding, reader: Reader) -> dict[int, Part]:
    """Part of each member that pays or is paid in the finding's evidence, in nid order.

    By blocks of members that deal with each other alike; empty where the payments have no such
    structure, or more than 500 members take part. Cost: one read, and the blocks (``block_roles``).
    """
    paid = reader.get_edges(np.array(finding.evidence, np.int64)).get("TRANSFERRED")
    if paid is None or not len(paid):
        return {}
    ends = paid["src"].to_numpy(), paid["dst"].to_numpy()
    every = np.array(sorted(member.nid for member in finding.members), np.int64)
    inside = np.isin(ends[0], every) & np.isin(ends[1], every)
    members = np.unique(np.concatenate([end[inside] for end in ends]))
    if not 2 < len(members) <= _MOST_MEMBERS:
        return {}
    found = block_roles(members, [ends])
    if found.bits < _LEAST_BITS:
        return {}
    parts = found.parts()
    return {nid: parts[block] for nid, block in zip(members.tolist(), found.block, strict=True)}
