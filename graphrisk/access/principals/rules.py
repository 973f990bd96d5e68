"""Who may give whom which rights, and what a principal's grants make of him: pure decisions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graphrisk.access.keys.rules import NAME_PREFIX
from graphrisk.access.model import Post, Principal, Scope
from graphrisk.access.principals.model import Grant, GrantState, Newcomer, Registered, Rights
from graphrisk.access.rights import ROLES, scope_for
from graphrisk.core.errors import BadInput, Forbidden

#: Roles that count as the second person where two are asked for, give rights or see what others
#: did: nobody gets one of these from one person alone.
ELEVATED = frozenset({"administrator", "approver", "supervisor", "auditor"})
ADMINISTRATOR = "administrator"
LONGEST_MS = 366 * 86_400_000
LONGEST_REASON = 500
_LONGEST_NAME, _LONGEST_TITLE, _MOST_AREAS = 200, 200, 50
_AREA = re.compile(r"([0-9]{2,32})?")
#: How names begin that no token may claim: those of keys and of who works at the machine.
_RESERVED = (NAME_PREFIX, "os:")


def checked_newcomer(who: Newcomer) -> Newcomer:
    """The newcomer, trimmed; ``BadInput`` for a name, title or area that is none."""
    name, title = who.name.strip(), who.title.strip()
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable() or name.startswith(_RESERVED):
        raise BadInput("a principal has the name that his tokens have as their subject")
    if len(title) > _LONGEST_TITLE or not title.isprintable():
        raise BadInput(f"a title has at most {_LONGEST_TITLE} printable characters")
    if not _AREA.fullmatch(who.area):
        raise BadInput("an area is a prefix of a division's code (empty: all)")
    return Newcomer(name, title, who.area)


def checked_rights(wanted: Rights, now: int) -> Rights:
    """The rights, their lists sorted; ``BadInput`` says what they lack or have too much of."""
    roles, areas = tuple(sorted(set(wanted.roles))), tuple(sorted(set(wanted.areas)))
    if not roles or not set(roles) <= set(ROLES):
        raise BadInput(f"roles are at least one of {', '.join(ROLES)}")
    if not 0 < len(areas) <= _MOST_AREAS or not all(_AREA.fullmatch(one) for one in areas):
        raise BadInput(f"areas are 1 to {_MOST_AREAS} prefixes of division codes (empty: all)")
    if not now < wanted.ends_at <= now + LONGEST_MS:
        raise BadInput("rights end after now, within 366 days (授权最长366天)")
    return Rights(roles, areas, wanted.ends_at)


def checked_reason(reason: str) -> str:
    """The reason, trimmed; ``BadInput`` where there is none or too much of it."""
    said = reason.strip()
    if not 0 < len(said) <= LONGEST_REASON:
        raise BadInput(f"say why, in at most {LONGEST_REASON} characters")
    return said


def is_elevated(roles: Sequence[str]) -> bool:
    """Whether two persons have to agree to these roles."""
    return not ELEVATED.isdisjoint(roles)


def refuse_beyond(giver: Principal, holder: str, rights: Rights) -> None:
    """Refuse with ``Forbidden`` what the policy does not let somebody give, and to himself all.

    The policy's actions ``grant.ROLE`` say who gives a role; each area must lie within those of
    the giver's own areas in which he may give it.
    """
    if giver.name == holder:
        raise Forbidden("nobody gives rights to himself")
    _refuse(giver, rights, "give")


def refuse_withdrawal(who: Principal, grant: Grant) -> None:
    """Refuse with ``Forbidden`` to withdraw what one may not give."""
    _refuse(who, grant.rights, "withdraw")


def _refuse(who: Principal, rights: Rights, verb: str) -> None:
    for role in rights.roles:
        own = scope_for(who, f"grant.{role}")
        for area in rights.areas:
            if not own.covers(area):
                raise Forbidden(f"{who.name} may not {verb} {role} in {area or 'all areas'}")


def refuse_same(checker: Principal, grant: Grant) -> None:
    """Refuse with ``Forbidden`` to decide on what one proposed oneself."""
    if checker.name == grant.given_by:
        raise Forbidden("another person decides than who proposed it")


def is_live(grant: Grant, now: int) -> bool:
    """Whether a grant counts at this moment."""
    return grant.state is GrantState.GIVEN and now < grant.rights.ends_at


def principal_of(one: Registered, now: int) -> Principal:
    """What somebody is now: what his live grants say, each role in the areas it was given for."""
    by_areas: dict[tuple[str, ...], set[str]] = {}
    for grant in one.grants:
        if is_live(grant, now):
            by_areas.setdefault(grant.rights.areas, set()).update(grant.rights.roles)
    posts = tuple(
        Post(frozenset(roles) & frozenset(ROLES), Scope(areas))
        for areas, roles in sorted(by_areas.items())
    )
    areas = sorted({area for post in posts for area in post.scope.areas})
    roles = frozenset(role for post in posts for role in post.roles)
    return Principal(one.who.name, roles, Scope(tuple(areas)), None, posts[1:] and posts)
