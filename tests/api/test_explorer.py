"""The page that a browser gets: from nowhere else, under a policy that lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
import re

from graphrisk.api.samples import THREE_QUERIES
from tests.api.serving import Door

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_a_browser_gets_the_page_and_a_program_does_not(door: Door) -> None:
    page = door.http.get("/graphql", headers={"accept": BROWSER})
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    asked = door.http.get("/graphql", headers={"accept": "*/*"})
    assert asked.status_code == 400
    assert "query is missing" in asked.text
    query = {"query": "{ latestRun { id } }"}
    answer = door.http.get("/graphql", params=query, headers={"accept": BROWSER})
    assert answer.json()["data"]["latestRun"]["id"] == "run-2"


def test_the_policy_allows_the_script_and_style_of_the_page_and_nothing_else(door: Door) -> None:
    page = door.http.get("/graphql", headers={"accept": BROWSER})
    policy = dict(
        part.split(" ", 1) for part in page.headers["content-security-policy"].split("; ")
    )
    assert policy["default-src"] == "'none'"
    for name in ("script", "style"):
        (inside,) = re.findall(rf"<{name}>(.*?)</{name}>", page.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert policy[f"{name}-src"] == f"'sha256-{digest}'"
    assert "unsafe" not in page.headers["content-security-policy"]


def test_the_page_needs_nothing_from_elsewhere(door: Door) -> None:
    text = door.http.get("/graphql", headers={"accept": BROWSER}).text
    assert re.findall(r'(?:src|href)="(?!data:)', text) == []
    assert re.findall(r"https?://", text) == []
    assert "/*" not in text.split("</style>")[1]  # every mark was filled


def test_the_page_offers_the_three_queries_in_both_languages(door: Door) -> None:
    text = door.http.get("/graphql", headers={"accept": BROWSER}).text
    for title, _ in THREE_QUERIES:
        chinese, english = title.split(" · ")
        assert chinese in text
        assert english in text
    texts = re.findall(r'data-zh="([^"]*)"\s+data-en="([^"]*)"', text)
    assert len(texts) >= 7
    assert all(zh and en and zh != en for zh, en in texts)
