"""Work over GraphQL alone: from an order to verified tasks, points, notices and the worker."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from graphrisk.centre.tasks.rules import kinds
from graphrisk.core.clock import ManualClock
from graphrisk.settings import Settings
from graphrisk.store.operations import outbox
from graphrisk.store.operations.database import Database
from graphrisk.worker.tasks import TASKS
from tests.api.serving import NOW, Document, Door, opened_door
from tests.api.town import build
from tests.principals import headers
from tests.recorded import recorded

VILLAGE = "350203001001"
PHOTO = b"\xff\xd8\xff door"
TASK = "id state assignee points area steps { action author reason proof { text latitude } }"
STEP = f"{{ changed task {{ {TASK} }} }}"
PACKAGE = f"""mutation ($id: ID!, $tasks: [NewTaskInput!]!) {{
  createTaskPackage(id: $id, tasks: $tasks) {STEP} }}"""
GRAB = f"mutation ($task: ID!, $step: ID!) {{ grabTask(task: $task, step: $step) {STEP} }}"
RETURN = f"""mutation ($task: ID!, $step: ID!) {{
  returnTask(task: $task, step: $step, reason: "ill") {STEP} }}"""
SUBMIT = f"mutation ($input: SubmitProofInput!) {{ submitProof(input: $input) {STEP} }}"
VERIFY = f"""mutation ($task: ID!, $step: ID!) {{
  verifyTask(task: $task, step: $step, isGood: true) {STEP} }}"""
CANCEL = f"""mutation ($task: ID!, $step: ID!) {{
  cancelTask(task: $task, step: $step, reason: "found") {STEP} }}"""
LISTS = """query ($after: String) {
  offers { edges { node { id } } } myTasks { edges { node { id } } }
  tasks(first: 1, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }"""
POINTS = "{ points { person balance edges { node { amount task reason } } } }"
NOTICES = """{ notices { edges { node { id template recipient state subject { zh en }
  receipts { state } } } } }"""
RESEND = "mutation ($id: ID!) { resendNotice(id: $id) { state attempts } }"
RECEIVE = "mutation ($id: ID!) { receiveNotice(id: $id, state: READ) }"
STATUS = "{ workerStatus { processes { name } jobs { name doneAt error } unplaced auditFiles } }"


def _id() -> str:
    return str(uuid.uuid4())


class Centre:
    """An api with people who sign on by tokens."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.settings = door.town.settings

    def ask(self, who: str, query: str, **variables: object) -> Document:
        """The whole answer to somebody."""
        return self.door.ask(query, variables, self._signed(who))

    def data(self, who: str, query: str, **variables: object) -> Document:
        """What somebody is answered; there must be no errors."""
        answer = self.ask(who, query, **variables)
        assert "errors" not in answer, answer["errors"]
        data: Document = answer["data"]
        return data

    def add(self, who: str, task: str, photo: bytes) -> httpx.Response:
        """How somebody who adds a photograph to a task is answered."""
        path = f"/v1/tasks/{task}/files/{hashlib.sha256(photo).hexdigest()}?name=door.jpg"
        return self.door.http.put(path, content=photo, headers=self._signed(who))

    def photo(self, who: str, task: str, sha256: str) -> httpx.Response:
        """How somebody who wants to see it is answered."""
        return self.door.http.get(f"/v1/tasks/{task}/files/{sha256}", headers=self._signed(who))

    def _signed(self, who: str) -> dict[str, str]:
        roles, area = PEOPLE[who]
        return headers(self.settings, roles=roles, areas=[area], name=who, purpose="operation")

    def code(self, who: str, query: str, **variables: object) -> str:
        """The code of the one error."""
        (error,) = self.ask(who, query, **variables)["errors"]
        return str(error["extensions"]["code"])


PEOPLE = {
    "dispatcher": (["dispatcher"], "350203"),
    "chief": (["supervisor"], "350203"),
    "anna": (["grid_worker"], f"{VILLAGE}G7"),
    "bert": (["grid_worker"], VILLAGE),
    "stranger": (["grid_worker", "supervisor"], "350205"),
}


@pytest.fixture
def centre(database_url: str, tmp_path: Path) -> Iterator[Centre]:
    settings = Settings(store=f"sqlite:///{tmp_path / 'graph.db'}", operations=database_url)
    with opened_door(build(settings, tmp_path)) as door:
        yield Centre(door)


def _work_on(centre: Centre) -> None:
    """A turn of the worker's jobs."""
    database, clock = Database(centre.settings.operations_url), ManualClock(NOW)
    with database.session() as session:
        outbox.relay(session)
    database.dispose()
    TASKS["notices"](centre.settings, clock)


def _new(kind: str) -> dict[str, str]:
    task = {"id": _id(), "kind": kind, "title": "核实商铺", "area": VILLAGE}
    return task | {"offeredTo": "grid_worker"}


def _add_photo(centre: Centre, task: str, sha256: str) -> None:
    """Its doer alone adds it; who sees the task sees it."""
    assert centre.add("bert", task, PHOTO).status_code == 403
    assert centre.add("anna", task, PHOTO).json()["media_type"] == "image/jpeg"
    assert centre.photo("chief", task, sha256).content == PHOTO
    assert centre.photo("stranger", task, sha256).status_code == 404


def test_work_from_the_order_to_the_points_over_graphql(centre: Centre) -> None:
    first, second = _new("check_place"), _new("visit")
    package = {"id": _id(), "tasks": [first, second]}
    made = centre.data("dispatcher", PACKAGE, **package)["createTaskPackage"]
    assert [one["changed"] for one in made] == [True, True]
    seen = centre.data("anna", LISTS)
    assert [edge["node"]["id"] for edge in seen["offers"]["edges"]] == [first["id"], second["id"]]
    page = seen["tasks"]
    assert (page["edges"][0]["node"]["id"], page["pageInfo"]["hasNextPage"]) == (first["id"], True)
    rest = centre.data("anna", LISTS, after=page["pageInfo"]["endCursor"])["tasks"]["edges"]
    assert [edge["node"]["id"] for edge in rest] == [second["id"]]

    step = {"task": first["id"], "step": _id()}
    grabs = [centre.data("anna", GRAB, **step)["grabTask"] for _ in "ab"]
    assert [one["changed"] for one in grabs] == [True, False]
    assert centre.code("bert", GRAB, task=first["id"], step=_id()) == "CONFLICT"
    assert centre.code("bert", RETURN, task=first["id"], step=_id()) == "FORBIDDEN"
    assert centre.data("anna", LISTS)["myTasks"]["edges"] == [{"node": {"id": first["id"]}}]

    proof = {"task": first["id"], "step": _id(), "text": "关门", "longitude": 118.1}
    assert centre.code("anna", SUBMIT, input=proof) == "BAD_INPUT", "half a position"
    proof |= {"latitude": 24.5, "files": []}
    assert centre.code("anna", SUBMIT, input=proof) == "BAD_INPUT", "no photograph"
    sha256 = hashlib.sha256(PHOTO).hexdigest()
    proof |= {"files": [{"sha256": sha256, "mediaType": "image/jpeg", "size": len(PHOTO)}]}
    assert centre.code("anna", SUBMIT, input=proof) == "BAD_INPUT", "not added yet"
    _add_photo(centre, first["id"], sha256)
    centre.data("anna", SUBMIT, input=proof)
    verify = {"task": first["id"], "step": _id()}
    assert centre.code("anna", VERIFY, **verify) == "FORBIDDEN"
    done = centre.data("chief", VERIFY, **verify)["verifyTask"]["task"]
    assert (done["state"], done["points"]) == ("DONE", kinds()["check_place"].points)
    assert [one["action"] for one in done["steps"]] == ["offer", "grab", "submit", "verify"]
    assert done["steps"][2]["proof"] == {"text": "关门", "latitude": 24.5}
    points = centre.data("anna", POINTS)["points"]
    assert (points["person"], points["balance"]) == ("anna", done["points"])
    assert points["edges"][0]["node"] == {
        "amount": done["points"], "task": first["id"], "reason": "task verified",
    }  # fmt: skip

    centre.data("bert", GRAB, task=second["id"], step=_id())
    centre.data("dispatcher", CANCEL, task=second["id"], step=_id())
    _work_on(centre)
    told = [edge["node"] for edge in centre.data("chief", NOTICES)["notices"]["edges"]]
    assert [(one["template"], one["recipient"], one["state"]) for one in told] == [
        ("task_cancelled", "person:bert", "SENT"),
    ]  # fmt: skip
    assert centre.data("bert", RECEIVE, id=told[0]["id"]) == {"receiveNotice": True}
    own = centre.data("bert", NOTICES)["notices"]["edges"][0]["node"]
    assert own["state"] == "READ"
    assert centre.data("chief", RESEND, id=told[0]["id"])["resendNotice"]["state"] == "READ"

    lines = recorded(centre.settings.audit_folder)
    assert all(one["what"] for one in lines if one["action"] in ("task.create", "task.grab"))
    assert {(one["principal"], one["action"]) for one in lines} >= {
        ("dispatcher", "task.create"), ("anna", "task.grab"), ("anna", "task.submit"),
        ("chief", "task.verify"), ("dispatcher", "task.cancel"), ("anna", "points.read"),
        ("bert", "notice.receive"), ("chief", "notice.read"),
    }  # fmt: skip


def test_who_has_no_right_or_works_elsewhere_gets_nothing(centre: Centre) -> None:
    task = _new("visit")
    package = {"id": _id(), "tasks": [task]}
    assert centre.code("anna", PACKAGE, **package) == "FORBIDDEN"
    assert centre.code("stranger", PACKAGE, **package) == "FORBIDDEN"
    centre.data("dispatcher", PACKAGE, **package)
    one = {"task": task["id"], "step": _id()}
    for query in (GRAB, VERIFY, CANCEL, RETURN):
        assert centre.code("stranger", query, **one) == "NOT_FOUND"
    seen = centre.data("stranger", LISTS)
    assert [seen[name]["edges"] for name in ("offers", "myTasks", "tasks")] == [[], [], []]
    assert centre.code("anna", '{ points(person: "bert") { balance } }') == "FORBIDDEN"
    assert centre.code("anna", STATUS) == "FORBIDDEN"
    assert centre.code("anna", '{ task(id: "no") { id } }') == "NOT_FOUND"
    status = centre.data("chief", STATUS)["workerStatus"]
    assert (status["processes"], status["jobs"], status["unplaced"] > 0) == ([], [], True)
