"""All algorithms by name, with the shipped thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from graphrisk_algorithms.algorithm import Algorithm, Candidate, NodeValues, Partition
from graphrisk_algorithms.communities.consensus import Consensus
from graphrisk_algorithms.evidence.account_traits import AccountTraits
from graphrisk_algorithms.finders.collusive_volunteers import CollusiveVolunteers
from graphrisk_algorithms.finders.covert_cell import CovertCells
from graphrisk_algorithms.finders.covert_group import CovertGroups
from graphrisk_algorithms.finders.fake_bids import FakeBids
from graphrisk_algorithms.finders.fan_in import FanIns
from graphrisk_algorithms.finders.fundraising import Fundraising
from graphrisk_algorithms.finders.identity_ring import IdentityRings
from graphrisk_algorithms.finders.laundering_cycle import LaunderingCycles
from graphrisk_algorithms.finders.laundering_fan import LaunderingFans
from graphrisk_algorithms.finders.laundering_flow import LaunderingFlows
from graphrisk_algorithms.finders.mule_ladder import MuleLadders
from graphrisk_algorithms.finders.ponzi_till import PonziTills
from graphrisk_algorithms.finders.scam_cell import ScamCells
from graphrisk_algorithms.kernels.cohesion import Clustering, CoreNumbers
from graphrisk_algorithms.kernels.components import Components
from graphrisk_algorithms.kernels.leiden import Leiden
from graphrisk_algorithms.kernels.leiden_igraph import LeidenIgraph
from graphrisk_algorithms.kernels.pagerank import PageRank
from graphrisk_algorithms.parameters import Parameters

PARTITIONS: Mapping[str, type[Algorithm[Partition]]] = MappingProxyType(
    {kind.name: kind for kind in (Components, Consensus, Leiden, LeidenIgraph)}
)
MEASURES: Mapping[str, type[Algorithm[NodeValues]]] = MappingProxyType(
    {kind.name: kind for kind in (AccountTraits, Clustering, CoreNumbers, PageRank)}
)
FINDERS: Mapping[str, type[Algorithm[list[Candidate]]]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            CollusiveVolunteers,
            CovertCells,
            CovertGroups,
            FakeBids,
            FanIns,
            Fundraising,
            IdentityRings,
            LaunderingCycles,
            LaunderingFans,
            LaunderingFlows,
            MuleLadders,
            PonziTills,
            ScamCells,
        )
    }
)


def finders(parameters: Parameters) -> list[Algorithm[list[Candidate]]]:
    """Every finder with its thresholds, in name order."""
    return [FINDERS[name](**parameters.of(name)) for name in sorted(FINDERS)]
