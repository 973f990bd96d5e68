"""What is sent to keep a GraphQL service busy or to make it talk, each refused with a code.

A refusal is no more than parsing and one walk: it validates, reads and tells nothing.
"""

from __future__ import annotations

import json
from unittest.mock import ANY

import pytest

from graphrisk.api.limits import MOST_TOKENS
from graphrisk.api.overload import MOST
from tests.api.serving import RESPONSE, Door

RUN = "latestRun { id }"
LIMIT, BAD = {"LIMIT_EXCEEDED"}, {"BAD_INPUT"}


def _chain(links: int) -> str:
    fragments = "".join(f"fragment f{n} on Run {{ ...f{n + 1} }} " for n in range(links))
    return f"{{ latestRun {{ ...f0 }} }} {fragments} fragment f{links} on Run {{ id }}"


def _spread(fragments: int) -> str:
    """Each fragment asks for the run again; to merge them all they are compared two by two."""
    uses = " ".join(f"...f{n}" for n in range(fragments))
    return f"{{ {uses} }} " + " ".join(
        f"fragment f{n} on Query {{ {RUN} }}" for n in range(fragments)
    )


@pytest.mark.parametrize(
    ("document", "codes"),
    [
        ("{ " + " ".join(f"a{n}: {RUN}" for n in range(MOST["aliases"] + 1)) + " }", LIMIT),
        ("{ latestRun { " + "id " * (MOST["uses of one name in a selection"] + 1) + "} }", LIMIT),
        ("{ " + f"... {{ {RUN} }} " * 9 + "}", LIMIT),
        ("{ " + f"{RUN} " * 200 + "}", LIMIT),
        (_spread(9), LIMIT),
        (_chain(MOST["fragments"]), LIMIT),
        ("{ " + "...a " * 61 + f"}} fragment a on Query {{ {RUN} }}", LIMIT),
        ("{ latestRun { id" + " @x" * (MOST["directives"] + 1) + " } }", LIMIT),
        ("query " + "@x " * (MOST["directives"] + 1) + f"{{ {RUN} }}", LIMIT),
        ("query (" + " ".join(f"$v{n}: Int" for n in range(61)) + f") {{ {RUN} }}", LIMIT),
        ("{ latestRun { " + " ".join(f"x{n}" for n in range(MOST["fields"])) + " } }", LIMIT),
        ("{ " + "... { " * 60 + RUN + " }" * 60 + " }", LIMIT),
        ("{ " + "x " * MOST_TOKENS + "}", LIMIT),
        ("# " + "x" * 200_000 + "\n{ latestRun { nothing } }", BAD),
        ("{ findings(first: 2147483647) { total } }", BAD),
        ("{ findings(first: -1) { total } }", BAD),
        ("{ findings(first: 200) { edges { node { evidence(first: 200) { total edges { "
         "node { id } } } } } } }", LIMIT),
        ("{ __schema { types { fields { type { fields { type { fields { type { fields { "
         "name } } } } } } } } }", BAD),
        ("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", BAD),
        ("{ latestRun { idd } }", BAD),
        ("mutation { judgeIdentity { changed } }", BAD),
    ],
    ids=[
        "aliases", "fields", "inline fragments", "objects", "fragments", "chain of fragments",
        "uses of a fragment", "directives of a field", "directives of an operation", "variables",
        "unknown fields", "depth of inline fragments", "tokens", "a long comment",
        "a page of two billion", "a negative page", "pages within pages", "circular introspection",
        "cycle of fragments", "a misspelt field", "a mutation without its input",
    ],
)  # fmt: skip
def test_overload_is_refused(door: Door, document: str, codes: set[str]) -> None:
    answer = door.ask(document)
    assert not any((answer.get("data") or {}).values())
    assert {one["extensions"]["code"] for one in answer["errors"]} == codes
    assert len(answer["errors"]) <= 11
    assert "Did you mean" not in json.dumps(answer)


def test_what_stays_below_is_answered(door: Door) -> None:
    most = MOST["uses of one name in a selection"]
    assert door.data("{ latestRun { " + "id " * most + "} }") == {"latestRun": {"id": "run-2"}}
    assert door.data(_spread(most)) == {"latestRun": {"id": "run-2"}}
    assert door.data(_chain(MOST["fragments"] - 1)) == {"latestRun": {"id": "run-2"}}


def test_batches_are_not_answered(door: Door) -> None:
    body = [{"query": f"{{ {RUN} }}"}] * 2
    answer = door.http.post("/graphql", json=body, headers={"accept": RESPONSE})
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (
        400,
        "BAD_INPUT",
    )


@pytest.mark.parametrize("kind", ["mutation", "subscription"])
def test_nothing_but_queries_by_get(door: Door, kind: str) -> None:
    answer = door.http.get("/graphql", params={"query": f"{kind} {{ __typename }}"})
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_INPUT"


@pytest.mark.parametrize(
    "media", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"]
)
def test_no_body_that_a_foreign_page_could_send(door: Door, media: str) -> None:
    """A browser sends these without asking the service first whether it may."""
    answer = door.http.post(
        "/graphql", content=b"query=%7BlatestRun%7Bid%7D%7D", headers={"content-type": media}
    )
    assert answer.status_code == 415
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_INPUT"


def test_no_trace_leaves_the_service(door: Door) -> None:
    headers = {
        "apollo-tracing": "1",
        "x-apollo-tracing": "1",
        "apollo-federation-include-trace": "ftv1",
    }
    answer = door.ask(f"{{ {RUN} }}", headers=headers)
    assert answer["extensions"] == {"cost": ANY}
    refused = door.ask("{ latestRun { id(", headers=headers)["errors"][0]
    assert refused.keys() == {"message", "locations", "extensions"}
    assert refused["extensions"] == {"code": "BAD_INPUT"}


def test_ten_megabytes_are_not_even_read(door: Door) -> None:
    body = b'{"query": "' + b"x" * 10_000_000 + b'"}'
    answer = door.http.post("/graphql", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert answer.json()["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"
