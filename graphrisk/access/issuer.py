"""The development issuer: tokens for named people, signed with a key beside the data.

For the demo, for tests and for trying out what a role sees. A deployment with an issuer of its own
does not take these tokens.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import yaml
from joserfc import jwk, jwt

from graphrisk.access.tokens import KeySet, Tokens
from graphrisk.core.clock import Clock
from graphrisk.core.errors import NotFound
from graphrisk.core.files import made_once

ISSUER, AUDIENCE = "urn:graphrisk:development", "graphrisk"
FILE = "development-issuer.json"
_HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demo's city."""

    name: str
    title: str
    roles: tuple[str, ...]
    areas: tuple[str, ...]


@cache
def people() -> tuple[Person, ...]:
    """The named people (``people.yaml``), in the order of their levels."""
    text = files("graphrisk.access").joinpath("people.yaml").read_text(encoding="utf-8")
    return tuple(
        Person(name, row["title"], tuple(row["roles"]), tuple(row["areas"]))
        for name, row in yaml.safe_load(text).items()
    )


def person(name: str) -> Person:
    """One of them by name; ``NotFound`` names those there are."""
    for one in people():
        if one.name == name:
            return one
    raise NotFound(f"nobody is called {name[:40]!r}: {', '.join(one.name for one in people())}")


class DevelopmentIssuer:
    """Signs tokens with the key in a deployment's folder, which is made with the first."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._file = folder / FILE
        self._clock = clock

    def token(self, name: str, roles: Sequence[str], areas: Sequence[str], hours: int = 8) -> str:
        """A bearer token for somebody, valid from now on for some hours."""
        now = self._clock.now_ms()
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": name,
            "roles": list(roles),
            "areas": list(areas),
            "iat": now // 1_000,
            "exp": (now + hours * _HOUR_MS) // 1_000,
        }
        key = self._key()
        return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key, ["ES256"])

    def tokens(self) -> Tokens:
        """What checks its tokens."""
        return Tokens(ISSUER, AUDIENCE, KeySet(self._public, self._clock), self._clock)

    def _public(self) -> bytes:
        return json.dumps({"keys": [self._key().as_dict(private=False)]}).encode()

    def _key(self) -> jwk.ECKey:
        return jwk.ECKey.import_key(json.loads(made_once(self._file, _drawn)))


def _drawn() -> bytes:
    return json.dumps(jwk.ECKey.generate_key("P-256", auto_kid=True).as_dict(private=True)).encode()
