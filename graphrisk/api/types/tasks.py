"""Tasks over GraphQL: what stands, what was done with it, and what is sent to change it."""

from __future__ import annotations

import strawberry

from graphrisk.api.context import Asked
from graphrisk.api.inputs import text_of
from graphrisk.api.types.pages import PageInfo, page_info
from graphrisk.api.types.scalars import DateTime, Long, time_of
from graphrisk.api.types.vocabulary import Words
from graphrisk.centre.tasks import model
from graphrisk.centre.tasks.points import Account
from graphrisk.centre.tasks.rules import LONGEST_NAME, LONGEST_TEXT, LONGEST_TITLE, machine
from graphrisk.core.errors import BadInput

strawberry.enum(model.TaskState, name="TaskState", description="Where a task stands.")
_E7 = 10**7


@strawberry.type(description="A file that proves something, by what it holds.")
class ProofFile:
    """Named by its hash."""

    sha256: str
    media_type: str
    size: Long = strawberry.field(description="Bytes.")


@strawberry.type(description="What a doer handed in.")
class TaskProof:
    """Text, files, position."""

    text: str
    files: list[ProofFile]
    longitude: float | None = strawberry.field(description="WGS-84, degrees.")
    latitude: float | None = strawberry.field(description="WGS-84, degrees.")
    taken_at: DateTime | None = strawberry.field(description="When it was recorded on the spot.")


@strawberry.type(description="What somebody did with a task; never changed.")
class TaskStep:
    """A step of its history."""

    action: str
    label: Words
    author: str
    reason: str
    at: DateTime
    assignee: str | None = strawberry.field(description="Whose the task was from then on.")
    proof: TaskProof | None


@strawberry.type(description="Work for one person.")
class Task:
    """As it stands."""

    id: strawberry.ID
    package_id: strawberry.ID | None
    kind: str
    kind_label: Words
    title: str
    instructions: str
    area: str
    state: model.TaskState
    state_label: Words
    offered_to: str | None = strawberry.field(description="The role whose people may grab it.")
    assignee: str | None
    case_id: strawberry.ID | None
    created_by: str
    created_at: DateTime
    due_at: DateTime
    expires_at: DateTime | None = strawberry.field(
        description="When an offer lapses that nobody took."
    )
    points: int = strawberry.field(description="What it earns its doer once it is verified.")
    steps: list[TaskStep] = strawberry.field(description="In the order they were taken.")


@strawberry.type(description="A task in a page of tasks.")
class TaskEdge:
    """A row of a page."""

    cursor: str
    node: Task


@strawberry.type(description="A page of tasks, in the order they were made.")
class TaskConnection:
    """A cursor stays good."""

    edges: list[TaskEdge]
    page_info: PageInfo


@strawberry.type(description="A task after what was asked for.")
class TaskPayload:
    """The answer to a step."""

    task: Task
    changed: bool = strawberry.field(description="False when it had been done before.")


@strawberry.input(description="A task to be made. Its id, a UUID, is made by who asks for it.")
class NewTaskInput:
    """Offered to a role, or assigned to somebody."""

    id: strawberry.ID
    kind: str
    title: str
    area: str
    instructions: str = ""
    offered_to: str | None = None
    assignee: str | None = None
    case_id: strawberry.ID | None = None
    due_at: DateTime | None = None
    expires_at: DateTime | None = None


@strawberry.input(description="A file, by what it holds.")
class ProofFileInput:
    """Named by its hash."""

    sha256: str
    media_type: str
    size: int


@strawberry.input(description="What proves that a task is done, as its kind asks.")
class SubmitProofInput:
    """The step's id, a UUID, is made by the device that sends it."""

    task: strawberry.ID
    step: strawberry.ID
    text: str = ""
    files: list[ProofFileInput] = strawberry.field(default_factory=list)
    longitude: float | None = None
    latitude: float | None = None
    taken_at: DateTime | None = None


@strawberry.type(description="An entry of the book as it changed somebody's points.")
class PointsLine:
    """One award, spending or reversal."""

    amount: int
    reason: str
    at: DateTime
    task: strawberry.ID | None


@strawberry.type(description="An entry in a page of entries.")
class PointsEdge:
    """A row of a page."""

    cursor: str
    node: PointsLine


@strawberry.type(description="Somebody's points: the balance, and what led to it, latest first.")
class Points:
    """An account of the book of points."""

    person: str
    balance: Long
    edges: list[PointsEdge]
    page_info: PageInfo


