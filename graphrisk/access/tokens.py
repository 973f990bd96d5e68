"""Who a bearer token names: a JWT of an OpenID Connect issuer, checked against its keys."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from joserfc import jwk, jwt
from joserfc.errors import InvalidKeyIdError, JoseError

from graphrisk.access.keys.rules import NAME_PREFIX
from graphrisk.access.model import Principal, Scope
from graphrisk.access.rights import ROLES
from graphrisk.core.clock import Clock
from graphrisk.core.errors import ConfigError, StoreUnavailable, Unauthenticated

#: A closed list: neither "none" nor secrets shared with the issuer, whatever a token's head says.
ALGORITHMS = ("ES256", "ES384", "RS256", "PS256")
LONGEST_TOKEN, LONGEST_NAME = 8_192, 200
_KEEP_MS, _RETRY_MS = 3_600_000, 10_000
_LEEWAY_SECONDS = 30
_FETCH_SECONDS = 5
_MOST_BYTES = 256 * 1024


class KeySet:
    """An issuer's public keys (JWKS, RFC 7517), from a file or an https address, kept for an hour.

    A key that is not among them has them read again at once, so that a rotated key is known with
    its first token, but not more often than every ten seconds. An issuer that cannot be reached
    leaves the keys that were read last for as long.
    """

    def __init__(self, read: Callable[[], bytes], clock: Clock) -> None:
        self._read = read
        self._clock = clock
        self._lock = threading.Lock()
        self._keys: jwk.KeySet | None = None
        self._read_at = 0

    def key(self, kid: str | None) -> jwk.Key:
        """The key of that id, or the only one; ``Unauthenticated`` when there is none such.

        ``StoreUnavailable``: keys were never read and cannot be.
        """
        with self._lock:
            now = self._clock.now_ms()
            if self._keys is None or not 0 <= now - self._read_at < _KEEP_MS:
                self._refresh(now)
            found = self._find(kid)
            if found is None and now - self._read_at >= _RETRY_MS:
                self._refresh(now)
                found = self._find(kid)
        if found is None:
            raise Unauthenticated("the token is signed with a key that its issuer does not name")
        return found

    def _find(self, kid: str | None) -> jwk.Key | None:
        assert self._keys is not None
        if kid is None:
            return self._keys.keys[0] if len(self._keys.keys) == 1 else None
        try:
            return self._keys.get_by_kid(kid)
        except InvalidKeyIdError:
            return None

    def _refresh(self, now: int) -> None:
        self._read_at = now
        try:
            self._keys = jwk.KeySet.import_key_set(json.loads(self._read()))
        except (OSError, ValueError, KeyError, TypeError, JoseError) as error:
            if self._keys is None:
                raise StoreUnavailable("the keys of the issuer of tokens cannot be read") from error


def keys_at(place: str) -> Callable[[], bytes]:
    """How to read the keys at a place: ``https://…`` (``http://`` on this machine) or a file.

    ``ConfigError`` for plain http to elsewhere: who changes it on its way lets himself in.
    """
    if place.startswith("http://") and not place.startswith(_HERE):
        raise ConfigError("keys of an issuer come over https, or from a file")
    if not place.startswith(("https://", "http://")):
        return Path(place).read_bytes

    def fetched() -> bytes:
        with urllib.request.urlopen(place, timeout=_FETCH_SECONDS) as answer:
            return bytes(answer.read(_MOST_BYTES))

    return fetched


_HERE = ("http://127.0.0.1:", "http://localhost:", "http://[::1]:")


class Tokens:
    """Reads tokens of one issuer, made for one audience."""

    def __init__(self, issuer: str, audience: str, keys: KeySet, clock: Clock) -> None:
        self._keys = keys
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: clock.now_ms() // 1_000,
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )

    def principal(self, token: str) -> Principal:
        """The principal that a token names, with the roles and areas that it claims.

        ``Unauthenticated`` for a token that is none, is not of this issuer, not for this service,
        has ended or not begun. What is wrong with it is told to nobody but in these words.
        """
        if len(token) > LONGEST_TOKEN:
            raise Unauthenticated("the token is too long")
        try:
            read = jwt.decode(
                token, lambda head: self._keys.key(head.headers().get("kid")), ALGORITHMS
            )
            self._claims.validate(read.claims)
        except (JoseError, ValueError) as error:
            raise Unauthenticated("the token is not valid here and now") from error
        name = str(read.claims["sub"])
        is_name = 0 < len(name) <= LONGEST_NAME and name.isprintable()
        if not is_name or name.startswith(NAME_PREFIX):
            raise Unauthenticated("the token names nobody")
        roles = frozenset(_texts(read.claims.get("roles"))) & frozenset(ROLES)
        return Principal(name, roles, Scope(tuple(sorted(_texts(read.claims.get("areas"))))))


def _texts(claim: object) -> list[str]:
    """A claim that lists texts; none where it is missing or something else."""
    listed = claim if isinstance(claim, list) else []
    return [one for one in listed if isinstance(one, str)]
