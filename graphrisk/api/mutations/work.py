"""Mutations of work: what people do with tasks and notices."""

from __future__ import annotations

import strawberry

from graphrisk.api.context import Asked
from graphrisk.api.inputs import bounded, text_of
from graphrisk.api.types.notices import Notice, notice_of
from graphrisk.api.types.tasks import (
    NewTaskInput,
    SubmitProofInput,
    TaskPayload,
    new_task,
    payload_of,
    proof_of,
)
from graphrisk.centre.notices.model import NoticeState
from graphrisk.centre.tasks.rules import LONGEST_NAME

_LONGEST_REASON = 2_000


@strawberry.type
class WorkMutations:
    """One method a decision. The id of a task or step is a UUID that its sender made."""

    @strawberry.field(description="Make a task: offered to a role, or assigned to somebody.")
    async def create_task(self, info: Asked, input: NewTaskInput) -> TaskPayload:
        """One task."""
        context = info.context
        made = await context.ask(context.work.tasks.create, *context.asker, [new_task(input)])
        return payload_of(made[0])

    @strawberry.field(description="Make many tasks of one order, together or not at all.")
    async def create_task_package(
        self, info: Asked, id: strawberry.ID, tasks: list[NewTaskInput]
    ) -> list[TaskPayload]:
        """A package of up to 200."""
        context = info.context
        bounded([task.id for task in tasks], "tasks")
        asked = [new_task(task) for task in tasks]
        made = await context.ask(
            context.work.tasks.create, *context.asker, asked, text_of(id, "id")
        )
        return [payload_of(one) for one in made]

    @strawberry.field(
        description="Take an offered task. Of all who try one gets it; the others hear CONFLICT."
    )
    async def grab_task(self, info: Asked, task: strawberry.ID, step: strawberry.ID) -> TaskPayload:
        """Exactly once."""
        context = info.context
        grab = context.work.tasks.grab
        return payload_of(await context.ask(grab, *context.asker, *_ids(task, step)))

    @strawberry.field(description="Give one's task back to those it was offered to.")
    async def return_task(
        self, info: Asked, task: strawberry.ID, step: strawberry.ID, reason: str
    ) -> TaskPayload:
        """Back to the group."""
        context, why = info.context, text_of(reason, "reason", _LONGEST_REASON)
        give_back = context.work.tasks.give_back
        return payload_of(await context.ask(give_back, *context.asker, *_ids(task, step), why))

    @strawberry.field(description="Give one's task to another doer.")
    async def hand_over_task(
        self, info: Asked, task: strawberry.ID, step: strawberry.ID, to: str, reason: str
    ) -> TaskPayload:
        """To somebody else."""
        context, said = info.context, _named(to, reason)
        hand_over = context.work.tasks.hand_over
        return payload_of(await context.ask(hand_over, *context.asker, *_ids(task, step), *said))

    @strawberry.field(description="Give an open task to somebody, whoever has it now.")
    async def assign_task(
        self, info: Asked, task: strawberry.ID, step: strawberry.ID, to: str, reason: str
    ) -> TaskPayload:
        """By who gives out tasks."""
        context, said = info.context, _named(to, reason)
        assign = context.work.tasks.assign
        return payload_of(await context.ask(assign, *context.asker, *_ids(task, step), *said))

    @strawberry.field(description="Hand in what proves that one's task is done.")
    async def submit_proof(self, info: Asked, input: SubmitProofInput) -> TaskPayload:
        """As the kind of the task asks."""
        context, proof = info.context, proof_of(input)
        submit = context.work.tasks.submit
        ids = _ids(input.task, input.step)
        return payload_of(await context.ask(submit, *context.asker, *ids, proof))

    @strawberry.field(
        description="Accept the proof of a task, which earns its points, or refuse it, with a "
        "reason. Never by anybody who submitted a proof of it."
    )
    async def verify_task(
        self,
        info: Asked,
        task: strawberry.ID,
        step: strawberry.ID,
        is_good: bool,
        reason: str = "",
    ) -> TaskPayload:
        """By another person."""
        context, why = info.context, text_of(reason, "reason", _LONGEST_REASON)
        verify = context.work.tasks.verify
        ids = _ids(task, step)
        return payload_of(await context.ask(verify, *context.asker, *ids, is_good, why))

    @strawberry.field(description="End an open task undone.")
    async def cancel_task(
        self, info: Asked, task: strawberry.ID, step: strawberry.ID, reason: str
    ) -> TaskPayload:
        """With a reason."""
        context, why = info.context, text_of(reason, "reason", _LONGEST_REASON)
        cancel = context.work.tasks.cancel
        return payload_of(await context.ask(cancel, *context.asker, *_ids(task, step), why))

    @strawberry.field(
        description="Have a notice that was given up or refused tried anew; others stay as they "
        "are."
    )
    async def resend_notice(self, info: Asked, id: strawberry.ID) -> Notice:
        """Under its old id."""
        context = info.context
        resend = context.work.notices.resend
        return notice_of(await context.ask(resend, *context.asker, text_of(id, "id")))

    @strawberry.field(
        description="Say what became of a notice: its recipient that he read it, the service that "
        "sends notices on what it knows. False when it was said before."
    )
    async def receive_notice(self, info: Asked, id: strawberry.ID, state: NoticeState) -> bool:
        """A receipt."""
        context = info.context
        receive = context.work.notices.receive
        return await context.ask(receive, *context.asker, text_of(id, "id"), state)


def _ids(task: strawberry.ID, step: strawberry.ID) -> tuple[str, str]:
    return text_of(task, "task"), text_of(step, "step")


def _named(to: str, reason: str) -> tuple[str, str]:
    return text_of(to, "to", LONGEST_NAME), text_of(reason, "reason", _LONGEST_REASON)
