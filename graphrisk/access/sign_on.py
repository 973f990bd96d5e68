"""Who asks: from the ``Authorization`` header of a request to a principal."""

from __future__ import annotations

import ipaddress

from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.issuer import DevelopmentIssuer
from graphrisk.access.keys.rules import is_key
from graphrisk.access.keys.service import KeySignOn
from graphrisk.access.model import Principal
from graphrisk.access.principals.service import Standing
from graphrisk.access.tokens import KeySet, Tokens, keys_at
from graphrisk.core.clock import Clock
from graphrisk.core.errors import ConfigError, Unauthenticated
from graphrisk.settings import Settings


class SignOn:
    """The one place that tells who somebody is.

    With an issuer configured everybody brings a token of it. Without one the deployment is a
    developer's own: who brings nothing is the development principal, and tokens are those that
    ``graphrisk token`` makes. An API key may stand in a token's place; a process that was given
    no ``keys`` knows none. Where rights are rows, a token says who somebody is and ``standing``
    what he may. ``ConfigError`` for an issuer without keys, and for rows that nobody can read.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        keys: KeySignOn | None = None,
        standing: Standing | None = None,
    ) -> None:
        self.is_open = settings.issuer is None
        self._keys = keys
        self._standing = standing if settings.rights == "rows" else None
        if settings.rights == "rows" and standing is None:
            raise ConfigError("rights are rows: this process needs the operations database")
        if settings.issuer is None:
            self._tokens = DevelopmentIssuer(settings.folder, clock).tokens()
        elif settings.issuer_keys is None:
            raise ConfigError("GRAPHRISK_ISSUER needs GRAPHRISK_ISSUER_KEYS: where its keys are")
        else:
            key_set = KeySet(keys_at(settings.issuer_keys), clock)
            self._tokens = Tokens(settings.issuer, settings.audience, key_set, clock)

    def principal(self, authorization: str | None) -> Principal:
        """The principal behind an ``Authorization`` header; ``Unauthenticated`` for a bad one."""
        if not authorization:
            if self.is_open:
                return DEVELOPMENT
            raise Unauthenticated("a bearer token is needed")
        credentials = _credentials(authorization)
        if not is_key(credentials):
            claimed = self._tokens.principal(credentials)
            return claimed if self._standing is None else self._standing.principal(claimed.name)
        if self._keys is None:
            raise Unauthenticated("keys are not taken here")
        return self._keys.principal(credentials)

    def looks_up(self, authorization: str | None) -> bool:
        """Whether a database is asked about a header: for keys, and where rights are rows."""
        if not authorization:
            return False
        return self._standing is not None or _brings_key(authorization)


def refuse_open_door(settings: Settings) -> None:
    """``ConfigError`` without issuer in production, or where others than its machine reach it.

    There who brings nothing is the development principal, who may do everything.
    """
    if settings.issuer is None and settings.profile == "production":
        raise ConfigError(
            "GRAPHRISK_PROFILE=production needs GRAPHRISK_ISSUER and GRAPHRISK_ISSUER_KEYS: "
            "without them whoever brings no token may do everything"
        )
    if settings.issuer is None and not _is_loopback(settings.host):
        raise ConfigError(
            f"GRAPHRISK_HOST={settings.host} would let anybody in who reaches it: set "
            "GRAPHRISK_ISSUER and GRAPHRISK_ISSUER_KEYS, or listen on 127.0.0.1"
        )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:  # a name may lead anywhere
        return False


def _brings_key(authorization: str) -> bool:
    return is_key(authorization.strip().partition(" ")[2].strip())


def _credentials(authorization: str) -> str:
    scheme, _, credentials = authorization.strip().partition(" ")
    if scheme.lower() != "bearer" or not credentials.strip():
        raise Unauthenticated("authorization is by a bearer token")
    return credentials.strip()
