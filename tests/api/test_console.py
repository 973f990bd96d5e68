"""The console's files and the demo's sign-in, over HTTP."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from graphrisk.access.code_flow import challenge_of
from graphrisk.access.purposes import PURPOSES
from graphrisk.api.console import console_routes
from graphrisk.core.clock import ManualClock
from graphrisk.settings import Settings
from tests.api.serving import NOW, Door, served

VERIFIER = "v" * 43


def _base(door: Door) -> str:
    return str(door.http.base_url).rstrip("/")


def _asked(door: Door, **changes: str) -> dict[str, str]:
    return {
        "response_type": "code",
        "client_id": "graphrisk-console",
        "redirect_uri": f"{_base(door)}/console/",
        "state": "s1",
        "code_challenge": challenge_of(VERIFIER),
        "code_challenge_method": "S256",
        **changes,
    }


def test_the_page_is_served_under_a_policy_that_lets_nothing_else_in(door: Door) -> None:
    page = door.http.get("/console/")
    assert page.status_code == 200
    assert door.http.get("/console").headers["location"] == "/console/"
    parts = page.headers["content-security-policy"].split("; ")
    policy = dict(part.split(" ", 1) for part in parts)
    assert policy["default-src"] == "'none'"
    assert [policy[f"{name}-src"] for name in ("script", "style", "connect")] == ["'self'"] * 3
    assert "unsafe" not in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-cache"


def test_built_files_are_kept_for_good_and_packed_for_who_takes_it(door: Door) -> None:
    page = door.http.get("/console/").text
    (script,) = re.findall(r'src="(/console/assets/[^"]+\.js)"', page)
    packed = door.http.get(script, headers={"accept-encoding": "gzip"})
    plain = door.http.get(script, headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) == len(gzip.compress(plain.content))
    assert "immutable" in plain.headers["cache-control"]
    assert plain.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("name", ["nothing.js", "../__init__.py", "..%2f__init__.py", "assets"])
def test_nothing_else_is_served(door: Door, name: str) -> None:
    assert door.http.get(f"/console/{name}").status_code == 404


def test_the_page_is_told_where_to_sign_in_and_for_what_one_may_read(door: Door) -> None:
    told = door.http.get("/console/config.json").json()
    assert [one["code"] for one in told["purposes"]] == list(PURPOSES)
    assert all(one["zh"] and one["en"] for one in told["purposes"])
    found = door.http.get(told["discovery"]).json()
    assert found["authorization_endpoint"] == f"{_base(door)}/development/authorize"
    assert found["code_challenge_methods_supported"] == ["S256"]


def test_somebody_is_picked_and_his_token_taken(door: Door) -> None:
    asked = _asked(door)
    page = door.http.get("/development/authorize", params=asked)
    assert "county.huang" in page.text
    assert "unsafe" not in page.headers["content-security-policy"]
    sent = door.http.post("/development/authorize", params=asked, data={"person": "county.huang"})
    assert sent.status_code == 303
    back = urlsplit(sent.headers["location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == asked["redirect_uri"]
    given = parse_qs(back.query)
    assert given["state"] == ["s1"]
    form = {
        "grant_type": "authorization_code",
        "code": given["code"][0],
        "client_id": asked["client_id"],
        "redirect_uri": asked["redirect_uri"],
        "code_verifier": VERIFIER,
    }
    told = door.http.post("/development/token", data=form).json()
    headers = {"authorization": f"Bearer {told['access_token']}"}
    assert door.data("{ me { name } }", headers=headers)["me"]["name"] == "county.huang"
    again = door.http.post("/development/token", data=form)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "http://elsewhere.example/console/"},
        {"client_id": "another"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"response_type": "token"},
    ],
)
def test_codes_go_to_the_console_alone(door: Door, changes: dict[str, str]) -> None:
    asked = _asked(door, **changes)
    for answer in (
        door.http.get("/development/authorize", params=asked),
        door.http.post("/development/authorize", params=asked, data={"person": "city.chen"}),
    ):
        assert answer.status_code == 400
        assert "location" not in answer.headers


def test_a_person_who_is_none_and_a_form_without_end_are_refused(door: Door) -> None:
    asked = _asked(door)
    for data, status in (({"person": "mallory"}, 404), ({"person": "x" * 20_000}, 400)):
        answer = door.http.post("/development/authorize", params=asked, data=data)
        assert answer.status_code == status


@pytest.fixture
def deployed(tmp_path: Path) -> Iterator[httpx.Client]:
    """The console of a deployment with an issuer of its own."""
    from starlette.applications import Starlette

    settings = Settings(
        store=f"sqlite:///{tmp_path / 'graph.db'}",
        issuer="https://id.example/city",
        issuer_keys=str(tmp_path / "keys.json"),
    )
    app = Starlette(routes=console_routes(settings, ManualClock(NOW)))
    with served(app) as url, httpx.Client(base_url=url) as http:
        yield http


def test_with_an_issuer_the_page_may_ask_it_and_no_demo_account_is_there(
    deployed: httpx.Client,
) -> None:
    told = deployed.get("/console/config.json").json()
    assert told["discovery"] == "https://id.example/city/.well-known/openid-configuration"
    policy = deployed.get("/console/").headers["content-security-policy"]
    assert "connect-src 'self' https://id.example;" in policy
    for name in (".well-known/openid-configuration", "authorize", "token"):
        assert deployed.get(f"/development/{name}").status_code == 404
