"""Who has to name a case before he reads of persons: by role and by purpose, as configured."""

from __future__ import annotations

from dataclasses import dataclass

from graphrisk.access.model import Principal, Purpose
from graphrisk.access.purposes import PURPOSES
from graphrisk.access.rights import ROLES
from graphrisk.core.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Demand:
    """Whoever has one of the roles, or states one of the purposes, names a case."""

    roles: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()

    def applies(self, principal: Principal, purpose: Purpose) -> bool:
        """Whether somebody who reads for this purpose has to name one."""
        return purpose.code in self.purposes or not self.roles.isdisjoint(principal.roles)


def read_demand(said: str) -> Demand:
    """The demand of a setting; ``ConfigError`` for a role or purpose that there is not.

    >>> read_demand("purpose:investigation, role:analyst").roles
    frozenset({'analyst'})
    """
    named: dict[str, set[str]] = {"role": set(), "purpose": set()}
    for one in filter(None, map(str.strip, said.split(","))):
        kind, _, name = one.partition(":")
        known = {"role": ROLES, "purpose": tuple(PURPOSES)}.get(kind, ())
        if name not in known:
            raise ConfigError(f"GRAPHRISK_CASE_DEMANDED: {one[:60]!r} is no role:… or purpose:…")
        named[kind].add(name)
    return Demand(frozenset(named["role"]), frozenset(named["purpose"]))
