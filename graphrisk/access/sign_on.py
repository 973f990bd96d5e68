"""Who asks: from the ``Authorization`` header of a request to a principal."""

from __future__ import annotations

from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.issuer import DevelopmentIssuer
from graphrisk.access.model import Principal
from graphrisk.access.tokens import KeySet, Tokens, keys_at
from graphrisk.core.clock import Clock
from graphrisk.core.errors import ConfigError, Unauthenticated
from graphrisk.settings import Settings


class SignOn:
    """The one place that tells who somebody is.

    With an issuer configured everybody brings a token of it. Without one the deployment is a
    developer's own: who brings nothing is the development principal, and tokens are those that
    ``graphrisk token`` makes. ``ConfigError`` for an issuer without keys.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.is_open = settings.issuer is None
        if settings.issuer is None:
            self._tokens = DevelopmentIssuer(settings.folder, clock).tokens()
        elif settings.issuer_keys is None:
            raise ConfigError("GRAPHRISK_ISSUER needs GRAPHRISK_ISSUER_KEYS: where its keys are")
        else:
            keys = KeySet(keys_at(settings.issuer_keys), clock)
            self._tokens = Tokens(settings.issuer, settings.audience, keys, clock)

    def principal(self, authorization: str | None) -> Principal:
        """The principal behind an ``Authorization`` header; ``Unauthenticated`` for a bad one."""
        if not authorization:
            if self.is_open:
                return DEVELOPMENT
            raise Unauthenticated("a bearer token is needed")
        scheme, _, credentials = authorization.strip().partition(" ")
        if scheme.lower() != "bearer" or not credentials.strip():
            raise Unauthenticated("authorization is by a bearer token")
        return self._tokens.principal(credentials.strip())
