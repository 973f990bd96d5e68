"""What a principal may do (S8): decided by the policy, remembered once decided.

The policy is text: ``policy/actions.cedarschema`` says which actions there are,
``policy/roles.cedar`` who may take them where. A decision
depends on six things alone (roles, level, whether it is a key, stated purpose, relation of the
place to one's areas, action), so it is remembered by them and asked of Cedar once.
"""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

import cedarpy

from graphrisk.access.model import Level, Post, Principal, Purpose, Scope
from graphrisk.core.errors import ConfigError, Forbidden

ROLES = (
    *("investigator", "analyst", "grid_worker", "dispatcher", "supervisor", "approver"),
    *("duty_officer", "auditor", "administrator", "volunteer", "application"),
)
_REMEMBERED = 20_000
_DECLARATION = re.compile(r'\baction\b((?:\s*"[a-z_.]+"\s*,?)+)')
_WHO = {"type": "Principal", "id": "who"}
_WHERE = {"type": "Place", "id": "where"}


class Relation(StrEnum):
    """How a place lies to the areas of a principal."""

    NOWHERE = "nowhere"  # what is asked about has no place
    OWN = "own"
    BELOW = "below"
    ABOVE = "above"  # it contains one of his
    OUTSIDE = "outside"


def relation(scope: Scope, area: str) -> Relation:
    """How an area (a code's prefix, see ``Scope``) lies to the areas of a scope.

    >>> relation(Scope(("350206",)), "350206005001")
    <Relation.BELOW: 'below'>
    >>> relation(Scope(("350206",)), "3502")
    <Relation.ABOVE: 'above'>
    """
    if not area:
        return Relation.NOWHERE
    if area in scope.areas:
        return Relation.OWN
    if scope.covers(area):
        return Relation.BELOW
    is_above = any(own.startswith(area) for own in scope.areas)
    return Relation.ABOVE if is_above else Relation.OUTSIDE


def may(principal: Principal, action: str, area: str = "") -> bool:
    """Whether somebody may take an action in an area (a code's prefix; empty: no place).

    ``ConfigError`` for an action that the policy does not know. Cost: below 20 µs once decided.
    """
    return any(_may(principal, post, action, area) for post in principal.held)


def may_everywhere(principal: Principal, action: str) -> bool:
    """Whether somebody may take an action wherever he reads: by each of his posts."""
    return all(_may(principal, post, action, "") for post in principal.held)


def for_purpose(principal: Principal, purpose: Purpose) -> Principal:
    """Somebody as he asks for a purpose: what he may do is decided by it, too."""
    stated = purpose.code
    return principal if principal.stated == stated else replace(principal, stated=stated)


def scope_for(principal: Principal, action: str) -> Scope:
    """Where somebody may take an action: the areas of those of his posts that allow it there."""
    held = principal.held
    areas = {a for post in held for a in post.scope.areas if _may(principal, post, action, a)}
    return Scope(tuple(sorted(areas)))


def require(principal: Principal, action: str, area: str = "") -> None:
    """Refuse with ``Forbidden`` what somebody may not do. Arguments as for ``may``."""
    if not may(principal, action, area):
        place = f" in {area}" if area else ""
        why = f" for {principal.stated}" if principal.stated else ""
        raise Forbidden(f"{principal.name} may not {action}{place}{why}")


def _may(principal: Principal, post: Post, action: str, area: str) -> bool:
    placed = relation(post.scope, area)
    who = (post.roles, post.scope.level, principal.is_key, principal.stated)
    return _decided(*who, placed, action)


def actions() -> frozenset[str]:
    """Every action that the policy declares."""
    return _policy()[2]


@lru_cache(_REMEMBERED)
def _decided(
    roles: frozenset[str],
    level: Level,
    is_key: bool,
    purpose: str,
    placed: Relation,
    action: str,
) -> bool:
    policies, schema, known = _policy()
    if action not in known:
        raise ConfigError(f"the policy declares no action {action!r}")
    held = [{"type": "Role", "id": role} for role in sorted(roles)]
    entities: list[dict[str, object]] = [
        {"uid": _WHO, "attrs": {"level": int(level), "is_key": is_key}, "parents": held},
        {"uid": _WHERE, "attrs": {"relation": placed.value}, "parents": []},
    ]
    entities += [{"uid": role, "attrs": {}, "parents": []} for role in held]
    request = {
        "principal": _WHO,
        "action": {"type": "Action", "id": action},
        "resource": _WHERE,
        "context": {"purpose": purpose},
    }
    decision = cedarpy.is_authorized(request, policies, entities, schema)
    if decision.diagnostics.errors:
        raise ConfigError(f"the policy cannot decide: {'; '.join(decision.diagnostics.errors)}")
    return decision.allowed


@cache
def _policy() -> tuple[cedarpy.PolicySet, cedarpy.Schema, frozenset[str]]:
    folder = files("graphrisk.access").joinpath("policy")
    return read_policy(
        folder.joinpath("roles.cedar").read_text(encoding="utf-8"),
        folder.joinpath("actions.cedarschema").read_text(encoding="utf-8"),
    )


def read_policy(
    roles: str, declared: str
) -> tuple[cedarpy.PolicySet, cedarpy.Schema, frozenset[str]]:
    """The policy, checked against its schema, and the actions it knows.

    ``ConfigError`` when either cannot be read, or the policy names what is not declared.
    """
    try:
        schema = cedarpy.Schema.from_str(declared)
        checked = cedarpy.validate_policies(roles, schema)
    except ValueError as error:
        raise ConfigError(f"the policy cannot be read: {error}") from error
    if not checked.validation_passed:
        raise ConfigError("the policy is faulty: " + "; ".join(map(str, checked.errors)))
    known = (
        name for names in _DECLARATION.findall(declared) for name in re.findall(r'"(.+?)"', names)
    )
    return cedarpy.PolicySet.from_str(roles), schema, frozenset(known)
