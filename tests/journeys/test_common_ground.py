"""The common ground: from delivered files to a verdict that the next run has heard, over GraphQL.

Each step is taken by somebody who has just the rights for it, given to him over GraphQL too.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from graphrisk.access.issuer import DevelopmentIssuer
from graphrisk.api.deployment import opened_api
from graphrisk.core.clock import ManualClock
from graphrisk.ingest.load import load
from graphrisk.ingest.service import Sources
from graphrisk.settings import Settings
from graphrisk.worker.tasks import TASKS
from graphrisk_loaders.synth.city import write_city
from tests.api.serving import Document, served
from tests.api.town import opened
from tests.effort import LONG
from tests.loaders.synth.own import preset_of

NOW = 1_790_000_000_000  # 2026-09-21, later than all that is delivered
DAY = 86_400_000
PHOTO = b"\xff\xd8\xff the shop's door"
ADD = "mutation ($input: AddPrincipalInput!) { addPrincipal(input: $input) { name } }"
GRANT = "mutation ($input: GrantRightsInput!) { grantRights(input: $input) { id state } }"
AGREE = "mutation ($input: GrantInput!) { approveGrant(input: $input) { state } }"
FINDINGS = """{ latestRun { snapshotChange } findings(first: 5) { total edges { node {
  id kind score redacted reasons { code } } } } }"""
MEMBERS = """query ($id: ID!) { finding(id: $id) { kind score reasons { code values { name value } }
  members(first: 50) { edges { node { role entity { id kind caption redacted } } } } } }"""
OPEN = "mutation ($input: OpenCaseInput!) { openCase(input: $input) { id number state } }"
TAKE = "mutation ($input: CaseOrderInput!) { takeCase(input: $input) { state holder } }"
TASK = "mutation ($input: NewTaskInput!) { createTask(input: $input) { task { id state } } }"
GRAB = "mutation ($t: ID!, $s: ID!) { grabTask(task: $t, step: $s) { task { assignee } } }"
PROVE = "mutation ($input: SubmitProofInput!) { submitProof(input: $input) { task { state } } }"
VERIFY = """mutation ($t: ID!, $s: ID!) { verifyTask(task: $t, step: $s, isGood: true) {
  task { state } } }"""
CLOSE = """mutation ($input: CaseOrderInput!) { closeCase(input: $input, verdict: CONFIRMED) {
  state verdict } }"""
LABEL = """query ($id: ID!) { entity(id: $id) { neighbours(edgeKind: CONCERNS, direction: IN,
  first: 5) { edges { edge { properties { name value } } node { caption } } } } }"""


@dataclass
class Town:
    """A served deployment that keeps rights as rows, and people of it."""

    settings: Settings
    clock: ManualClock
    http: httpx.Client
    cases: dict[str, str] = field(default_factory=dict)  # whose requests name which case

    def headers(self, name: str | None) -> dict[str, str]:
        if name is None:
            return {}
        token = DevelopmentIssuer(self.settings.folder, self.clock).token(name, [], [])
        asked = {"authorization": f"Bearer {token}"}
        return asked | ({"x-case": self.cases[name]} if name in self.cases else {})

    def ask(self, name: str | None, query: str, **variables: object) -> Document:
        body = {"query": query, "variables": variables}
        answer: Document = self.http.post("/graphql", json=body, headers=self.headers(name)).json()
        return answer

    def data(self, name: str | None, query: str, **variables: object) -> Document:
        answer = self.ask(name, query, **variables)
        assert "errors" not in answer, answer["errors"]
        data: Document = answer["data"]
        return data

    def known(self, name: str, role: str, area: str) -> None:
        """Somebody gets a role over GraphQL; of an elevated one a second person agrees."""
        self.data(None, ADD, input={"name": name, "title": "", "area": area})
        said = {"principal": name, "roles": [role], "areas": [area], "reason": "posted"}
        grant = self.data(None, GRANT, input={**said, "until": "2027-01-01T00:00:00Z"})
        if grant["grantRights"]["state"] == "PROPOSED":
            agreed = {"grant": grant["grantRights"]["id"], "reason": "known"}
            assert self.data("root", AGREE, input=agreed)["approveGrant"]["state"] == "GIVEN"

    def work(self, job: str) -> str:
        """One of the worker's jobs."""
        return TASKS[job](self.settings, self.clock)


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Iterator[Town]:
    settings = Settings(
        store=f"sqlite:///{tmp_path / 'graph.db'}",
        operations=database_url,
        rights="rows",
        case_demanded="role:investigator",
    )
    clock = ManualClock(NOW)
    preset = preset_of(
        tmp_path, {"laundering_cycle": 4, "scam_cell": 4}, people=700, cells=8, days=14
    )
    write_city(preset, 7, tmp_path / "city", lambda *_: None)
    with opened(settings) as (store, database):
        database.migrate()
        sources = Sources(database, clock)
        report = load(
            store,
            settings.folder,
            tmp_path / "city",
            clock=clock,
            sources=sources,
            progress=lambda *_: None,
        )
        assert [file.error for file in report.files if file.error] == []
    with (
        opened_api(settings, clock) as app,
        served(app) as url,
        httpx.Client(base_url=url, timeout=120) as http,
    ):
        yield Town(settings, clock, http)


