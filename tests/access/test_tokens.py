"""Bearer tokens: of the right issuer, for us, now, with a key the issuer names; else nobody."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwk, jwt

from graphrisk.access.development import DEVELOPMENT
from graphrisk.access.issuer import DevelopmentIssuer
from graphrisk.access.model import Scope
from graphrisk.access.sign_on import SignOn
from graphrisk.access.tokens import KeySet, Tokens, keys_at
from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import ConfigError, StoreUnavailable, Unauthenticated
from graphrisk.settings import Settings

NOW_MS = 1_770_000_000_000
HOUR = 3_600_000
ISSUER = "https://sign-on.example"


class Issuer:
    """An OpenID Connect issuer with keys that can be rotated."""

    def __init__(self) -> None:
        self.clock = ManualClock(NOW_MS)
        self.key = jwk.ECKey.generate_key("P-256", auto_kid=True)
        self.reads = 0
        self.is_down = False
        self.tokens = Tokens(ISSUER, "graphrisk", KeySet(self.published, self.clock), self.clock)

    def published(self) -> bytes:
        self.reads += 1
        if self.is_down:
            raise OSError("down")
        return json.dumps({"keys": [self.key.as_dict(private=False)]}).encode()

    def token(self, **changed: Any) -> str:
        now = self.clock.now_ms() // 1_000
        claims = {
            "iss": ISSUER, "aud": "graphrisk", "sub": "li.wei", "exp": now + 600, "iat": now,
            "roles": ["investigator", "king"], "areas": ["350206"], **changed,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, self.key, ["ES256"])


def test_a_good_token_names_who_asks_with_known_roles_and_areas() -> None:
    issuer = Issuer()
    principal = issuer.tokens.principal(issuer.token())
    assert (principal.name, sorted(principal.roles)) == ("li.wei", ["investigator"])
    assert principal.scope == Scope(("350206",))


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://other.example"}, {"iss": None}, {"aud": "other"}, {"aud": None},
        {"sub": None}, {"sub": ""}, {"sub": "key:bank (a)"}, {"sub": "a\nb"}, {"sub": "x" * 201},
        {"exp": None}, {"exp": "soon"},
        {"exp": NOW_MS // 1_000 - 31}, {"nbf": NOW_MS // 1_000 + 31},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_that_is_not_for_us_now_names_nobody(changed: dict[str, object]) -> None:
    issuer = Issuer()
    with pytest.raises(Unauthenticated):
        issuer.tokens.principal(issuer.token(**changed))


def test_claims_of_another_form_give_no_rights() -> None:
    issuer = Issuer()
    principal = issuer.tokens.principal(issuer.token(roles="investigator", areas={"350206": 1}))
    assert (principal.roles, principal.scope.areas) == (frozenset(), ())


def test_a_token_changed_or_signed_otherwise_names_nobody() -> None:
    issuer, stranger = Issuer(), Issuer()
    good = issuer.token()
    head, claims, signature = good.split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    shared = jwk.OctKey.import_key(json.dumps(issuer.key.as_dict(private=False)))
    mixed = jwt.encode(
        {"alg": "HS256", "kid": str(issuer.key.kid)}, {"sub": "x"}, shared, ["HS256"]
    )
    stranger.key = jwk.ECKey.import_key(
        {**stranger.key.as_dict(private=True), "kid": str(issuer.key.kid)}
    )
    other = jwt.encode(
        {"alg": "ES256", "kid": str(issuer.key.kid)}, {"iss": ISSUER}, stranger.key, ["ES256"]
    )
    flipped = claims[:-2] + ("A" if claims[-2] != "A" else "B") + claims[-1]
    for bad in (
        f"{none}.{claims}.",
        f"{head}.{flipped}.{signature}",
        mixed,
        other,
        "",
        "a.b",
        "x" * 9_000,
    ):
        with pytest.raises(Unauthenticated):
            issuer.tokens.principal(bad)


def test_a_rotated_key_is_known_with_its_first_token_and_the_old_one_ends() -> None:
    issuer = Issuer()
    old = issuer.token()
    issuer.tokens.principal(old)
    issuer.key = jwk.ECKey.generate_key("P-256", auto_kid=True)
    issuer.clock.advance(10_000)
    assert issuer.tokens.principal(issuer.token()).name == "li.wei"
    with pytest.raises(Unauthenticated):
        issuer.tokens.principal(old)


def test_unknown_keys_do_not_flood_the_issuer_and_one_that_is_down_leaves_its_keys() -> None:
    issuer, stranger = Issuer(), Issuer()
    issuer.tokens.principal(issuer.token())
    for _ in range(20):
        with pytest.raises(Unauthenticated):
            issuer.tokens.principal(stranger.token())
    assert issuer.reads == 1
    issuer.is_down = True
    issuer.clock.advance(HOUR)
    assert issuer.tokens.principal(issuer.token()).name == "li.wei"
    assert issuer.reads == 2


def test_without_ever_a_key_nobody_is_let_in() -> None:
    issuer = Issuer()
    issuer.is_down = True
    with pytest.raises(StoreUnavailable):
        issuer.tokens.principal(issuer.token())


def test_keys_come_from_a_file_or_over_https_not_over_open_lines(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_bytes(b"{}")
    assert keys_at(str(tmp_path / "keys.json"))() == b"{}"
    with pytest.raises(ConfigError):
        keys_at("http://sign-on.example/keys")


def test_a_deployment_without_issuer_is_its_developers(tmp_path: Path) -> None:
    settings = Settings(store=f"sqlite:///{tmp_path / 'graph.db'}")
    clock = ManualClock(NOW_MS)
    sign_on = SignOn(settings, clock)
    assert sign_on.principal(None) == DEVELOPMENT
    token = DevelopmentIssuer(settings.folder, clock).token(
        "li.wei", ["analyst"], ["3502"], hours=1
    )
    assert sign_on.principal(f"Bearer {token}").roles == {"analyst"}
    clock.advance(HOUR + 31_000)
    key = f"Bearer grk_{'a' * 13}_{'b' * 52}"  # none were made known to this process
    for bad in (f"Bearer {token}", "Bearer", "Basic bGk6", "Bearer x", key):
        with pytest.raises(Unauthenticated):
            sign_on.principal(bad)


def test_a_deployment_with_an_issuer_takes_its_tokens_alone(tmp_path: Path) -> None:
    issuer = Issuer()
    (tmp_path / "keys.json").write_bytes(issuer.published())
    settings = Settings(
        store=f"sqlite:///{tmp_path / 'graph.db'}",
        issuer=ISSUER,
        issuer_keys=str(tmp_path / "keys.json"),
    )
    sign_on = SignOn(settings, issuer.clock)
    assert sign_on.principal(f"bearer {issuer.token()}").name == "li.wei"
    own = DevelopmentIssuer(tmp_path, issuer.clock).token("li.wei", ["auditor"], [""])
    for bad in (None, "", f"Bearer {own}"):
        with pytest.raises(Unauthenticated):
            sign_on.principal(bad)
    with pytest.raises(ConfigError, match="GRAPHRISK_ISSUER_KEYS"):
        SignOn(settings.model_copy(update={"issuer_keys": None}), issuer.clock)