def task_of(one: model.Task) -> Task:
    """A task as GraphQL says it."""
    state = machine().states[one.state.value]
    return Task(
        id=strawberry.ID(one.task_id),
        package_id=None if one.package_id is None else strawberry.ID(one.package_id),
        kind=one.kind.name,
        kind_label=Words(zh=one.kind.zh, en=one.kind.en),
        title=one.title,
        instructions=one.instructions,
        area=one.area,
        state=one.state,
        state_label=Words(zh=state.zh, en=state.en),
        offered_to=one.offered_to,
        assignee=one.assignee,
        case_id=None if one.case_id is None else strawberry.ID(one.case_id),
        created_by=one.created_by,
        created_at=DateTime(one.created_at),
        due_at=DateTime(one.due_at),
        expires_at=time_of(one.expires_at),
        points=one.kind.points,
        steps=[_step(step) for step in one.steps],
    )


def payload_of(taken: model.Taken) -> TaskPayload:
    """The answer to a step as GraphQL says it."""
    return TaskPayload(task=task_of(taken.task), changed=taken.changed)


def tasks_page(info: Asked, page: model.TaskPage, after: str | None) -> TaskConnection:
    """A page of tasks as GraphQL says it."""
    ids = info.context.ids
    rows = [
        TaskEdge(cursor=ids.cursor("tasks", one.number), node=task_of(one)) for one in page.items
    ]
    return TaskConnection(
        edges=rows, page_info=page_info([row.cursor for row in rows], page.has_next, after)
    )


def points_of(info: Asked, account: Account, after: str | None) -> Points:
    """An account as GraphQL says it."""
    rows = [
        PointsEdge(
            cursor=info.context.ids.cursor("points", line.number),
            node=PointsLine(
                amount=line.amount,
                reason=line.entry.reason,
                at=DateTime(line.entry.at),
                task=None if line.entry.award is None else strawberry.ID(line.entry.award.task),
            ),
        )
        for line in account.lines
    ]
    return Points(
        person=account.person,
        balance=Long(account.balance),
        edges=rows,
        page_info=page_info([row.cursor for row in rows], account.has_next, after),
    )


def new_task(said: NewTaskInput) -> model.NewTask:
    """What is to be made, its texts checked."""
    optional = {"offeredTo": said.offered_to, "assignee": said.assignee, "caseId": said.case_id}
    offered_to, assignee, case_id = (
        None if value is None else text_of(value, name, LONGEST_NAME)
        for name, value in optional.items()
    )
    return model.NewTask(
        task_id=text_of(said.id, "id"),
        kind=text_of(said.kind, "kind"),
        title=text_of(said.title, "title", LONGEST_TITLE),
        area=text_of(said.area, "area"),
        instructions=text_of(said.instructions, "instructions", LONGEST_TEXT),
        offered_to=offered_to,
        assignee=assignee,
        case_id=case_id,
        due_at=said.due_at,
        expires_at=said.expires_at,
    )


def proof_of(said: SubmitProofInput) -> model.Proof:
    """The proof that is handed in; ``BadInput`` for half a position."""
    if (said.longitude is None) != (said.latitude is None):
        raise BadInput("a position has a longitude and a latitude")
    position = None
    if said.longitude is not None and said.latitude is not None:
        position = model.Position(round(said.longitude * _E7), round(said.latitude * _E7))
    return model.Proof(
        text=text_of(said.text, "text", LONGEST_TEXT),
        files=tuple(model.FileRef(one.sha256, one.media_type, one.size) for one in said.files),
        position=position,
        taken_at=said.taken_at,
    )


def _step(one: model.TaskStep) -> TaskStep:
    return TaskStep(
        action=one.step.action,
        label=Words(**machine().words[one.step.action]),
        author=one.step.author,
        reason=one.step.reason,
        at=DateTime(one.step.at),
        assignee=one.assignee,
        proof=None if one.proof is None else _proof(one.proof),
    )


def _proof(one: model.Proof) -> TaskProof:
    files = [
        ProofFile(sha256=file.sha256, media_type=file.media_type, size=Long(file.size))
        for file in one.files
    ]
    place = one.position
    return TaskProof(
        text=one.text,
        files=files,
        longitude=None if place is None else place.lon_e7 / _E7,
        latitude=None if place is None else place.lat_e7 / _E7,
        taken_at=time_of(one.taken_at),
    )
