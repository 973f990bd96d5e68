"""A measure: what is to be done to somebody's money, number or account, and who decided it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import cast

import yaml


class MeasureState(StrEnum):
    """Where a measure stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CARRIED_OUT = "carried_out"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody wants done, under an id that the client made."""

    measure_id: str
    case_id: str
    kind: str  # of kinds.yaml
    target: str  # whom or what it strikes: personal


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as it is now."""

    measure_id: str
    case_id: str
    kind: str
    target: str  # personal
    basis: str  # the law it rests on
    state: MeasureState
    proposer: str
    proposed_at: int  # epoch ms UTC
    decider: str | None  # who approved or refused it: never the proposer
    decided_at: int | None


@cache
def measure_kinds() -> Mapping[str, Mapping[str, str]]:
    """Kinds of measures in words, with the law (``kinds.yaml``)."""
    text = files(__package__).joinpath("kinds.yaml").read_text(encoding="utf-8")
    return MappingProxyType(cast("dict[str, dict[str, str]]", yaml.safe_load(text)))