@pytest.mark.parametrize(
    "database_url", ["postgresql", *(["sqlite"] if LONG else [])], indirect=True
)
def test_from_delivered_files_to_a_verdict_that_the_next_run_has_heard(town: Town) -> None:
    assert town.work("detect").startswith("run ")
    town.known("root", "administrator", "")
    for name, role in (("li", "investigator"), ("chen", "supervisor"), ("wang", "grid_worker")):
        town.known(name, role, "3502")
    assert town.ask("nobody", FINDINGS)["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    listed = town.data("li", FINDINGS)
    first = listed["findings"]["edges"][0]["node"]
    assert first["reasons"]
    case = _case(town, first["id"])
    _task(town, case["id"])
    assert town.work("detect").startswith("nothing changed"), "work is no fact of the graph"
    _close(town, case["id"])
    member = _members(town, first["id"])[0]
    town.work("cases")
    (edge,) = town.data("li", LABEL, id=member["id"])["entity"]["neighbours"]["edges"]
    assert edge["node"]["caption"] == case["number"]
    values = {one["name"]: one["value"] for one in edge["edge"]["properties"]}
    assert (values["verdict"], values["finding"]) == (1, first["id"]), "1: confirmed"
    town.clock.advance(DAY)
    assert town.work("detect").startswith("run ")
    after = town.data("li", FINDINGS)
    seen = [one["latestRun"]["snapshotChange"] for one in (listed, after)]
    assert seen[0] < seen[1], "the run saw the verdict, the one thing that changed"
    assert first["id"] in [edge["node"]["id"] for edge in after["findings"]["edges"]]


def _case(town: Town, finding: str) -> Document:
    new = {"id": str(uuid.uuid4()), "title": "涉诈团伙", "area": "350203", "findingIds": [finding]}
    refused = town.ask("wang", OPEN, input=new)
    assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    case: Document = town.data("li", OPEN, input=new)["openCase"]
    taken = town.data("li", TAKE, input={"caseId": case["id"]})["takeCase"]
    assert taken == {"state": "HELD", "holder": "li"}
    person = town.ask("li", 'query { search(text: "王") { total } }')
    assert person["errors"][0]["extensions"]["code"] == "CASE_REQUIRED"
    town.cases["li"] = case["number"]
    assert town.data("li", 'query { search(text: "王") { total } }')["search"]["total"] > 0
    return case


def _task(town: Town, case: str) -> None:
    """A visit: given out, grabbed, photographed, verified by another person."""
    task = {"id": str(uuid.uuid4()), "kind": "check_place", "title": "核实", "area": "350203001001"}
    town.data("li", TASK, input={**task, "offeredTo": "grid_worker", "caseId": case})
    grabbed = town.data("wang", GRAB, t=task["id"], s=str(uuid.uuid4()))["grabTask"]["task"]
    assert grabbed["assignee"] == "wang"
    sha256 = hashlib.sha256(PHOTO).hexdigest()
    files = [{"sha256": sha256, "mediaType": "image/jpeg", "size": len(PHOTO)}]
    proof: Document = {"task": task["id"], "step": str(uuid.uuid4()), "text": "关门"}
    proof |= {"longitude": 118.1, "latitude": 24.5, "files": files}
    path = f"/v1/tasks/{task['id']}/files/{sha256}?name=door.jpg"
    added = town.http.put(path, content=PHOTO, headers=town.headers("wang"))
    assert added.status_code == 200, added.text
    town.data("wang", PROVE, input=proof)
    done = town.data("chen", VERIFY, t=task["id"], s=str(uuid.uuid4()))["verifyTask"]["task"]
    assert done["state"] == "DONE"


def _close(town: Town, case: str) -> None:
    closed = town.data("li", CLOSE, input={"caseId": case, "reason": "核实属实"})["closeCase"]
    assert closed == {"state": "CLOSED", "verdict": "CONFIRMED"}


def _members(town: Town, finding: str) -> list[Document]:
    found = town.data("li", MEMBERS, id=finding)["finding"]["members"]["edges"]
    return [edge["node"]["entity"] for edge in found]
