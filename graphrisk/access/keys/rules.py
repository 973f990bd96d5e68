"""What a key looks like, when it is good, and who may give which.

A key is sent as ``grk_ID_SECRET``: the id finds its row, the secret (256 random bits) proves it.
Kept is SHA-256 of both. A slow hash or a pepper would guard secrets that can be guessed, which
256 random bits cannot; the id in the hash ties a digest to its row.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Sequence

from graphrisk.access.keys.model import ApiKey, Grant
from graphrisk.access.model import Principal, Scope
from graphrisk.access.purposes import PURPOSES
from graphrisk.access.rights import ROLES
from graphrisk.core.errors import BadInput, Forbidden

PREFIX = "grk_"
#: How names of keys begin; no token names anybody so.
NAME_PREFIX = "key:"
#: Random bytes of an id and of a secret.
ID_BYTES, SECRET_BYTES = 8, 32
LONGEST_MS = 366 * 86_400_000
LONGEST_OVERLAP_MS = 30 * 86_400_000
#: A key is nobody: it gives no keys and answers for no area. What else is for persons alone, such
#: as to be the second one where two are asked for, the policy forbids to any key.
PERSONS_ONLY = frozenset({"administrator", "approver", "supervisor"})
ADMINISTRATOR = "administrator"
_LONGEST_NAME, _MOST_AREAS = 100, 50
_AREA = re.compile(r"([0-9]{2,32})?")
_TEXT = re.compile(rf"{PREFIX}([a-z2-7]{{13}})_([a-z2-7]{{52}})")
#: What a secret is compared with where there is no such key: no digest is all zeros.
_NONE = "0" * 64


def drawn(random: Callable[[int], bytes], size: int) -> str:
    """Random bytes as small letters and digits that no word wrap or double click cuts."""
    return base64.b32encode(random(size)).decode().rstrip("=").lower()


def text_of(key_id: str, secret: str) -> str:
    """The text that an application sends."""
    return f"{PREFIX}{key_id}_{secret}"


def is_key(credentials: str) -> bool:
    """Whether something means to be a key rather than a token."""
    return credentials.startswith(PREFIX)


def read_text(text: str) -> tuple[str, str] | None:
    """Id and secret of a key; ``None`` for what is none."""
    found = _TEXT.fullmatch(text)
    return None if found is None else (found[1], found[2])


def digest_of(key_id: str, secret: str) -> str:
    """What is kept of a secret: SHA-256 with its key's id, 64 hex digits."""
    return hashlib.sha256(f"graphrisk api key\0{key_id}\0{secret}".encode()).hexdigest()


def admits(key: ApiKey | None, key_id: str, secret: str, now: int) -> bool:
    """Whether a secret opens a key at this moment.

    Every digest is compared in constant time, one also where there is no such key: neither how
    much of a secret is right can be timed, nor which ids there are told from the comparison.
    """
    digest = digest_of(key_id, secret)
    held = () if key is None else key.secrets
    is_good = hmac.compare_digest(_NONE, digest)
    for one in held:
        is_same = hmac.compare_digest(one.digest, digest)
        is_good |= is_same and (one.ends_at is None or now < one.ends_at)
    return key is not None and is_good and is_alive(key, now)


def is_alive(key: ApiKey, now: int) -> bool:
    """Whether it is neither revoked nor at its end."""
    return key.revoked_at is None and now < key.grant.expires_at


def principal_of(key: ApiKey) -> Principal:
    """Whom a key stands for. The id is part of the name: no two keys, and no person, share it."""
    return Principal(
        f"{NAME_PREFIX}{key.grant.name} ({key.key_id})",
        frozenset(key.grant.roles) & frozenset(ROLES) - PERSONS_ONLY,
        Scope(key.grant.areas),
        frozenset(key.grant.purposes),
        is_key=True,
    )


def checked(wanted: Grant, now: int) -> Grant:
    """The grant, its lists sorted; ``BadInput`` says what it lacks or has too much of."""
    name = wanted.name.strip()
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
        raise BadInput(f"a key has a name of at most {_LONGEST_NAME} printable characters")
    allowed = [role for role in ROLES if role not in PERSONS_ONLY]
    roles = _some_of(wanted.roles, allowed, "roles")
    purposes = _some_of(wanted.purposes, list(PURPOSES), "purposes")
    areas = tuple(sorted(set(wanted.areas)))
    if not 0 < len(areas) <= _MOST_AREAS or not all(_AREA.fullmatch(one) for one in areas):
        raise BadInput(f"areas are 1 to {_MOST_AREAS} prefixes of division codes (empty: all)")
    if not now < wanted.expires_at <= now + LONGEST_MS:
        raise BadInput("a key ends after now, within 366 days (有效期最长366天)")
    return Grant(name, roles, areas, purposes, wanted.expires_at)


def refuse_beyond(giver: Principal, roles: Sequence[str], areas: Sequence[str]) -> None:
    """Refuse with ``Forbidden`` to give more than one holds.

    Nobody gives an area outside his own. Roles are given by who holds them, within his areas also
    by an administrator, who keeps principals there.
    """
    for area in areas:
        if not giver.scope.covers(area):
            place = area or "the whole country"
            raise Forbidden(f"{giver.name} gives no key for {place}: it is not within his areas")
    beyond = sorted(set(roles) - giver.roles)
    if beyond and ADMINISTRATOR not in giver.roles:
        raise Forbidden(f"{giver.name} gives no key with roles he lacks: {', '.join(beyond)}")


def _some_of(given: Sequence[str], known: Sequence[str], what: str) -> tuple[str, ...]:
    found = tuple(sorted(set(given)))
    if not found or not set(found) <= set(known):
        raise BadInput(f"{what} of a key are at least one of {', '.join(known)}")
    return found
