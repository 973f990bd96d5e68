"""What a key looks like, when it is good, what it may be given, and by whom."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrisk.access.keys import rules
from graphrisk.access.keys.model import ApiKey, Grant, Secret
from graphrisk.access.model import Principal, Scope
from graphrisk.access.purposes import PURPOSES, stated_by
from graphrisk.access.rights import ROLES
from graphrisk.core.errors import BadInput, Forbidden

NOW = 1_770_000_000_000
DAY = 86_400_000
KEY_ID, SECRET, OLDER = "a" * 13, "b" * 52, "c" * 52
GRANT = Grant("bank", ("application",), ("3502",), ("screening",), NOW + DAY)


def _key(**changed: object) -> ApiKey:
    secrets = (
        Secret(1, rules.digest_of(KEY_ID, OLDER), "admin", NOW, NOW + 1_000),
        Secret(2, rules.digest_of(KEY_ID, SECRET), "admin", NOW),
    )
    return replace(ApiKey(KEY_ID, 1, GRANT, "admin", NOW, secrets), **changed)  # type: ignore[arg-type]


def test_a_key_is_prefix_id_and_256_random_bits() -> None:
    key_id, secret = rules.drawn(os.urandom, 8), rules.drawn(os.urandom, 32)
    text = rules.text_of(key_id, secret)
    assert re.fullmatch(r"grk_[a-z2-7]{13}_[a-z2-7]{52}", text)
    assert rules.read_text(text) == (key_id, secret)
    assert (rules.ID_BYTES, rules.SECRET_BYTES) == (8, 32)


def test_what_is_kept_is_a_hash_of_id_and_secret() -> None:
    said = b"graphrisk api key\0" + KEY_ID.encode() + b"\0" + SECRET.encode()
    assert rules.digest_of(KEY_ID, SECRET) == hashlib.sha256(said).hexdigest()
    assert rules.digest_of("d" * 13, SECRET) != rules.digest_of(KEY_ID, SECRET)
    assert SECRET not in repr(_key())


def test_both_secrets_work_until_the_older_ends_and_none_behind_the_keys_end() -> None:
    def good(secret: str, now: int, **changed: object) -> bool:
        return rules.admits(_key(**changed), KEY_ID, secret, now)

    assert good(OLDER, NOW + 999)
    assert good(SECRET, NOW + 999)
    assert not good(OLDER, NOW + 1_000)
    assert good(SECRET, NOW + DAY - 1)
    assert not good(SECRET, NOW + DAY)
    assert not good(SECRET, NOW, revoked_at=NOW)
    assert not good("d" * 52, NOW)
    assert not rules.admits(None, KEY_ID, SECRET, NOW)


@given(st.text(alphabet="abz27_", max_size=60), st.integers(0, 51), st.sampled_from("az27"))
def test_no_other_text_opens_a_key(other: str, place: int, sign: str) -> None:
    changed = SECRET[:place] + sign + SECRET[place + 1 :]
    for secret in {other, changed} - {SECRET, OLDER}:
        assert not rules.admits(_key(), KEY_ID, secret, NOW)


def test_a_key_stands_for_nobody_else() -> None:
    principal = rules.principal_of(_key())
    assert principal.name == f"key:bank ({KEY_ID})"
    assert (principal.roles, principal.scope) == (frozenset({"application"}), Scope(("3502",)))
    twin = _key(key_id="d" * 13)
    assert rules.principal_of(twin).name != principal.name


def test_a_role_that_keys_may_not_have_is_not_had_even_where_a_row_says_so() -> None:
    key = _key(grant=replace(GRANT, roles=("administrator", "application", "king")))
    assert rules.principal_of(key).roles == {"application"}


def test_a_key_states_the_purposes_that_it_is_bound_to_and_no_other() -> None:
    bound = rules.principal_of(_key())
    assert stated_by(bound, None, None).code == "screening"
    assert stated_by(bound, "screening", "A-7").case == "A-7"
    several = replace(bound, purposes=frozenset({"screening", "evaluation"}))
    for principal, code in ((bound, "investigation"), (several, "export"), (several, None)):
        with pytest.raises(Forbidden):
            stated_by(principal, code, None)
    person = Principal("li", frozenset({"investigator"}), Scope(("",)))
    assert {stated_by(person, code, None).code for code in PURPOSES} == set(PURPOSES)


@pytest.mark.parametrize(
    "changed",
    [
        {"name": " "}, {"name": "x" * 101}, {"name": "a\nb"}, {"roles": ()}, {"roles": ("king",)},
        *({"roles": (role,)} for role in ("administrator", "approver", "supervisor")),
        {"areas": ()}, {"areas": ("3",)}, {"areas": ("35x",)}, {"areas": tuple("3" * 99)},
        {"purposes": ()}, {"purposes": ("curiosity",)},
        {"expires_at": NOW}, {"expires_at": NOW + 366 * DAY + 1},
    ],
    ids=str,
)  # fmt: skip
def test_a_key_needs_name_role_area_purpose_and_an_end_within_a_year(
    changed: dict[str, object],
) -> None:
    with pytest.raises(BadInput):
        rules.checked(replace(GRANT, **changed), NOW)  # type: ignore[arg-type]
    assert rules.checked(replace(GRANT, expires_at=NOW + 366 * DAY), NOW)


_AREAS = st.sampled_from(["", "35", "3501", "3502", "350203", "350206", "350206001001"])


@given(
    st.sets(st.sampled_from(ROLES)), st.sets(_AREAS),
    st.sets(st.sampled_from(ROLES), min_size=1), st.sets(_AREAS, min_size=1),
)  # fmt: skip
def test_nobody_gives_more_than_he_holds(
    held: set[str], own: set[str], roles: set[str], areas: set[str]
) -> None:
    giver = Principal("li", frozenset(held), Scope(tuple(sorted(own))))
    within = all(any(area.startswith(one) for one in own) for area in areas)
    allowed = within and (roles <= held or "administrator" in held)
    try:
        rules.refuse_beyond(giver, sorted(roles), sorted(areas))
    except Forbidden:
        assert not allowed
    else:
        assert allowed
