"""Codes are for who asked, once, and not for long."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphrisk.access.code_flow import CODE_SECONDS, CodeDesk, CodeRequest, challenge_of
from graphrisk.access.issuer import DevelopmentIssuer, person
from graphrisk.core.clock import ManualClock
from graphrisk.core.errors import BadInput, NotFound, Unauthenticated

CLIENT, BACK, VERIFIER = "console", "http://127.0.0.1:8000/console/", "v" * 43
ASKED = CodeRequest(CLIENT, BACK, challenge_of(VERIFIER))


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(1_790_000_000_000)


@pytest.fixture
def issuer(tmp_path: Path, clock: ManualClock) -> DevelopmentIssuer:
    return DevelopmentIssuer(tmp_path, clock)


@pytest.fixture
def desk(issuer: DevelopmentIssuer, clock: ManualClock) -> CodeDesk:
    return CodeDesk(issuer, clock)


def test_a_code_gives_the_picked_persons_token_once(
    desk: CodeDesk, issuer: DevelopmentIssuer
) -> None:
    code = desk.give("county.huang", ASKED)
    who = issuer.tokens().principal(desk.redeem(code, CLIENT, BACK, VERIFIER))
    assert (who.name, tuple(who.scope.areas)) == ("county.huang", person("county.huang").areas)
    with pytest.raises(Unauthenticated):
        desk.redeem(code, CLIENT, BACK, VERIFIER)


@pytest.mark.parametrize(
    ("client", "back", "verifier"),
    [
        ("another", BACK, VERIFIER),
        (CLIENT, "http://127.0.0.1:8000/elsewhere", VERIFIER),
        (CLIENT, BACK, "w" * 43),
        (CLIENT, BACK, ""),
        (CLIENT, BACK, challenge_of(VERIFIER)),
    ],
)
def test_who_did_not_ask_gets_nothing_and_the_code_is_lost(
    desk: CodeDesk, client: str, back: str, verifier: str
) -> None:
    code = desk.give("city.chen", ASKED)
    with pytest.raises(Unauthenticated):
        desk.redeem(code, client, back, verifier)
    with pytest.raises(Unauthenticated):
        desk.redeem(code, CLIENT, BACK, VERIFIER)


def test_a_code_ends_after_a_minute(desk: CodeDesk, clock: ManualClock) -> None:
    code = desk.give("city.chen", ASKED)
    clock.advance(CODE_SECONDS * 1_000)
    with pytest.raises(Unauthenticated):
        desk.redeem(code, CLIENT, BACK, VERIFIER)


def test_codes_of_who_never_comes_back_do_not_pile_up(desk: CodeDesk) -> None:
    first = desk.give("city.chen", ASKED)
    last = [desk.give("city.chen", ASKED) for _ in range(1_000)][-1]
    with pytest.raises(Unauthenticated):
        desk.redeem(first, CLIENT, BACK, VERIFIER)
    assert desk.redeem(last, CLIENT, BACK, VERIFIER)


def test_nobody_else_can_be_picked(desk: CodeDesk) -> None:
    with pytest.raises(NotFound):
        desk.give("mallory", ASKED)


@pytest.mark.parametrize(
    "asked",
    [
        CodeRequest("another", BACK, ASKED.challenge),
        CodeRequest(CLIENT, "http://elsewhere.example/console/", ASKED.challenge),
        CodeRequest(CLIENT, BACK, ""),
        CodeRequest(CLIENT, BACK, "c" * 201),
    ],
)
def test_a_request_from_elsewhere_is_refused(asked: CodeRequest) -> None:
    with pytest.raises(BadInput):
        asked.check(CLIENT, BACK)
    ASKED.check(CLIENT, BACK)
