"""From delivered files to an explained ring over GraphQL alone, with a client nobody here wrote."""

from __future__ import annotations

import csv
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from gql import Client, gql
from gql.transport.httpx import HTTPXTransport
from httpx_sse import connect_sse

from graphrisk import client as graphrisk_client
from graphrisk.api import inputs, limits, over_http, query
from graphrisk.api.ids import PublicIds
from graphrisk.api.samples import THREE_QUERIES
from graphrisk.client.operations.findings import findings
from graphrisk.settings import Settings
from tests.cli.processes import free_ports, said, started
from tests.journeys.factory import Document
from tests.journeys.small import small_city

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
CASE = {"x-purpose": "investigation", "x-case": "A-2026-7"}


@dataclass(frozen=True)
class Service:
    """A running deployment of a small city."""

    graphql: str
    scores: str
    city: Path
    cli: Any

    def ask(self, text: str, variables: Document | None = None) -> Document:
        """Through the `gql` client, which fetches the schema and checks the query against it."""
        transport = HTTPXTransport(url=self.graphql, headers=CASE, timeout=60)
        with Client(transport=transport, fetch_schema_from_transport=True) as session:
            document = gql(text)
            document.variable_values = variables
            answer: Document = session.execute(document)
            return answer

    def following(self, text: str) -> Document:
        """The first that a subscription tells, from the beginning of all events on."""
        settings = Settings(store=self.cli.store, data_dir=self.cli.data_dir)
        before = PublicIds(settings.id_secret_bytes).cursor("events", 0)
        asked = {"query": text.replace("events(", f'events(after: "{before}", ')}
        with (
            httpx.Client(timeout=60) as http,
            connect_sse(http, "POST", self.graphql, json=asked, headers={**CASE}) as source,
        ):
            told: Document = json.loads(next(source.iter_sse()).data)["data"]["events"]
            return told


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Files, graph, findings, and all three processes."""
    small = small_city(tmp_path_factory)
    cli = small.copied(tmp_path_factory.mktemp("service"))
    with started("up", "--json", env=cli.environment() | free_ports()) as process:
        told = said(process)
        yield Service(told["graphql"], told["scores"], small.city, cli)


@pytest.fixture(scope="module")
def some(service: Service) -> dict[str, str]:
    """Ids that examples are asked with: a ring, and the first and last of its accounts."""
    found = service.ask(
        """{ findings(kind: "laundering_cycle", first: 1) { edges { node {
          id members(first: 50) { edges { node { id } } } } } } }"""
    )
    (row,) = found["findings"]["edges"]
    members = [one["node"]["id"] for one in row["node"]["members"]["edges"]]
    return {"finding": row["node"]["id"], "account": members[0], "other": members[-1]}


def test_a_ring_is_followed_down_to_the_lines_of_the_banks_file(
    service: Service, some: dict[str, str]
) -> None:
    found = service.ask(
        """query ($id: ID!) { finding(id: $id) { kind reasons { sentence { zh en } }
          members { edges { node { role entity { key } } } }
          evidence(first: 200) { total edges { node { kind source { key } target { key }
            properties { name value } provenance { file row } } } } } }""",
        {"id": some["finding"]},
    )["finding"]
    accounts = {row["node"]["entity"]["key"] for row in found["members"]["edges"]}
    with (service.city / "transfers.csv").open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.reader(stream))
    head = lines[0]
    edges = [row["node"] for row in found["evidence"]["edges"]]
    assert found["evidence"]["total"] == len(edges)
    transfers = [edge for edge in edges if edge["kind"] == "TRANSFERRED"]
    assert len(transfers) >= 3
    for edge in transfers:
        assert edge["provenance"]["file"] == "transfers.csv"
        line = dict(zip(head, lines[edge["provenance"]["row"] - 1], strict=True))
        values = {one["name"]: one["value"] for one in edge["properties"]}
        assert line["serial"] == values["serial"]
        assert round(float(line["amount_yuan"]) * 100) == values["amount"]
        assert (line["from_account"], line["to_account"]) == (
            edge["source"]["key"],
            edge["target"]["key"],
        )
        assert {edge["source"]["key"], edge["target"]["key"]} <= accounts


def test_every_finding_of_the_command_line_is_listed_by_graphql(service: Service) -> None:
    held = service.cli.json("findings")["findings"]
    with graphrisk_client.Client(service.graphql) as client:
        listed = list(client.each(findings(first=3)))
    assert [(one.id, one.kind, one.score) for one in listed] == [
        (one["id"], one["kind"], one["score"]) for one in held
    ]


def test_the_scores_process_says_what_graphql_says(service: Service, some: dict[str, str]) -> None:
    found = service.ask(
        "query ($id: ID!) { entity(id: $id) { score { value run { id } } } }",
        {"id": some["account"]},
    )["entity"]["score"]
    told = httpx.get(f"{service.scores}/v1/scores/{some['account']}").json()
    assert (told["score"], told["run"]) == (found["value"], found["run"]["id"])
    assert told["score"] > 0.5


@pytest.mark.parametrize(("title", "text"), THREE_QUERIES)
def test_the_queries_the_demo_offers_find_something(
    service: Service, title: str, text: str
) -> None:
    chinese, english = title.split(" · ")
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    assert english
    (part,) = service.ask(text).values()
    assert part.get("edges") or part.get("entities")


def _blocks(language: str) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    assert found
    return found


@pytest.mark.parametrize("number", range(len(_blocks("graphql"))))
def test_the_queries_of_the_page_run_as_they_stand(
    service: Service, some: dict[str, str], number: int
) -> None:
    text = _blocks("graphql")[number]
    if text.startswith("subscription"):
        assert service.following(text)["node"]["kind"] == "detection.finished"
        return
    asked = {name: some[name] for name in re.findall(r"\$(\w+): ID!", text)}
    for name, part in service.ask(text, asked).items():
        assert part is not None, name


def test_the_commands_of_the_page_are_answered(service: Service, some: dict[str, str]) -> None:
    shapes = [json.loads(block) for block in _blocks("json")]
    for block in _blocks("sh"):
        answer = _curl(block, service, some)
        assert answer.status_code == 200, answer.text
        document = answer.json()
        if "data" in document:
            assert "errors" not in document
        else:
            assert _shape(document) == _shape(shapes[1])
    stranger = '{ entity(id: "person_0000000000001") { id } }'
    told = httpx.post(service.graphql, json={"query": stranger}).json()
    assert _shape(told) == _shape(shapes[0])


def test_the_python_of_the_page_runs(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = _blocks("python")
    text = block.replace("http://127.0.0.1:8000/graphql", service.graphql)
    assert text != block
    exec(compile(text, str(PAGE), "exec"), {})
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + len(service.cli.json("findings")["findings"])


def test_the_limits_of_the_page_are_those_of_the_code() -> None:
    page = PAGE.read_text()
    for text in (
        f"| {inputs.MOST_ROWS} (`trace`: {query.MOST_STEPS:,}) |",
        f"| hops of a path or trace | {query.MOST_HOPS} |",
        f"| tokens of a document | {limits.MOST_TOKENS:,} |",
        f"| levels of an operation | {limits.MOST_DEPTH} |",
        f"| aliases of an operation | {limits.MOST_ALIASES} |",
        f"by its page sizes | {limits.MOST_COST:,} |",
        f"| body | {over_http.MOST_BODY_BYTES:,} bytes |",
    ):
        assert text in page, text


def _curl(block: str, service: Service, some: dict[str, str]) -> httpx.Response:
    """What the command asks, of this service in place of the demo's."""
    words = shlex.split(block.replace("\\\n", " "))
    assert words[0] == "curl"
    options = [(words[n - 1], word) for n, word in enumerate(words) if words[n - 1] in {"-H", "-d"}]
    headers = dict(value.split(": ", 1) for option, value in options if option == "-H")
    body = next((value for option, value in options if option == "-d"), None)
    url = words[1].replace("http://127.0.0.1:8000/graphql", service.graphql)
    url = url.replace("http://127.0.0.1:8001", service.scores)
    url = re.sub(r"account_\w+", some["account"], url)
    return httpx.request("POST" if body else "GET", url, headers=headers, content=body, timeout=60)


def _shape(value: object) -> object:
    """Names and types without the values."""
    if isinstance(value, dict):
        return {name: _shape(inner) for name, inner in value.items()}
    return [_shape(value[0])] if isinstance(value, list) and value else type(value)
