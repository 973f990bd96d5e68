"""Sign-in by authorization code with PKCE (RFC 6749, RFC 7636) at the development issuer.

Whoever sits at the machine picks a person; a page that asked gets a code, and for the code with the
verifier behind its challenge a token, once.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
from dataclasses import dataclass

from graphrisk.access.issuer import DevelopmentIssuer, person
from graphrisk.core.clock import Clock
from graphrisk.core.errors import BadInput, Unauthenticated

CODE_SECONDS = 60
TOKEN_HOURS = 8
_MOST_CODES = 1_000
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """What a page asks with: who it is, where the code goes, and the challenge."""

    client: str
    redirect: str
    challenge: str

    def check(self, client: str, redirect: str) -> None:
        """``BadInput`` unless it comes from that client, leads there, and brings a challenge."""
        if (self.client, self.redirect) != (client, redirect):
            raise BadInput("codes are sent to the console of this deployment alone")
        if not 0 < len(self.challenge) <= _LONGEST:
            raise BadInput("a code_challenge (S256) is needed")


class CodeDesk:
    """Codes that were given and not redeemed yet; in memory, for one process and one minute."""

    def __init__(self, issuer: DevelopmentIssuer, clock: Clock) -> None:
        self._issuer = issuer
        self._clock = clock
        self._lock = threading.Lock()
        self._given: dict[str, tuple[str, CodeRequest, int]] = {}

    def give(self, name: str, request: CodeRequest) -> str:
        """A code for somebody of the demo's city; ``NotFound`` for anybody else."""
        person(name)
        code, until = secrets.token_urlsafe(32), self._clock.now_ms() + CODE_SECONDS * 1_000
        with self._lock:
            while len(self._given) >= _MOST_CODES:
                del self._given[next(iter(self._given))]
            self._given[code] = (name, request, until)
        return code

    def redeem(self, code: str, client: str, redirect: str, verifier: str) -> str:
        """The token for a code, which then is used up.

        ``Unauthenticated`` for a code that was not given, is used or too old, or was asked for by
        somebody else than who has the verifier.
        """
        with self._lock:
            found = self._given.pop(code, None)
        if found is None:
            raise Unauthenticated("the code is not valid here and now")
        name, request, until = found
        is_his = secrets.compare_digest(request.challenge, challenge_of(verifier))
        is_same = (request.client, request.redirect) == (client, redirect)
        if not is_his or not is_same or self._clock.now_ms() >= until:
            raise Unauthenticated("the code is not valid here and now")
        who = person(name)
        return self._issuer.token(who.name, who.roles, who.areas, TOKEN_HOURS)


def challenge_of(verifier: str) -> str:
    """The challenge of a verifier by ``S256``.

    >>> challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
    """
    digest = hashlib.sha256(verifier.encode("utf-8", "replace")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
